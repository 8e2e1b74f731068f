import { MathError } from '../math-error.ts'
import { GRID_BORDER, type GridderPlan } from './gridder-plan.ts'
import { type SamplingJobValues, writeSamplingJob } from './job-records.ts'
import type { KernelPool, RunOptions } from './kernel-pool.ts'
import type { MemoryArena } from './memory-arena.ts'

const SPEED_OF_LIGHT = 299792458
/** Counters of one binning run, so that they stay small beside the visibilities. */
const MAX_COUNTERS = 1 << 24
const MAX_BLOCKS = 32

/** Where samples lie: sample (row, channel) stands at index `row·nChannel + channel` of every array that goes with it. */
export interface SamplePositions {
  /** [row, 3], metres. */
  readonly uvwMetres: Float64Array
  /** [channel], Hz, at most 65535 channels. */
  readonly frequencyHz: Float64Array
}

/** Stored cells that tiles with samples cover, [first, end). */
export interface CellRange {
  readonly firstColumn: number
  readonly endColumn: number
  readonly firstRow: number
  readonly endRow: number
}

/** Samples sorted into tiles of the uv grid, for one gridder; made by `Gridder.bin`, kept as long as the samples. */
export interface SampleBins {
  readonly nRow: number
  readonly nChannel: number
  /** Bytes of kernel memory held. */
  readonly bytes: number
  dispose(): void
}

/** What gridding and degridding need of sorted samples. */
export interface BinnedSamples extends SampleBins {
  /** The plan of the gridder they were sorted for. */
  readonly plan: GridderPlan
  isDisposed(): boolean
  readonly job: SamplingJobValues
  readonly range: CellRange | null
  /** Tiles with samples, heaviest first; of the four colours (parities of row and column) and all together. */
  readonly colours: readonly Int32Array[]
  readonly all: Int32Array
  readonly blocks: number
}

/**
 * Sorts samples by counting; the order within a tile is that of the rows.
 * @throws MathError when shapes do not fit or a sample lies beyond the w range the gridder was made for
 */
export async function binSamples(
  pool: KernelPool,
  plan: GridderPlan,
  constants: SamplingJobValues,
  positions: SamplePositions,
  options: RunOptions = {},
): Promise<BinnedSamples> {
  const nChannel = positions.frequencyHz.length
  const nRow = positions.uvwMetres.length / 3
  checkPositions(plan, positions)
  const { arena } = pool
  const held: (Float64Array | Int32Array)[] = []
  const keep = <A extends Float64Array | Int32Array>(array: A): A => {
    held.push(array)
    return array
  }
  const dispose = () => {
    for (const array of held.splice(0)) arena.free(array)
  }
  try {
    const uvw = keep(arena.float64(nRow * 3))
    uvw.set(positions.uvwMetres)
    // Whole vectors of channels are read at once.
    const frequency = keep(arena.float64(nChannel + 4)).fill(0)
    frequency.set(positions.frequencyHz)
    const nTile = plan.nTileU * plan.nTileV
    const binEnds = keep(arena.int32(nTile * (plan.w?.nBin ?? 1)))
    const blocks = Math.max(1, Math.min(MAX_BLOCKS, Math.floor(MAX_COUNTERS / binEnds.length)))
    const base: SamplingJobValues = {
      ...constants,
      ...periods(plan, positions),
      nRow,
      nChannel,
      nBlock: blocks,
      rowsPerBlock: Math.ceil(nRow / blocks),
      uvw: uvw.byteOffset,
      frequency: frequency.byteOffset,
      binEnds: binEnds.byteOffset,
    }
    const { segments, loads } = await sortSegments(pool, plan, base, binEnds.length, options)
    held.push(segments)
    const job = { ...base, segments: segments.byteOffset }
    const { colours, all, range } = arrangeTiles(arena, plan, loads)
    held.push(...colours, all)
    const bytes = held.reduce((sum, array) => sum + array.byteLength, 0)
    const isDisposed = () => held.length === 0
    return { plan, nRow, nChannel, bytes, job, range, colours, all, blocks, dispose, isDisposed }
  } catch (error) {
    dispose()
    throw error
  }
}

function checkPositions(plan: GridderPlan, { uvwMetres, frequencyHz }: SamplePositions): void {
  if (uvwMetres.length % 3 !== 0) {
    throw new MathError(`expected uvw of shape [row, 3], got ${uvwMetres.length} numbers`, { length: uvwMetres.length })
  }
  if (frequencyHz.length < 1 || frequencyHz.length > 65535) {
    throw new MathError(`expected 1 to 65535 channels, got ${frequencyHz.length}`, { nChannel: frequencyHz.length })
  }
  if (!(uvwMetres.every(Number.isFinite) && frequencyHz.every(f => f > 0 && Number.isFinite(f)))) {
    throw new MathError('expected finite uvw and positive frequencies: drop rows without coordinates')
  }
  if (plan.w === null) return
  const reach = largest(uvwMetres, 2) * largest(frequencyHz, 0, 1)
  const limit = (plan.w.nBin - 1 + plan.w.first + plan.w.kernel.support / 2) * plan.w.planeDistance * SPEED_OF_LIGHT
  if (reach > limit * (1 - 1e-12)) {
    throw new MathError(
      `expected |w| up to ${limit / SPEED_OF_LIGHT} wavelengths, got ${reach / SPEED_OF_LIGHT}: make the gridder with a larger maxAbsWLambda`,
      { maxAbsWLambda: limit / SPEED_OF_LIGHT },
    )
  }
}

