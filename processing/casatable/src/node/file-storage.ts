import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { ByteSource, TableStorage } from '../byte-source.ts'
import { CasatableError } from '../casatable-error.ts'

/** One read call moves at most this much: some systems stop at 2 GiB. */
const MAX_READ_BYTES = 1 << 30

/** A file on disk, opened for positional reading. */
export class FileSource implements ByteSource {
  readonly name: string
  readonly size: number
  private readonly descriptor: number
  private closed = false

  constructor(path: string) {
    this.name = path
    try {
      this.descriptor = openSync(path, 'r')
    } catch (cause) {
      throw new CasatableError('expected a readable file, got none', { file: path }, cause)
    }
    this.size = fstatSync(this.descriptor).size
  }

  readInto(offset: number, into: Uint8Array): void {
    if (this.closed) throw new CasatableError('expected an open file, got one already closed', { file: this.name })
    for (let done = 0; done < into.length; ) {
      const n = readSync(this.descriptor, into, done, Math.min(MAX_READ_BYTES, into.length - done), offset + done)
      if (n === 0)
        throw new CasatableError(
          `expected ${into.length - done} more bytes, got the end of the file; it is truncated`,
          {
            file: this.name,
            offset: offset + done,
          },
        )
      done += n
    }
  }

  close(): void {
    if (!this.closed) closeSync(this.descriptor)
    this.closed = true
  }
}

/** The file system, for reading. */
export class FileStorage implements TableStorage {
  open(path: string): ByteSource {
    return new FileSource(path)
  }

  isFile(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  }

  isDirectory(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  }
}
