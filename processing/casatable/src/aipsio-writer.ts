import { AIPSIO_MAGIC } from './aipsio-reader.ts'

/** Writes casacore's AipsIO serialisation into memory; the counterpart of `AipsioReader`. */
export class AipsioWriter {
  private buffer = new Uint8Array(256)
  private view = new DataView(this.buffer.buffer)
  private length = 0
  private depth = 0
  private readonly littleEndian: boolean

  constructor(littleEndian = false) {
    this.littleEndian = littleEndian
  }

  /** What has been written so far, as a copy. */
  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  /** Writes one whole object; `write` writes what it contains. */
  object(type: string, version: number, write: () => void): void {
    if (this.depth === 0) this.uint32(AIPSIO_MAGIC)
    this.depth++
    const begin = this.length
    this.uint32(0)
    this.string(type)
    this.uint32(version)
    write()
    this.view.setUint32(begin, this.length - begin, this.littleEndian)
    this.depth--
  }

  bool(value: boolean): void {
    this.uint8(value ? 1 : 0)
  }

  uint8(value: number): void {
    const at = this.grow(1)
    this.view.setUint8(at, value)
  }

  int16(value: number): void {
    const at = this.grow(2)
    this.view.setInt16(at, value, this.littleEndian)
  }

  int32(value: number): void {
    const at = this.grow(4)
    this.view.setInt32(at, value, this.littleEndian)
  }

  uint32(value: number): void {
    const at = this.grow(4)
    this.view.setUint32(at, value, this.littleEndian)
  }

  int64(value: number | bigint): void {
    const at = this.grow(8)
    this.view.setBigInt64(at, BigInt(value), this.littleEndian)
  }

  float32(value: number): void {
    const at = this.grow(4)
    this.view.setFloat32(at, value, this.littleEndian)
  }

  float64(value: number): void {
    const at = this.grow(8)
    this.view.setFloat64(at, value, this.littleEndian)
  }

  string(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.uint32(bytes.length)
    this.raw(bytes)
  }

  raw(bytes: Uint8Array): void {
    const at = this.grow(bytes.length)
    this.buffer.set(bytes, at)
  }

  /** Makes room for `n` more bytes and returns where they begin. */
  private grow(n: number): number {
    const begin = this.length
    this.length += n
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.buffer.length))
      larger.set(this.buffer.subarray(0, begin))
      this.buffer = larger
      this.view = new DataView(larger.buffer)
    }
    return begin
  }
}
