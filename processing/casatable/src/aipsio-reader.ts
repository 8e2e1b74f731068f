import { CasatableError } from './casatable-error.ts'

/** Marks the start of an outermost AipsIO object. */
export const AIPSIO_MAGIC = 0xbebebebe

/** An AipsIO object being read: its type's version and where it ends. */
export interface AipsioObject {
  readonly type: string
  readonly version: number
  /** Offset of the first byte after the object. */
  readonly end: number
}

/** Objects nested deeper than this are refused: real tables stay below ten. */
const MAX_DEPTH = 64

/**
 * Reads casacore's AipsIO serialisation from memory: typed values one after the other, grouped into nested objects that
 * carry a type name, a version and their length.
 *
 * **Invariant:** no value is read beyond the end of the innermost open object, and every array is checked against the
 * bytes left before it is allocated.
 */
export class AipsioReader {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly file: string
  private readonly fileOffset: number
  private readonly littleEndian: boolean
  private readonly ends: number[] = []
  private limit: number
  position = 0

  /**
   * @param bytes - the serialised object(s)
   * @param file - name for messages
   * @param littleEndian - false for table.dat and the tiled headers, the table's byte order for bucket files
   * @param fileOffset - where in the file `bytes` starts, for messages
   */
  constructor(bytes: Uint8Array, file: string, littleEndian = false, fileOffset = 0) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.file = file
    this.fileOffset = fileOffset
    this.littleEndian = littleEndian
    this.limit = bytes.byteLength
  }

  /** Bytes left in the innermost open object. */
  get remaining(): number {
    return this.limit - this.position
  }

  /** An error that names the file and the current position. */
  error(message: string): CasatableError {
    return new CasatableError(message, { file: this.file, offset: this.fileOffset + this.position })
  }

  /**
   * Opens an object.
   * @param expected - type names allowed; a trailing '*' stands for any continuation
   * @param maxVersion - highest version understood
   */
  start(expected: string | readonly string[], maxVersion: number): AipsioObject {
    if (this.ends.length >= MAX_DEPTH) throw this.error(`expected at most ${MAX_DEPTH} nested objects, got more`)
    if (this.ends.length === 0) {
      const magic = this.uint32()
      if (magic !== AIPSIO_MAGIC) throw this.error(`expected the AipsIO mark bebebebe, got ${magic.toString(16)}`)
    }
    const begin = this.position
    const length = this.uint32()
    const end = begin + length
    if (length < 12 || end > this.limit)
      throw this.error(`expected an object of 12 to ${this.limit - begin} bytes, got ${length}; the file is damaged`)
    this.ends.push(this.limit)
    this.limit = end
    const type = this.string()
    const version = this.uint32()
    const names = typeof expected === 'string' ? [expected] : expected
    if (!names.some(name => (name.endsWith('*') ? type.startsWith(name.slice(0, -1)) : type === name)))
      throw this.error(`expected an object of type ${names.join(' or ')}, got '${printable(type)}'`)
    if (version > maxVersion)
      throw this.error(
        `expected ${type} of version ${maxVersion} at most, got ${version}; it was written by newer software`,
      )
    return { type, version, end }
  }

  /** Closes the innermost object, which must have been read to its end. */
  finish(object: AipsioObject): void {
    if (this.position !== object.end)
      throw this.error(`expected ${object.type} to end at byte ${this.fileOffset + object.end}, got another end`)
    this.limit = this.ends.pop() as number
  }

  /** Reads one whole object. */
  object<T>(expected: string | readonly string[], maxVersion: number, read: (version: number) => T): T {
    const object = this.start(expected, maxVersion)
    const value = read(object.version)
    this.finish(object)
    return value
  }

  bool(): boolean {
    const value = this.bytes[this.take(1)]
    if (value > 1) throw this.error(`expected a Bool of 0 or 1, got ${value}`)
    return value === 1
  }

  uint8(): number {
    return this.bytes[this.take(1)]
  }

  int8(): number {
    return this.view.getInt8(this.take(1))
  }

  int16(): number {
    return this.view.getInt16(this.take(2), this.littleEndian)
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), this.littleEndian)
  }

  int32(): number {
    return this.view.getInt32(this.take(4), this.littleEndian)
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), this.littleEndian)
  }

  bigInt64(): bigint {
    return this.view.getBigInt64(this.take(8), this.littleEndian)
  }

  float32(): number {
    return this.view.getFloat32(this.take(4), this.littleEndian)
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), this.littleEndian)
  }

  /** A 64-bit count or offset. */
  size64(): number {
    const value = this.bigInt64()
    if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER))
      throw this.error(`expected a count or offset below 2^53, got ${value}`)
    return Number(value)
  }

  string(): string {
    const length = this.uint32()
    return decodeText(this.raw(length))
  }

  /** The next `length` bytes, as a view. */
  raw(length: number): Uint8Array {
    const begin = this.take(length)
    return this.bytes.subarray(begin, begin + length)
  }

  /** Checks a count of things that take at least `bytesEach` bytes each. */
  count(n: number, bytesEach: number, what: string): number {
    if (n * bytesEach > this.remaining)
      throw this.error(
        `expected at most ${Math.floor(this.remaining / bytesEach)} ${what}, got ${n}; the file is damaged`,
      )
    return n
  }

  private take(length: number): number {
    const begin = this.position
    if (length > this.limit - begin)
      throw this.error(`expected ${length} more bytes, got ${this.limit - begin}; the file is truncated or damaged`)
    this.position = begin + length
    return begin
  }
}

/** Text as casacore keeps it: bytes, read as UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > 64) return new TextDecoder().decode(bytes)
  let text = ''
  for (const byte of bytes) {
    if (byte >= 0x80) return new TextDecoder().decode(bytes)
    text += String.fromCharCode(byte)
  }
  return text
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')
}
