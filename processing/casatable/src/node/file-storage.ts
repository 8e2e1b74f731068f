import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { ByteSource, ByteStore, TableStorage, WritableTableStorage } from '../byte-source.ts'
import { CasatableError } from '../casatable-error.ts'

/** One call moves at most this much: some systems stop at 2 GiB. */
const MAX_CALL_BYTES = 1 << 30

/** A file on disk, opened for positional reading. */
export class FileSource implements ByteSource {
  readonly name: string
  size: number
  protected readonly descriptor: number
  private closed = false

  constructor(path: string, flags = 'r') {
    this.name = path
    try {
      this.descriptor = openSync(path, flags)
    } catch (cause) {
      throw new CasatableError('expected a readable file, got none', { file: path }, cause)
    }
    this.size = fstatSync(this.descriptor).size
  }

  readInto(offset: number, into: Uint8Array): void {
    if (this.closed) throw new CasatableError('expected an open file, got one already closed', { file: this.name })
    for (let done = 0; done < into.length; ) {
      const n = readSync(this.descriptor, into, done, Math.min(MAX_CALL_BYTES, into.length - done), offset + done)
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

/** A file on disk, opened for positional reading and writing. */
export class FileStore extends FileSource implements ByteStore {
  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.descriptor, bytes, done, Math.min(MAX_CALL_BYTES, bytes.length - done), offset + done)
    this.size = Math.max(this.size, offset + bytes.length)
  }

  truncate(size: number): void {
    ftruncateSync(this.descriptor, size)
    this.size = size
  }

  sync(): void {
    fsyncSync(this.descriptor)
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

/** The file system, for reading and writing. */
export class WritableFileStorage extends FileStorage implements WritableTableStorage {
  openForUpdate(path: string): ByteStore {
    return new FileStore(path, 'r+')
  }

  create(path: string): ByteStore {
    return new FileStore(path, 'w+')
  }

  makeDirectory(path: string): void {
    mkdirSync(path)
  }

  rename(from: string, to: string): void {
    renameSync(from, to)
  }

  remove(path: string): void {
    rmSync(path, { recursive: true, force: true })
  }
}
