import type { SessionHandlers } from '@cleanbeam/channel'
import { planeHistogram, statisticsRecord, tilePlane } from '@cleanbeam/image'
import type { MethodArguments, MethodResult, PlaneHistogram } from '@cleanbeam/protocol'
import type { StatisticsRecord } from '@cleanbeam/types'
import type { SessionField, SessionFields } from './session-fields.ts'
import { planeValue, setPositions } from './spectrum.ts'

type PlaneMethod = 'tile.get' | 'plane.statistics' | 'plane.histogram' | 'cube.histogram' | 'spectrum.get'

/**
 * Looking at planes: tiles, statistics, histograms, spectra. All answered from memory.
 * @param onTile - somebody has fetched pixels
 */
export function planeHandlers(fields: SessionFields, onTile: () => void): Pick<SessionHandlers, PlaneMethod> {
  return {
    'tile.get'({ field, suffix, generation, channel, stokes, level, tx, ty, reduce }) {
      onTile()
      const { products } = fields.get(field)
      const plane = products.plane(suffix, stokes, channel, generation)
      const [nx, ny] = products.get(suffix).info.shape
      return { generation, ...tilePlane(plane, nx, ny, level, tx, ty, reduce) }
    },
    'plane.statistics': args => planeStatistics(fields.get(args.field), args),
    'plane.histogram': args => histogram(fields.get(args.field), args),
    'cube.histogram': args => cubeHistogram(fields.get(args.field), args),
    'spectrum.get': args => spectra(fields.get(args.field), args),
  }
}

async function planeStatistics(
  { products, masks }: SessionField,
  { suffix, channel, stokes, region, within }: MethodArguments<'plane.statistics'>,
): Promise<StatisticsRecord> {
  products.plane(suffix, stokes, channel)
  const { cube } = products.get(suffix)
  const [nx, ny] = cube.shape
  const nPixel = nx * ny
  const cover = region === undefined ? null : await masks.coverOf(region, cube)
  let inside = cover?.(stokes, channel).slice() ?? null
  if (within !== 'plane') {
    const mask = masks.pixels(stokes, channel)
    const wanted = within === 'mask' ? 1 : 0
    inside ??= new Uint8Array(nPixel).fill(1)
    for (let i = 0; i < nPixel; i++) if ((mask?.[i] ?? 0) !== wanted) inside[i] = 0
  }
  const box = { blc: [0, 0, stokes, channel], trc: [nx - 1, ny - 1, stokes, channel], inside } as const
  return statisticsRecord(cube, { box, mask: null, axes: [0, 1, 2, 3], robust: true })
}

function histogram(
  { products }: SessionField,
  { suffix, channel, stokes, nBin, range, percentiles }: MethodArguments<'plane.histogram'>,
): PlaneHistogram {
  const plane = products.plane(suffix, stokes, channel)
  return histogramOf(plane, products.get(suffix).info.generation, nBin, percentiles, range)
}

/** Of a cube with more than this many pixels a part at an even stride is counted. */
const MAX_CUBE_SAMPLES = 1 << 24

function cubeHistogram(
  { products }: SessionField,
  { suffix, stokes, nBin, percentiles }: MethodArguments<'cube.histogram'>,
): PlaneHistogram {
  const { info } = products.get(suffix)
  const [nx, ny, , nChannel] = info.shape
  // Odd, so that it walks over all columns of images whose width is a power of two.
  const stride = Math.ceil((nx * ny * nChannel) / MAX_CUBE_SAMPLES) | 1
  const perPlane = Math.ceil((nx * ny) / stride)
  const sample = new Float32Array(perPlane * nChannel)
  for (let channel = 0; channel < nChannel; channel++) {
    const plane = products.plane(suffix, stokes, channel)
    if (stride === 1) sample.set(plane, perPlane * channel)
    else for (let i = 0; i < perPlane; i++) sample[perPlane * channel + i] = plane[i * stride]
  }
  return histogramOf(sample, info.generation, nBin, percentiles)
}

function histogramOf(
  pixels: Float32Array,
  generation: number,
  nBin: number,
  percentiles: readonly number[],
  range?: readonly [number, number],
): PlaneHistogram {
  const whole = planeHistogram(pixels, { nBins: nBin, fractions: percentiles.map(percent => percent / 100) })
  const counts = range === undefined ? whole.bins : countWithin(pixels, nBin, range)
  return {
    generation,
    nPixel: whole.count,
    minimum: whole.min,
    maximum: whole.max,
    range: range === undefined ? [whole.min, whole.max] : [...range],
    counts: [...counts],
    percentiles: [...whole.percentiles],
  }
}

function countWithin(plane: Float32Array, nBin: number, [from, to]: readonly [number, number]): Uint32Array {
  const counts = new Uint32Array(nBin)
  const perUnit = to > from ? nBin / (to - from) : 0
  for (const value of plane) {
    if (value >= from && value <= to) counts[Math.min(nBin - 1, Math.floor((value - from) * perUnit))]++
  }
  return counts
}

async function spectra(
  { products, masks }: SessionField,
  { suffixes, stokes, region, within, statistic }: MethodArguments<'spectrum.get'>,
): Promise<MethodResult<'spectrum.get'>> {
  const { cube } = products.get(suffixes[0])
  const cover = region === undefined ? null : await masks.coverOf(region, cube)
  let last: { readonly inside: Uint8Array; readonly positions: Uint32Array } | null = null
  const positionsOf = (channel: number): Uint32Array | null => {
    const mask = within === 'mask' ? (masks.pixels(stokes, channel) ?? new Uint8Array(0)) : null
    const inside = cover?.(stokes, channel) ?? mask
    if (inside === null) return null
    const both = mask !== null && mask !== inside ? inside.map((value, i) => value & (mask[i] ?? 0)) : inside
    if (last?.inside !== both) last = { inside: both, positions: setPositions(both) }
    return last.positions
  }
  return {
    spectra: suffixes.map(suffix => {
      const { info } = products.get(suffix)
      const points = Array.from({ length: info.shape[3] }, (_, channel) =>
        planeValue(products.plane(suffix, stokes, channel), positionsOf(channel), statistic),
      )
      return {
        suffix,
        generation: info.generation,
        unit: info.unit,
        values: Float64Array.from(points, ({ value }) => value),
        nPixel: points.map(({ nPixel }) => nPixel),
      }
    }),
  }
}
