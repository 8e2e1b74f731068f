import type { SessionHandlers } from '@cleanbeam/channel'
import { planeHistogram, statisticsRecord, tilePlane } from '@cleanbeam/image'
import type { MethodArguments, PlaneHistogram } from '@cleanbeam/protocol'
import type { StatisticsRecord } from '@cleanbeam/types'
import type { MaskKeeper } from './mask-keeper.ts'
import type { ProductTable } from './product-table.ts'
import { coverOf } from './region-cover.ts'
import { SessionError } from './session-error.ts'

type PlaneMethod = 'tile.get' | 'plane.statistics' | 'plane.histogram'

/** Looking at planes: tiles, statistics, histogram. All answered from memory. */
export function planeHandlers(products: ProductTable, masks: MaskKeeper): Pick<SessionHandlers, PlaneMethod> {
  return {
    'tile.get'({ field, suffix, generation, channel, stokes, level, tx, ty }) {
      requireMainField(field)
      const plane = products.plane(suffix, stokes, channel, generation)
      const [nx, ny] = products.get(suffix).info.shape
      return { generation, ...tilePlane(plane, nx, ny, level, tx, ty) }
    },
    'plane.statistics': args => planeStatistics(products, masks, args),
    'plane.histogram': args => histogram(products, args),
  }
}

/** @throws SessionError for an outlier field */
export function requireMainField(field: number): void {
  if (field !== 0) throw new SessionError(`expected field 0, the only one of this session, got ${field}`, { field })
}

function planeStatistics(
  products: ProductTable,
  masks: MaskKeeper,
  { field, suffix, channel, stokes, region, within }: MethodArguments<'plane.statistics'>,
): StatisticsRecord {
  requireMainField(field)
  products.plane(suffix, stokes, channel)
  const { cube } = products.get(suffix)
  const [nx, ny, nStokes] = cube.shape
  const nPixel = nx * ny
  let inside: Uint8Array | null = null
  if (region !== undefined) {
    const cover = coverOf(region, cube.coordinates, cube.shape)
    const offset = cover.kind === 'plane' ? 0 : nPixel * (stokes + nStokes * channel)
    inside = cover.inside.slice(offset, offset + nPixel)
  }
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
  products: ProductTable,
  { field, suffix, channel, stokes, nBin, range, percentiles }: MethodArguments<'plane.histogram'>,
): PlaneHistogram {
  requireMainField(field)
  const plane = products.plane(suffix, stokes, channel)
  const { generation } = products.get(suffix).info
  const fractions = percentiles.map(percent => percent / 100)
  const whole = planeHistogram(plane, { nBins: nBin, fractions })
  const counts = range === undefined ? whole.bins : countWithin(plane, nBin, range)
  return {
    generation,
    nPixel: whole.count,
    minimum: whole.min,
    maximum: whole.max,
    range: range ?? [whole.min, whole.max],
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
