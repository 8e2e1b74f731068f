import type { MosaicGroup } from './mosaic-pointings.ts'
import { powerPlane } from './primary-beam-image.ts'

/** Pixels around an image, as wide as its mosaic's primary beams reach, and how they fold into it. */
export interface WideImage {
  readonly nx: number
  readonly ny: number
  /** Of the image itself. */
  readonly inner: readonly [nx: number, ny: number]
  readonly cellRad: readonly [number, number]
}

/** Largest share by which frequencies that are given the same beam may differ. */
const BIN_WIDTH = 0.025

/**
 * As wide as needed for all beams, at most three times the image.
 * @param frequencyHz - the lowest
 */
export function wideImage(
  groups: readonly MosaicGroup[],
  [nx, ny]: readonly [number, number],
  cellRad: readonly [number, number],
  frequencyHz: number,
): WideImage {
  let x = 0
  let y = 0
  for (const { offset, reachRad } of groups) {
    const reach = Math.sin(Math.min(Math.PI / 2, reachRad(frequencyHz)))
    x = Math.max(x, Math.ceil((Math.abs(offset[0]) + reach) / cellRad[0]))
    y = Math.max(y, Math.ceil((Math.abs(offset[1]) + reach) / cellRad[1]))
  }
  const wide = (n: number, half: number): number => Math.min(3 * n, Math.max(n, 2 * half + 2))
  return { nx: wide(nx, x), ny: wide(ny, y), inner: [nx, ny], cellRad }
}

/**
 * The primary beam of a group over the wide image.
 * @param bandHz - chooses the model of the beam
 */
export function groupBeam(group: MosaicGroup, frequencyHz: number, bandHz: number, wide: WideImage): Float32Array {
  const { nx, ny, cellRad } = wide
  const l = Float64Array.from({ length: nx }, (_, x) => -(x - (nx >> 1)) * cellRad[0] - group.offset[0])
  const m = Float64Array.from({ length: ny }, (_, y) => (y - (ny >> 1)) * cellRad[1] - group.offset[1])
  const [a, b] = group.powers
  return powerPlane(
    (offset, hz, band) => Math.sqrt(a(offset, hz, band) * b(offset, hz, band)),
    frequencyHz,
    bandHz,
    l,
    m,
  )
}

/** Neighbouring frequencies that share a beam: the numbers of the channels and the mean of their frequencies, Hz. */
export interface FrequencyBin {
  readonly channels: readonly number[]
  readonly meanHz: number
}

/** Cuts a block's channels into bins. */
export function frequencyBins(frequencyHz: Float64Array): FrequencyBin[] {
  const order = Array.from(frequencyHz.keys()).sort((a, b) => frequencyHz[a] - frequencyHz[b])
  const low = frequencyHz[order[0]]
  const high = frequencyHz[order[order.length - 1]]
  const nBin = Math.max(1, Math.ceil(Math.log(high / low) / BIN_WIDTH))
  const bins: number[][] = Array.from({ length: nBin }, () => [])
  for (const c of order) {
    const share = high > low ? Math.log(frequencyHz[c] / low) / Math.log(high / low) : 0
    bins[Math.min(nBin - 1, Math.floor(share * nBin))].push(c)
  }
  return bins
    .filter(channels => channels.length > 0)
    .map(channels => ({ channels, meanHz: channels.reduce((sum, c) => sum + frequencyHz[c], 0) / channels.length }))
}

/** Adds plane·beam^power of the wide image to the image, as if both repeated with the image's period. */
export function foldInto(
  { nx, ny, inner }: WideImage,
  plane: ArrayLike<number> | null,
  beam: Float32Array,
  factor: number,
  power: 1 | 2,
  image: Float64Array,
): void {
  const [innerX, innerY] = inner
  const shiftX = (innerX >> 1) - (nx >> 1)
  const shiftY = (innerY >> 1) - (ny >> 1)
  for (let y = 0; y < ny; y++) {
    const row = ((((y + shiftY) % innerY) + innerY) % innerY) * innerX
    for (let x = 0; x < nx; x++) {
      const at = x + nx * y
      const weight = power === 1 ? beam[at] : beam[at] * beam[at]
      if (weight === 0) continue
      image[row + ((((x + shiftX) % innerX) + innerX) % innerX)] += factor * weight * (plane === null ? 1 : plane[at])
    }
  }
}

/** model·beam in the middle of the wide image, 0 around it. */
export function embed(
  { nx, ny, inner }: WideImage,
  model: ArrayLike<number>,
  beam: Float32Array,
  to: Float32Array | Float64Array,
): void {
  const [innerX, innerY] = inner
  const shiftX = (nx >> 1) - (innerX >> 1)
  const shiftY = (ny >> 1) - (innerY >> 1)
  to.fill(0)
  for (let y = 0; y < innerY; y++) {
    for (let x = 0; x < innerX; x++) {
      const at = x + shiftX + nx * (y + shiftY)
      to[at] = model[x + innerX * y] * beam[at]
    }
  }
}
