import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Primary HDU of a FITS image: header values and pixels in [stokes, channel, y, x] order, NaN where blanked. */
export interface FitsImage {
  readonly header: ReadonlyMap<string, string | number | boolean>
  readonly shape: readonly [nStokes: number, nChannel: number, ny: number, nx: number]
  readonly pixels: Float64Array
}

const CARD = 80
const BLOCK = 2880

/**
 * Reads a float32 FITS image, gzipped or not. Written apart from the product's own FITS package on purpose: the yardstick
 * must not share a fault with what it measures.
 */
export function readFitsImage(path: string): FitsImage {
  const file = readFileSync(path)
  const bytes = path.endsWith('.gz') ? gunzipSync(file) : file
  const { header, dataOffset } = readHeader(bytes)
  if (header.get('BITPIX') !== -32) throw new Error(`expected BITPIX -32, got ${header.get('BITPIX')} (${path})`)
  const nAxis = Number(header.get('NAXIS'))
  const lengths = Array.from({ length: nAxis }, (_, i) => Number(header.get(`NAXIS${i + 1}`)))
  const strides = lengths.map((_, i) => lengths.slice(0, i).reduce((product, n) => product * n, 1))
  const axisNamed = (...names: string[]) =>
    lengths.findIndex((_, i) => names.includes(String(header.get(`CTYPE${i + 1}`)).split('-')[0]))
  const axes = [
    axisNamed('STOKES'),
    axisNamed('FREQ', 'VRAD', 'VOPT'),
    axisNamed('DEC', 'GLAT'),
    axisNamed('RA', 'GLON'),
  ]
  const extent = axes.map(axis => (axis < 0 ? 1 : lengths[axis])) as [number, number, number, number]
  const stride = axes.map(axis => (axis < 0 ? 0 : strides[axis]))
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset)
  const pixels = new Float64Array(extent[0] * extent[1] * extent[2] * extent[3])
  let at = 0
  for (let s = 0; s < extent[0]; s++)
    for (let c = 0; c < extent[1]; c++)
      for (let y = 0; y < extent[2]; y++)
        for (let x = 0; x < extent[3]; x++)
          pixels[at++] = view.getFloat32(4 * (s * stride[0] + c * stride[1] + y * stride[2] + x * stride[3]))
  return { header, shape: extent, pixels }
}

function readHeader(bytes: Uint8Array): { header: Map<string, string | number | boolean>; dataOffset: number } {
  const header = new Map<string, string | number | boolean>()
  for (let offset = 0; offset < bytes.length; offset += CARD) {
    const card = Buffer.from(bytes.subarray(offset, offset + CARD)).toString('latin1')
    const key = card.slice(0, 8).trim()
    if (key === 'END') return { header, dataOffset: Math.ceil((offset + CARD) / BLOCK) * BLOCK }
    if (card.slice(8, 10) === '= ') header.set(key, cardValue(card.slice(10)))
  }
  throw new Error('expected an END card, found none')
}

function cardValue(text: string): string | number | boolean {
  const quoted = /^\s*'((?:[^']|'')*)'/.exec(text)
  if (quoted) return quoted[1].replaceAll("''", "'").trimEnd()
  const bare = text.split('/')[0].trim()
  return bare === 'T' ? true : bare === 'F' ? false : Number(bare.replace('D', 'E'))
}
