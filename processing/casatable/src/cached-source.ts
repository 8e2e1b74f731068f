import type { ByteSource, ByteStore } from './byte-source.ts'
import { CasatableError } from './casatable-error.ts'

const BLOCK_BYTES = 1 << 18
const MAX_BLOCKS = 24
/** Reads at least this long bypass the blocks. */
const DIRECT_BYTES = 1 << 18

/**
 * Reads small pieces of a file through blocks kept in memory (the latest used 6 MiB), large ones directly.
 *
 * **Invariant:** blocks equal the file as long as every write goes through `invalidate`.
 */
export class CachedSource {
  protected readonly source: ByteSource
  private readonly blocks = new Map<number, Uint8Array<ArrayBuffer>>()
  private scratch = new Uint8Array(0)
  /** The bytes `seek` found; valid until the next call of any method. */
  window: Uint8Array = new Uint8Array(0)
  private lastIndex = -1
  private lastBlock: Uint8Array<ArrayBuffer> | null = null

  constructor(source: ByteSource) {
    this.source = source
  }

  get name(): string {
    return this.source.name
  }

  get size(): number {
    return this.source.size
  }

  /** An error that names this file. */
  error(message: string, offset?: number): CasatableError {
    return new CasatableError(message, { file: this.name, offset })
  }

  /** Finds bytes without making a view: they begin at the returned position of `window`. */
  seek(offset: number, length: number): number {
    const index = Math.floor(offset / BLOCK_BYTES)
    const begin = offset - index * BLOCK_BYTES
    if (offset >= 0 && begin + length <= BLOCK_BYTES && offset + length <= this.size) {
      this.window = this.block(index)
      return begin
    }
    this.window = this.view(offset, length)
    return 0
  }

  /** The bytes from `offset` on: a view that the next call may overwrite. */
  view(offset: number, length: number): Uint8Array {
    this.check(offset, length)
    const index = Math.floor(offset / BLOCK_BYTES)
    const begin = offset - index * BLOCK_BYTES
    if (begin + length <= BLOCK_BYTES) return this.block(index).subarray(begin, begin + length)
    if (this.scratch.length < length) this.scratch = new Uint8Array(length)
    const piece = this.scratch.subarray(0, length)
    this.readInto(offset, piece)
    return piece
  }

  /** Copies the bytes from `offset` on into `target`. */
  readInto(offset: number, target: Uint8Array): void {
    this.check(offset, target.length)
    if (target.length >= DIRECT_BYTES) {
      this.source.readInto(offset, target)
      return
    }
    for (let done = 0; done < target.length; ) {
      const index = Math.floor((offset + done) / BLOCK_BYTES)
      const begin = offset + done - index * BLOCK_BYTES
      const n = Math.min(BLOCK_BYTES - begin, target.length - done)
      target.set(this.block(index).subarray(begin, begin + n), done)
      done += n
    }
  }

  /** Reads past the blocks: for pieces that are used once. */
  readDirect(offset: number, target: Uint8Array): void {
    this.check(offset, target.length)
    this.source.readInto(offset, target)
  }

  /** Forgets what was read: the file has been written to. */
  invalidate(): void {
    this.blocks.clear()
    this.lastIndex = -1
    this.lastBlock = null
  }

  close(): void {
    this.invalidate()
    this.source.close()
  }

  /** Drops the blocks that overlap a stretch of the file. */
  protected forget(offset: number, length: number): void {
    const last = Math.floor((offset + length) / BLOCK_BYTES)
    for (let index = Math.floor(offset / BLOCK_BYTES); index <= last; index++) this.blocks.delete(index)
    this.lastIndex = -1
    this.lastBlock = null
  }

  /** Brings a block in memory up to date; false when the stretch is not within one block in memory. */
  protected patch(offset: number, bytes: Uint8Array): boolean {
    const index = Math.floor(offset / BLOCK_BYTES)
    const block = this.blocks.get(index)
    const begin = offset - index * BLOCK_BYTES
    if (block === undefined || begin + bytes.length > block.length) return false
    block.set(bytes, begin)
    return true
  }

  private check(offset: number, length: number): void {
    if (offset < 0 || !(offset + length <= this.size))
      throw this.error(`expected ${length} bytes, got a file of ${this.size} bytes; it is truncated or damaged`, offset)
  }

  private block(index: number): Uint8Array<ArrayBuffer> {
    if (index === this.lastIndex && this.lastBlock !== null) return this.lastBlock
    let block = this.blocks.get(index)
    if (block === undefined) {
      const begin = index * BLOCK_BYTES
      block = new Uint8Array(Math.min(BLOCK_BYTES, this.size - begin))
      this.source.readInto(begin, block)
      if (this.blocks.size >= MAX_BLOCKS) this.blocks.delete(this.blocks.keys().next().value as number)
    } else this.blocks.delete(index)
    this.blocks.set(index, block)
    this.lastIndex = index
    this.lastBlock = block
    return block
  }
}

/** A cached file that can be written: writes go through to the file and to the blocks. */
export class WritableSource extends CachedSource {
  private readonly store: ByteStore

  constructor(store: ByteStore) {
    super(store)
    this.store = store
  }

  /** Writes bytes, extending the file where they go beyond its end. */
  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.store.write(offset, bytes)
    if (!this.patch(offset, bytes)) this.forget(offset, bytes.length)
  }

  /** Makes the file at least `size` bytes long; new bytes are zero. */
  extend(size: number): void {
    if (size <= this.size) return
    this.forget(this.size, size - this.size)
    this.store.truncate(size)
  }

  sync(): void {
    this.store.sync()
  }
}
