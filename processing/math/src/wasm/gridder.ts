import { MathError } from '../math-error.ts'
import { CallMemory } from './call-memory.ts'
import { GRID_BORDER, type GridderOptions, type GridderPlan, planGridder } from './gridder-plan.ts'
import { createGridderTables, type GridderTables } from './gridder-tables.ts'
import { type PlaneJobValues, type SamplingJobValues, writePlaneJob, writeSamplingJob } from './job-records.ts'
import type { KernelPool, KernelStep, RunOptions } from './kernel-pool.ts'
import { type BinnedSamples, binSamples, type CellRange, type SampleBins, type SamplePositions } from './sample-bins.ts'

/** Numbers of a gridder's precision: Float32Array for 'f32', Float64Array for 'f64'. */
export type GridderArray = Float32Array | Float64Array

/** Samples to be gridded. */
export interface GriddedSamples {
  readonly bins: SampleBins
  /** Complex, interleaved, [row, channel]; null stands for ones, which makes a PSF. */
  readonly visibility: GridderArray | null
  /** [row, channel]; 0 (or less, or NaN) leaves the sample out, whatever its visibility. null stands for ones. */
  readonly weight: Float32Array | null
}

/** Samples to be predicted. */
export interface DegriddedSamples {
  readonly bins: SampleBins
  /** Receives V = Σ model·exp(+2πi(ul + vm + w(n−1))), complex, interleaved, [row, channel]. */
  readonly predicted: GridderArray
  /** When present, receives `minuend − V` in place of V: residual visibilities. May be the same array as `predicted`. */
  readonly minuend?: GridderArray
}

/**
 * Transforms between visibilities and images; see {@link createGridder}.
 *
 * Arrays that come from the pool's arena are used where they are; others are copied in and out for the call. Results do
 * not depend on the number of workers. Calls may overlap; they run one after the other.
 */
export interface Gridder {
  readonly plan: GridderPlan
  /** Bytes of kernel memory held, without bins. */
  readonly bytes: number
  /** Sorts samples for this gridder, once for many transforms. `SampleBins.dispose` frees them. */
  bin(positions: SamplePositions, options?: RunOptions): Promise<SampleBins>
  /**
   * dirty(x, y) = Σ weight·Re[V·exp(−2πi(ul + vm + w(n−1)))] over all samples of all sets: not normalised.
   * @param image - receives the image, [ny, nx], x fastest; a new array when left out
   */
  grid(samples: readonly GriddedSamples[], image?: GridderArray | null, options?: RunOptions): Promise<GridderArray>
  /** Predicts visibilities of a model image, [ny, nx], Jy/pixel: the adjoint of `grid` with unit weights. */
  degrid(model: GridderArray, samples: readonly DegriddedSamples[], options?: RunOptions): Promise<void>
  /** Frees tables and planes; to be called when no call is under way. Bins are disposed by themselves. */
  dispose(): void
}

/**
 * Prepares gridding and degridding with an ES kernel and, where needed, improved w-stacking.
 *
 * *Convention:* the sign of a MeasurementSet: V = Σ S·exp(+2πi ν/c (ul + vm + w(n−1))).
 * *Accuracy:* l2 error ≤ epsilon against the exact sums, held by gridder.test.ts over a sweep of epsilons, with and
 * without w. *Cost:* samples·W²·W_w for gridding plus two pruned FFTs per w plane.
 * @throws MathError for options out of range, or when the memory for one plane is not there
 * @see Barnett et al. 2019 (kernel); Arras et al. 2021, A&A 646, A58 and Ye et al. 2022, MNRAS 510, 4110 (w-stacking)
 */
export async function createGridder(pool: KernelPool, options: GridderOptions): Promise<Gridder> {
  const gridder = new StackGridder(pool, planGridder(options))
  try {
    await gridder.fillTables()
    return gridder
  } catch (error) {
    gridder.dispose()
    throw error
  }
}

