import type { ByteStore, WritableTableStorage } from './byte-source.ts'
import { CasatableError } from './casatable-error.ts'
import { normalizePath } from './table-path.ts'

/** Files in memory: for tests, for tables that come out of an archive, and for tables that are never to reach a disk. */
export class MemoryStorage implements WritableTableStorage {
  private readonly files = new Map<string, Uint8Array>()
  private readonly directories = new Set<string>()

  /** Puts a file, with the directories it is in. */
  put(path: string, bytes: Uint8Array): void {
    const name = normalizePath(path)
    this.files.set(name, bytes)
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1))
      this.directories.add(name.slice(0, slash))
  }

  /** The content of a file. */
  get(path: string): Uint8Array {
    const bytes = this.files.get(normalizePath(path))
    if (bytes === undefined) throw new CasatableError('expected a readable file, got none', { file: path })
    return bytes
  }

  /** Names of all files. */
  list(): string[] {
    return [...this.files.keys()]
  }

  open(path: string): ByteStore {
    this.get(path)
    return new MemoryFile(path, this)
  }

  openForUpdate(path: string): ByteStore {
    return this.open(path)
  }

  create(path: string): ByteStore {
    this.put(path, new Uint8Array(0))
    return this.open(path)
  }

  isFile(path: string): boolean {
    return this.files.has(normalizePath(path))
  }

  isDirectory(path: string): boolean {
    const name = normalizePath(path)
    return name === '.' || name === '/' || this.directories.has(name)
  }

  makeDirectory(path: string): void {
    this.directories.add(normalizePath(path))
  }

  rename(from: string, to: string): void {
    const bytes = this.get(from)
    this.files.delete(normalizePath(from))
    this.put(to, bytes)
  }

  remove(path: string): void {
    const name = normalizePath(path)
    for (const file of this.list()) if (file === name || file.startsWith(`${name}/`)) this.files.delete(file)
    for (const directory of this.directories)
      if (directory === name || directory.startsWith(`${name}/`)) this.directories.delete(directory)
  }
}

class MemoryFile implements ByteStore {
  readonly name: string
  private readonly storage: MemoryStorage

  constructor(name: string, storage: MemoryStorage) {
    this.name = name
    this.storage = storage
  }

  get size(): number {
    return this.storage.get(this.name).length
  }

  readInto(offset: number, into: Uint8Array): void {
    const bytes = this.storage.get(this.name)
    if (offset + into.length > bytes.length)
      throw new CasatableError(`expected ${into.length} bytes, got the end of the file; it is truncated`, {
        file: this.name,
        offset,
      })
    into.set(bytes.subarray(offset, offset + into.length))
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset + bytes.length > this.size) this.truncate(offset + bytes.length)
    this.storage.get(this.name).set(bytes, offset)
  }

  truncate(size: number): void {
    const old = this.storage.get(this.name)
    const bytes = new Uint8Array(size)
    bytes.set(old.subarray(0, Math.min(size, old.length)))
    this.storage.put(this.name, bytes)
  }

  sync(): void {}

  close(): void {}
}
