/** A file opened for positional reading. Reads are synchronous: a table is many small structures that point to each other. */
export interface ByteSource {
  /** Path or other name, for messages. */
  readonly name: string
  /** Length in bytes when opened (kept up to date by writes through the same object). */
  readonly size: number
  /**
   * Fills `into` from byte `offset` on.
   * @throws CasatableError when the file ends before `into` is full
   */
  readInto(offset: number, into: Uint8Array): void
  close(): void
}

/** A file opened for positional writing, too. */
export interface ByteStore extends ByteSource {
  write(offset: number, bytes: Uint8Array): void
  /** Makes the file `size` bytes long; new bytes are zero. */
  truncate(size: number): void
  /** Hands everything written to the operating system's disk. */
  sync(): void
}

/**
 * The directory tree tables live in: what the format needs of a file system, so that the same code reads disks and
 * memory. Paths are separated by '/'.
 */
export interface TableStorage {
  /** @throws CasatableError when there is no such file */
  open(path: string): ByteSource
  isFile(path: string): boolean
  isDirectory(path: string): boolean
}

/** A storage that can be changed. */
export interface WritableTableStorage extends TableStorage {
  /** Opens an existing file for update. */
  openForUpdate(path: string): ByteStore
  /** Creates the file, or empties it. */
  create(path: string): ByteStore
  makeDirectory(path: string): void
  /** Replaces `to` by `from` in one step. */
  rename(from: string, to: string): void
  remove(path: string): void
}
