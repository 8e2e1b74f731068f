import { decodeNumbers, encodeNumbers, type RawNumbers } from './big-endian.ts'
import { FitsError } from './fits-error.ts'
import type { FitsFile, Hdu } from './hdu.ts'
import { padded } from './hdu.ts'
import { FitsHeader } from './header.ts'

/** Pixels of an image HDU; the first axis (NAXIS1) is the fastest. */
export interface FitsPixels<T extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly shape: readonly number[]
  readonly pixels: T
}

/**
 * Reads the pixels of an image HDU, scaled by BSCALE and BZERO; integers equal to BLANK become NaN.
 * @param precision - 'float32' suits images in the sky's units; 'float64' keeps 32-bit and 64-bit values
 * @returns a new array, [NAXIS1, NAXIS2, …] with NAXIS1 fastest
 * @throws FitsError when the HDU is not an image or the file ends too early
 */
export async function readImagePixels(file: FitsFile, hdu: Hdu, precision: 'float32'): Promise<FitsPixels<Float32Array>>
export async function readImagePixels(file: FitsFile, hdu: Hdu, precision: 'float64'): Promise<FitsPixels<Float64Array>>
export async function readImagePixels(file: FitsFile, hdu: Hdu, precision: 'float32' | 'float64'): Promise<FitsPixels> {
  if (hdu.kind !== 'image' || hdu.axes.length === 0) {
    throw new FitsError(`expected an image, got ${describeKind(hdu)} (${hdu.header.where})`, { kind: hdu.kind })
  }
  const raw = decodeNumbers(await file.source.read(hdu.dataOffset, hdu.dataBytes), hdu.bitpix)
  const scale = hdu.header.number('BSCALE', 1)
  const zero = hdu.header.number('BZERO', 0)
  const blank = hdu.bitpix > 0 && hdu.header.has('BLANK') ? hdu.header.integer('BLANK') : null
  return { shape: hdu.axes, pixels: toFloating(raw, scale, zero, blank, precision) }
}

function describeKind(hdu: Hdu): string {
  if (hdu.kind === 'groups') return 'random groups (UVFITS): this is visibility data'
  return hdu.kind === 'image' ? 'an empty HDU' : `a ${hdu.kind}`
}

function toFloating(
  raw: RawNumbers,
  scale: number,
  zero: number,
  blank: number | null,
  precision: 'float32' | 'float64',
): Float32Array | Float64Array {
  const unscaled = scale === 1 && zero === 0
  if (unscaled && precision === 'float32' && raw instanceof Float32Array) return raw
  if (unscaled && precision === 'float64' && raw instanceof Float64Array) return raw
  const out = precision === 'float32' ? new Float32Array(raw.length) : new Float64Array(raw.length)
  for (let i = 0; i < raw.length; i++) {
    const value = Number(raw[i])
    out[i] = value === blank ? Number.NaN : value * scale + zero
  }
  return out
}

/** What to write as an image HDU. */
export interface ImageToWrite {
  /** NAXIS1 first (fastest). */
  readonly shape: readonly number[]
  readonly pixels: Float32Array | Float64Array | Int16Array | Int32Array | Uint8Array
  /** Cards after the mandatory ones; SIMPLE, XTENSION, BITPIX, NAXISn, PCOUNT, GCOUNT, EXTEND in it are ignored. */
  readonly header: FitsHeader
  /** Written as an IMAGE extension instead of the primary HDU. */
  readonly extension?: { readonly name: string; readonly version?: number }
}

const MANDATORY = /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|EXTEND|END)$/

/**
 * Encodes an image HDU.
 * @returns header and padded data, to be written one after the other
 * @throws FitsError when shape and pixels disagree
 */
export function encodeImage(image: ImageToWrite): Uint8Array<ArrayBuffer>[] {
  const { shape, pixels, extension } = image
  const expected = shape.reduce((product, n) => product * n, 1)
  if (expected !== pixels.length) {
    throw new FitsError(
      `expected ${expected} pixels for shape [${shape.join(', ')}], got ${pixels.length} (image to be written)`,
    )
  }
  const header = new FitsHeader()
  if (extension) header.set('XTENSION', 'IMAGE', 'image extension')
  else header.set('SIMPLE', true, 'conforms to the FITS standard')
  header.set('BITPIX', bitpixOf(pixels), 'array data type')
  header.set('NAXIS', shape.length, 'number of array dimensions')
  for (let i = 0; i < shape.length; i++) header.set(`NAXIS${i + 1}`, shape[i])
  if (extension) header.set('PCOUNT', 0).set('GCOUNT', 1)
  else header.set('EXTEND', true)
  if (extension) header.set('EXTNAME', extension.name).set('EXTVER', extension.version ?? 1)
  return [withCards(header, image.header).encode(), padBytes(encodeNumbers(pixels))]
}

/** The mandatory cards, then all others of `extra`. */
export function withCards(mandatory: FitsHeader, extra: FitsHeader): FitsHeader {
  const more = extra.cards().filter(card => !MANDATORY.test(card.keyword) && !mandatory.has(card.keyword))
  return new FitsHeader([...mandatory.cards(), ...more])
}

/** Data bytes padded with zeros to whole blocks. */
export function padBytes(bytes: Uint8Array<ArrayBuffer>, fill = 0): Uint8Array<ArrayBuffer> {
  const length = padded(bytes.length)
  if (length === bytes.length) return bytes
  const out = new Uint8Array(length)
  if (fill !== 0) out.fill(fill, bytes.length)
  out.set(bytes)
  return out
}

function bitpixOf(pixels: ImageToWrite['pixels']): number {
  if (pixels instanceof Float32Array) return -32
  if (pixels instanceof Float64Array) return -64
  if (pixels instanceof Int16Array) return 16
  return pixels instanceof Int32Array ? 32 : 8
}