function largest(values: Float64Array, first: number, step = 3): number {
  let most = 0
  for (let k = first; k < values.length; k += step) most = Math.max(most, Math.abs(values[k]))
  return most
}

/** The grid's periods where a sample reaches beyond half of one: the transform on pixels is periodic in u and v. */
function periods(plan: GridderPlan, { uvwMetres, frequencyHz }: SamplePositions): SamplingJobValues {
  const frequency = largest(frequencyHz, 0, 1) / SPEED_OF_LIGHT
  const leavesU = largest(uvwMetres, 0) * frequency * Math.abs(plan.cellXRad) >= 0.5
  const leavesV = largest(uvwMetres, 1) * frequency * Math.abs(plan.cellYRad) >= 0.5
  return { periodU: leavesU ? plan.nu : 0, periodV: leavesV ? plan.nv : 0 }
}

async function sortSegments(
  pool: KernelPool,
  plan: GridderPlan,
  base: SamplingJobValues,
  nBin: number,
  options: RunOptions,
): Promise<{ segments: Int32Array; loads: Int32Array }> {
  const { arena } = pool
  const blocks = base.nBlock ?? 1
  const nCounter = nBin * blocks
  const counts = arena.int32(nCounter + 1)
  const loads = arena.int32(plan.nTileU * plan.nTileV)
  const counting = { ...base, counts: counts.byteOffset, tileLoads: loads.byteOffset }
  const job = writeSamplingJob(arena, counting)
  let filling: Uint8Array | null = null
  let segments: Int32Array | null = null
  try {
    await pool.run(
      [
        {
          kernel: 'clearMemory',
          items: Math.ceil(counts.byteLength / 262144),
          args: [counts.byteOffset, counts.byteLength],
        },
        { kernel: 'countSegments', items: blocks, args: [job.byteOffset] },
        { kernel: 'startSegments', items: 1, args: [job.byteOffset, nCounter] },
      ],
      options,
    )
    segments = arena.int32(2 * (counts[nCounter] >>> 0))
    filling = writeSamplingJob(arena, { ...counting, segments: segments.byteOffset })
    await pool.run(
      [
        { kernel: 'fillSegments', items: blocks, args: [filling.byteOffset] },
        { kernel: 'closeBins', items: plan.nTileV, args: [filling.byteOffset] },
      ],
      options,
    )
    return { segments, loads: loads.slice() }
  } catch (error) {
    if (segments !== null) arena.free(segments)
    throw error
  } finally {
    for (const array of [counts, loads, job]) arena.free(array)
    if (filling !== null) arena.free(filling)
  }
}

/** Heavy tiles first, so that workers end together; ties by tile number, so that the order is always the same. */
function arrangeTiles(
  arena: MemoryArena,
  plan: GridderPlan,
  loads: Int32Array,
): { colours: Int32Array[]; all: Int32Array; range: CellRange | null } {
  const used: number[] = []
  for (let tile = 0; tile < loads.length; tile++) if (loads[tile] !== 0) used.push(tile)
  used.sort((a, b) => loads[b] - loads[a] || a - b)
  const column = (tile: number) => tile % plan.nTileU
  const row = (tile: number) => Math.floor(tile / plan.nTileU)
  const colours = [0, 1, 2, 3].map(colour =>
    toArena(
      arena,
      used.filter(tile => (column(tile) & 1) + 2 * (row(tile) & 1) === colour),
    ),
  )
  return { colours, all: toArena(arena, used), range: usedRange(plan, used.map(column), used.map(row)) }
}

function usedRange(plan: GridderPlan, columns: number[], rows: number[]): CellRange | null {
  if (columns.length === 0) return null
  const lowest = (values: number[]) => values.reduce((least, value) => Math.min(least, value)) << plan.tileShift
  const overhang = (1 << plan.tileShift) + Math.max(GRID_BORDER, plan.kernel.support)
  const highest = (values: number[]) => values.reduce((most, value) => Math.max(most, value)) << plan.tileShift
  return {
    firstColumn: lowest(columns),
    endColumn: highest(columns) + overhang,
    firstRow: lowest(rows),
    endRow: highest(rows) + overhang,
  }
}

function toArena(arena: MemoryArena, values: number[]): Int32Array {
  const array = arena.int32(values.length)
  array.set(values)
  return array
}