class StackGridder implements Gridder {
  readonly plan: GridderPlan
  readonly #pool: KernelPool
  readonly #single: boolean
  readonly #suffix: 'F32' | 'F64'
  readonly #tables: GridderTables
  #memory: { planes: Uint8Array; bands: Uint8Array } | null
  #last: Promise<unknown> = Promise.resolve()

  constructor(pool: KernelPool, plan: GridderPlan) {
    this.#pool = pool
    this.plan = plan
    this.#single = plan.precision === 'f32'
    this.#suffix = this.#single ? 'F32' : 'F64'
    this.#tables = createGridderTables(pool.arena, plan)
    this.#memory = reservePlanes(pool, this.#tables, plan)
  }

  get bytes(): number {
    return this.#memory === null ? 0 : this.#memory.planes.length + this.#memory.bands.length
  }

  /** Fills the phase table; planes need no clearing, as every cell that is read has been written before. */
  async fillTables(): Promise<void> {
    if (this.plan.w === null) return
    const job = writePlaneJob(this.#pool.arena, this.#tables.planes)
    try {
      const kernel = `phaseTable${this.#suffix}`
      await this.#pool.run([{ kernel, items: this.#tables.nBand, args: [job.byteOffset] }])
    } finally {
      this.#pool.arena.free(job)
    }
  }

  #open(): { planes: Uint8Array; bands: Uint8Array } {
    if (this.#memory === null) throw new MathError('expected an open gridder, got a disposed one')
    return this.#memory
  }

  bin(positions: SamplePositions, options?: RunOptions): Promise<SampleBins> {
    return binSamples(this.#pool, this.plan, this.#tables.sampling, positions, options)
  }

  /** Runs calls one after the other, as they share planes, and frees what they put into memory. */
  #exclusively<R>(call: (memory: CallMemory) => Promise<R>): Promise<R> {
    const result = this.#last.then(async () => {
      this.#open()
      const memory = new CallMemory(this.#pool)
      try {
        return await call(memory)
      } finally {
        memory.release()
      }
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  grid(samples: readonly GriddedSamples[], image?: GridderArray | null, options?: RunOptions): Promise<GridderArray> {
    return this.#exclusively(async memory => {
      const { nx, ny } = this.plan
      const pixels = image ?? (this.#single ? new Float32Array(nx * ny) : new Float64Array(nx * ny))
      this.#checkImage(pixels)
      for (const { bins, visibility, weight } of samples) checkSamples(this.plan, bins, visibility, weight)
      const used = samples.filter(({ bins }) => binned(bins).range !== null)
      if (used.length === 0) return pixels.fill(0)
      const to = memory.output(pixels, this.#single)
      await this.#pool.run(this.#griddingProgram(memory, used, to), { what: 'gridding', ...options })
      memory.finish()
      return pixels
    })
  }

  degrid(model: GridderArray, samples: readonly DegriddedSamples[], options?: RunOptions): Promise<void> {
    return this.#exclusively(async memory => {
      this.#checkImage(model)
      for (const { bins, predicted, minuend } of samples) {
        checkSamples(this.plan, bins, predicted, null)
        if (minuend !== undefined) checkSamples(this.plan, bins, minuend, null)
      }
      const used = samples.filter(({ bins }) => binned(bins).range !== null)
      if (used.length === 0) return
      const from = memory.input(model, this.#single)
      await this.#pool.run(this.#degriddingProgram(memory, used, from), { what: 'degridding', ...options })
      memory.finish()
    })
  }

  #checkImage(image: GridderArray): void {
    const expected = this.plan.nx * this.plan.ny
    if (image.length !== expected) {
      throw new MathError(`expected an image of ${expected} pixels, got ${image.length}`, { length: image.length })
    }
  }

  #griddingProgram(memory: CallMemory, samples: readonly GriddedSamples[], pixels: number): KernelStep[] {
    const { plan } = this
    const area = this.#planeArea(samples.map(({ bins }) => binned(bins).range!))
    const program: KernelStep[] = []
    const sets = samples.map(({ bins, visibility, weight }) => {
      const set = binned(bins)
      const job: SamplingJobValues = {
        ...set.job,
        visibility: visibility === null ? 0 : memory.input(visibility, this.#single),
        weight: weight === null ? 0 : memory.input(weight, true),
      }
      if (plan.w === null) return { set, job }
      const staged = memory.reserve(2 * set.nRow * set.nChannel, this.#single).byteOffset
      const record = this.#samplingRecord(memory, { ...job, predicted: staged })
      program.push({ kernel: `prepareSamples${this.#suffix}`, items: set.blocks, scratchBytes: 128, args: [record] })
      return { set, job: { ...job, visibility: staged, weight: 0 } }
    })
    const { bands } = this.#open()
    program.push({
      kernel: 'clearMemory',
      items: Math.ceil(bands.length / 262144),
      args: [bands.byteOffset, bands.length],
    })
    for (const group of this.#planeGroups()) {
      program.push(this.#clearPlanes(area, group.nPlane))
      for (const { set, job } of sets) {
        for (const tiles of set.colours) {
          const record = this.#samplingRecord(memory, { ...job, ...group, tiles: tiles.byteOffset })
          program.push(this.#tileStep('grid', tiles.length, record, group.nPlane))
        }
      }
      program.push(...this.#planesToBands(memory, area, group))
    }
    program.push(this.#pixelStep(memory, 'finishImage', pixels))
    return program
  }

  #degriddingProgram(memory: CallMemory, samples: readonly DegriddedSamples[], pixels: number): KernelStep[] {
    const { plan } = this
    const area = this.#planeArea(samples.map(({ bins }) => binned(bins).range!))
    const program: KernelStep[] = [this.#pixelStep(memory, 'beginImage', pixels)]
    const sets = samples.map(({ bins, predicted, minuend }) => {
      const set = binned(bins)
      const address = memory.output(predicted, this.#single)
      const subtractFrom = minuend === undefined ? 0 : memory.input(minuend, this.#single)
      const length = 2 * set.nRow * set.nChannel
      // Sums over planes must not overwrite what they are to be subtracted from.
      const sum =
        plan.w !== null && subtractFrom === address ? memory.reserve(length, this.#single).byteOffset : address
      const bytes = length * (this.#single ? 4 : 8)
      if (plan.w !== null) {
        program.push({ kernel: 'clearMemory', items: Math.ceil(bytes / 262144), args: [sum, bytes] })
      }
      return { set, address, sum, bytes, job: { ...set.job, predicted: sum, minuend: subtractFrom } }
    })
    for (const group of this.#planeGroups()) {
      program.push(...this.#bandsToPlanes(memory, area, group))
      for (const { set, job } of sets) {
        const record = this.#samplingRecord(memory, { ...job, ...group, tiles: set.all.byteOffset })
        program.push(this.#tileStep('degrid', set.all.length, record, group.nPlane))
      }
    }
    if (plan.w === null) return program
    for (const { set, job, sum, address, bytes } of sets) {
      const record = this.#samplingRecord(memory, job)
      program.push({ kernel: `completeSamples${this.#suffix}`, items: set.blocks, scratchBytes: 128, args: [record] })
      if (sum !== address)
        program.push({ kernel: 'copyMemory', items: Math.ceil(bytes / 262144), args: [address, sum, bytes] })
    }
    return program
  }

  /** The planes in memory one after the other, as job fields. */
  #planeGroups(): { firstPlane: number; nPlane: number; grid: number }[] {
    const count = this.plan.w?.count ?? 1
    const groups: { firstPlane: number; nPlane: number; grid: number }[] = []
    for (let firstPlane = 0; firstPlane < count; firstPlane += this.plan.planesAtOnce) {
      const nPlane = Math.min(this.plan.planesAtOnce, count - firstPlane)
      groups.push({ firstPlane, nPlane, grid: this.#open().planes.byteOffset })
    }
    return groups
  }

  #samplingRecord(memory: CallMemory, values: SamplingJobValues): number {
    return memory.hold(writeSamplingJob(this.#pool.arena, values)).byteOffset
  }

  #tileStep(what: 'grid' | 'degrid', items: number, record: number, nPlane: number): KernelStep {
    const { kernel, w, tileShift, precision } = this.plan
    const flat = w === null ? 'Flat' : ''
    const name = precision === 'f32' ? `${what}${flat}F32W${kernel.support}` : `${what}${flat}F64`
    const side = (1 << tileShift) + Math.max(GRID_BORDER, kernel.support)
    const scratchBytes = 1024 + nPlane * side * side * (this.#single ? 8 : 16)
    return { kernel: name, items, scratchBytes, args: [record] }
  }

  #pixelStep(memory: CallMemory, kernel: 'finishImage' | 'beginImage', pixels: number): KernelStep {
    const record = this.#planeRecord(memory, {})
    const items = this.#tables.nBand
    return { kernel: kernel + this.#suffix, items, scratchBytes: 64, args: [record, pixels] }
  }

  #planeRecord(memory: CallMemory, values: PlaneJobValues): number {
    const { planes, bands } = this.#open()
    const job = { ...this.#tables.planes, grid: planes.byteOffset, image: bands.byteOffset, ...values }
    return memory.hold(writePlaneJob(this.#pool.arena, job)).byteOffset
  }

  /**
   * The part of the periodic grid that tiles cover, in columns and rows of the grid; all of it where tiles reach over
   * its seam. Columns start at a multiple of 16, as the transforms take whole cache lines.
   */
  #planeArea(ranges: readonly CellRange[]): PlaneArea {
    const { nu, nv } = this.plan
    const firstColumn = Math.min(...ranges.map(range => range.firstColumn)) - GRID_BORDER
    const endColumn = Math.max(...ranges.map(range => range.endColumn)) - GRID_BORDER
    const firstRow = Math.min(...ranges.map(range => range.firstRow)) - GRID_BORDER
    const endRow = Math.max(...ranges.map(range => range.endRow)) - GRID_BORDER
    if (firstColumn < 0 || firstRow < 0 || endColumn > nu || endRow > nv) {
      return { firstColumn: 0, endColumn: nu, firstRow: 0, endRow: nv, seam: true }
    }
    return { firstColumn: firstColumn & ~15, endColumn: (endColumn + 1) & ~1, firstRow, endRow, seam: false }
  }

  #clearPlanes(area: PlaneArea, nPlane: number): KernelStep {
    const { planeBytes, rowBytes } = this.plan
    const grid = this.#open().planes.byteOffset
    const cellBytes = this.#single ? 8 : 16
    const storedRows = planeBytes / rowBytes
    const firstRow = area.seam ? 0 : area.firstRow + GRID_BORDER
    const nRow = area.seam ? storedRows : area.endRow - area.firstRow
    const firstByte = area.seam ? 0 : (area.firstColumn + GRID_BORDER) * cellBytes
    const bytes = area.seam ? rowBytes : (area.endColumn - area.firstColumn) * cellBytes
    return {
      kernel: 'clearGrid',
      items: nPlane * nRow,
      args: [grid, planeBytes, rowBytes, firstRow, nRow, firstByte, bytes],
    }
  }

  #columnsStep(direction: 'To' | 'From', area: PlaneArea, nPlane: number, record: number): KernelStep {
    const blocks = Math.ceil((area.endColumn - area.firstColumn) / (this.#single ? 16 : 8))
    const kernel = `columns${direction}Image${this.#suffix}`
    return { kernel, items: nPlane * blocks, scratchBytes: 64 + 160 * this.plan.nv, args: [record] }
  }

  #rowsStep(direction: 'To' | 'From', record: number): KernelStep {
    const { nu, w } = this.plan
    const { nBand } = this.#tables
    const kernel = `rows${direction}Image${w === null ? 'Flat' : 'Wide'}${this.#suffix}`
    return w === null
      ? { kernel, items: nBand / 2, scratchBytes: 144 * nu, args: [record] }
      : { kernel, items: nBand, scratchBytes: 80 * nu, args: [record] }
  }

  #groupRecord(memory: CallMemory, area: PlaneArea, group: { firstPlane: number; nPlane: number }): number {
    const { firstColumn, endColumn, firstRow, endRow } = area
    const firstPlane = group.firstPlane + (this.plan.w?.first ?? 0)
    return this.#planeRecord(memory, { firstColumn, endColumn, firstRow, endRow, nPlane: group.nPlane, firstPlane })
  }

  #planesToBands(memory: CallMemory, area: PlaneArea, group: { firstPlane: number; nPlane: number }): KernelStep[] {
    const record = this.#groupRecord(memory, area, group)
    const fold: KernelStep = { kernel: `foldSeam${this.#suffix}`, items: group.nPlane, args: [record] }
    return [
      ...(area.seam ? [fold] : []),
      this.#columnsStep('To', area, group.nPlane, record),
      this.#rowsStep('To', record),
    ]
  }

  #bandsToPlanes(memory: CallMemory, area: PlaneArea, group: { firstPlane: number; nPlane: number }): KernelStep[] {
    const record = this.#groupRecord(memory, area, group)
    const spread: KernelStep = { kernel: `spreadSeam${this.#suffix}`, items: group.nPlane, args: [record] }
    return [
      this.#rowsStep('From', record),
      this.#columnsStep('From', area, group.nPlane, record),
      ...(area.seam ? [spread] : []),
    ]
  }

  dispose(): void {
    if (this.#memory !== null) {
      this.#pool.arena.free(this.#memory.planes)
      this.#pool.arena.free(this.#memory.bands)
      this.#memory = null
    }
    this.#tables.dispose()
  }
}

interface PlaneArea {
  readonly firstColumn: number
  readonly endColumn: number
  readonly firstRow: number
  readonly endRow: number
  readonly seam: boolean
}

function reservePlanes(pool: KernelPool, tables: GridderTables, plan: GridderPlan) {
  const planes = reserveOr(
    () => tables.dispose(),
    () => pool.arena.uint8(plan.planeBytes * plan.planesAtOnce),
  )
  const giveBack = () => {
    pool.arena.free(planes)
    tables.dispose()
  }
  return { planes, bands: reserveOr(giveBack, () => pool.arena.uint8(tables.nBand * plan.nx * 16)) }
}

function reserveOr<A>(giveBack: () => void, reserve: () => A): A {
  try {
    return reserve()
  } catch (error) {
    giveBack()
    throw error
  }
}

function binned(bins: SampleBins): BinnedSamples {
  return bins as BinnedSamples
}

function checkSamples(
  plan: GridderPlan,
  bins: SampleBins,
  visibility: GridderArray | null,
  weight: Float32Array | null,
): void {
  if (binned(bins).plan !== plan || binned(bins).isDisposed()) {
    throw new MathError('expected bins of this gridder, got those of another or disposed ones: sort the samples again')
  }
  const n = bins.nRow * bins.nChannel
  if (visibility !== null && visibility.length !== 2 * n) {
    throw new MathError(
      `expected visibilities of shape [${bins.nRow}, ${bins.nChannel}, 2], got ${visibility.length} numbers`,
      { length: visibility.length },
    )
  }
  if (weight !== null && weight.length !== n) {
    throw new MathError(`expected weights of shape [${bins.nRow}, ${bins.nChannel}], got ${weight.length} numbers`, {
      length: weight.length,
    })
  }
}
