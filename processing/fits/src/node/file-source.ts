import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type ByteSource, memorySource, requireRange } from '../byte-source.ts'
import { FitsError } from '../fits-error.ts'
import { type FitsFile, readFits } from '../hdu.ts'

/** An opened file; `stateKey` changes when the file does (size, modification time, inode). */
export interface OpenedFits extends FitsFile {
  readonly path: string
  readonly stateKey: string
  close(): Promise<void>
}

/** Largest size a gzip file may unpack to; it is unpacked into memory. */
const MAX_UNPACKED_BYTES = 2 ** 31

/**
 * Opens a FITS file (also gzip-compressed, told by its content) and parses its headers.
 * @throws FitsError when the file is missing, unreadable, a directory, truncated, or not FITS
 */
export async function openFits(path: string, options: { signal?: AbortSignal } = {}): Promise<OpenedFits> {
  options.signal?.throwIfAborted()
  const handle = await openForReading(path)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) {
      throw new FitsError(
        `expected a FITS file, got ${stat.isDirectory() ? 'a directory' : 'something that is not a regular file'} (${path})`,
        { path },
      )
    }
    const stateKey = `${stat.ino}:${stat.size}:${stat.mtimeMs}`
    const source = await packedOrPlain(handle, path, stat.size)
    const file = await readFits(source)
    return { ...file, path, stateKey, close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'no permission to read it' : `${code}`
    throw new FitsError(`expected a FITS file, got ${reason} (${path}): check the path`, { path, code }, cause)
  }
}

async function packedOrPlain(handle: FileHandle, path: string, size: number): Promise<ByteSource> {
  const source = handleSource(handle, path, size)
  if (size < 2) return source
  const magic = await source.read(0, 2)
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return source
  const packed = await source.read(0, size)
  try {
    const bytes = await promisify(gunzip)(packed, { maxOutputLength: MAX_UNPACKED_BYTES })
    return memorySource(bytes, path)
  } catch (cause) {
    throw new FitsError(
      `expected a complete gzip file of at most 2 GiB unpacked, got ${(cause as Error).message} (${path}): unpack it with gunzip to see what is wrong`,
      { path },
      cause,
    )
  }
}

function handleSource(handle: FileHandle, path: string, size: number): ByteSource {
  return {
    name: path,
    size,
    async read(offset, length) {
      requireRange(path, size, offset, length)
      const bytes = new Uint8Array(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) requireRange(path, offset + done, offset, length)
        done += bytesRead
      }
      return bytes
    },
  }
}
