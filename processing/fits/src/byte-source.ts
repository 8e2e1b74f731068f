import { FitsError } from './fits-error.ts'

/** Bytes of a file, wherever they are: memory, a file handle, a blob behind HTTP. */
export interface ByteSource {
  /** What error messages call it; normally the path. */
  readonly name: string
  /** Size in bytes. */
  readonly size: number
  /**
   * @returns exactly `length` bytes from `offset`, in a fresh buffer (byte offset 0) that the caller owns.
   * @throws FitsError when the range is not inside the source.
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** A source over bytes in memory; `read` copies. */
export function memorySource(bytes: Uint8Array, name = 'memory'): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      requireRange(name, bytes.length, offset, length)
      return bytes.slice(offset, offset + length) as Uint8Array<ArrayBuffer>
    },
  }
}

/**
 * Refuses a read beyond the end before anything is allocated for it.
 * @throws FitsError
 */
export function requireRange(name: string, size: number, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0) {
    if (offset + length <= size) return
  }
  throw new FitsError(
    `expected ${length} bytes at byte ${offset}, got a file of ${size} bytes (${name}): the file is truncated or its header is damaged; copy or download it again`,
    { file: name, offset, length, size },
  )
}
