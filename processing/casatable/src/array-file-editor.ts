import { ARRAY_FILE_HEADER_BYTES, ArrayFile } from './array-file.ts'
import type { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import { elementCount } from './cell-value.ts'
import { encodeValues, packBits } from './decode-values.ts'
import { type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** Strings are referred to by 32-bit offsets. */
const MAX_STRING_OFFSET = 2 ** 32

/** The file of indirect arrays, for writing: new arrays go to the end, one of the same shape is overwritten. */
export class ArrayFileEditor extends ArrayFile {
  private readonly store: WritableSource
  private changed = false

  constructor(store: WritableSource, littleEndian: boolean) {
    super(store, littleEndian)
    this.store = store
  }

  /** Writes the head of a new file. */
  static initialize(store: WritableSource, littleEndian: boolean, withReferenceCount: boolean): void {
    const head = new Uint8Array(ARRAY_FILE_HEADER_BYTES)
    new DataView(head.buffer).setUint32(0, withReferenceCount ? 1 : 0, littleEndian)
    new DataView(head.buffer).setBigInt64(4, BigInt(ARRAY_FILE_HEADER_BYTES), littleEndian)
    store.write(0, head)
  }

  /** Adds an array without values. */
  add(shape: readonly number[], dataBytes: number): number {
    const offset = Math.ceil(this.used / 8) * 8
    const nHead = (this.hasReferenceCount ? 1 : 0) + 1 + shape.length
    const head = new Uint8Array(4 * nHead)
    const numbers = [...(this.hasReferenceCount ? [1] : []), shape.length, ...shape]
    for (const [i, number] of numbers.entries()) new DataView(head.buffer).setInt32(4 * i, number, this.littleEndian)
    this.store.extend(offset + head.length + dataBytes)
    this.store.write(offset, head)
    this.used = offset + head.length + dataBytes
    this.changed = true
    return offset
  }

  /** Adds an array of numbers. */
  addNumeric(type: NumericType, shape: readonly number[], source: NumericArray, at: number): number {
    const n = elementCount(shape)
    const offset = this.add(shape, type === 'bool' ? Math.ceil(n / 8) : n * numericLayout(type).bytes)
    this.putNumeric(type, offset, source, at)
    return offset
  }

  /** Gives the array at `offset` new values. */
  putNumeric(type: NumericType, offset: number, source: NumericArray, at: number): void {
    const { shape, dataOffset } = this.array(offset)
    const n = elementCount(shape)
    const bytes = new Uint8Array(type === 'bool' ? Math.ceil(n / 8) : n * numericLayout(type).bytes)
    if (type === 'bool') packBits(source as Uint8Array, at, n, bytes, 0)
    else encodeValues(type, source, at, n, this.littleEndian, bytes)
    this.store.write(dataOffset, bytes)
  }

  /** Adds an array of strings. */
  addStrings(shape: readonly number[], strings: readonly string[]): number {
    const offset = this.add(shape, 4 * strings.length)
    const { dataOffset } = this.array(offset)
    const references = new DataView(new ArrayBuffer(4 * strings.length))
    for (const [i, text] of strings.entries()) {
      if (text === '') continue
      if (this.used >= MAX_STRING_OFFSET)
        throw new CasatableError('expected at most 4 GiB of strings in a file, got more', { file: this.store.name })
      const characters = new TextEncoder().encode(text)
      const bytes = new Uint8Array(4 + characters.length)
      new DataView(bytes.buffer).setUint32(0, characters.length, this.littleEndian)
      bytes.set(characters, 4)
      references.setUint32(4 * i, this.used, this.littleEndian)
      this.store.write(this.used, bytes)
      this.used += bytes.length
    }
    this.store.write(dataOffset, new Uint8Array(references.buffer))
    return offset
  }

  flush(): void {
    if (!this.changed) return
    const length = new Uint8Array(8)
    new DataView(length.buffer).setBigInt64(0, BigInt(this.used), this.littleEndian)
    this.store.write(4, length)
    this.changed = false
  }
}
