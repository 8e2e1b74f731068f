import { MathError } from '../math-error.ts'
import { CallMemory } from './call-memory.ts'
import { writeClarkJob, writeHogbomJob } from './job-records.ts'
import type { KernelPool, RunOptions } from './kernel-pool.ts'

/** A queue holding this or more has been cancelled by the pool. */
const CANCELLED_QUEUE = 0x4000_0000
/** Iterations per program: bounds the list of components and how long progress is silent. */
const ITERATIONS_PER_RUN = 20_000
/**
 * Below this many pixels of box per worker, waiting for each other costs more than sharing saves (empirical, on a machine
 * whose cores also draw a page).
 */
const PIXELS_PER_WORKER = 250_000

/** Components found by a loop, in the order of finding: value `values[k]` at `indices[k]`. */
export interface ComponentList {
  readonly indices: Int32Array
  readonly values: Float32Array
  /** The peak that stopped the loop: its index (−1: nothing but zero) and signed value. */
  readonly lastIndex: number
  readonly lastValue: number
}

/** Input of {@link hogbomComponents}; arrays of the pool's arena are used where they are. */
export interface HogbomPlane {
  readonly nx: number
  readonly ny: number
  /** [ny, nx], changed in place within the box. */
  readonly residual: Float32Array
  /** [ny, nx], 1 at (⌊nx/2⌋, ⌊ny/2⌋). */
  readonly psf: Float32Array
  /** [ny, nx], 1 where components are sought and 0 elsewhere; null: everywhere. */
  readonly mask: Float32Array | null
  /** Pixels x0 … x1 − 1 by y0 … y1 − 1 that are kept up to date and searched; default: all. */
  readonly box?: { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number }
  readonly gain: number
  /** Stop when the largest |residual| in the mask is at or below. */
  readonly limit: number
  readonly maxIterations: number
}

/**
 * Högbom's loop on several planes: finds components and subtracts them from each residual within its box.
 *
 * A plane that is large for the number of planes is shared by the workers, others are taken by one worker each. Equal
 * peaks: the first in storage order. Single precision, so the last bits differ from a loop that rounds once per
 * subtraction; results depend neither on the number of workers nor on what else is in the list. After a cancellation a
 * `residual` is unusable if it lies in the arena and unchanged if not.
 * @throws MathError when shapes do not fit; the signal's reason when cancelled
 */
export async function hogbomComponents(
  pool: KernelPool,
  planes: readonly HogbomPlane[],
  options: RunOptions = {},
): Promise<ComponentList[]> {
  planes.forEach(checkPlane)
  const memory = new CallMemory(pool)
  try {
    const works = planes.map(plane => new HogbomWork(pool, memory, plane))
    const silent = { ...options, onProgress: undefined }
    for (let open = works; open.length > 0; open = open.filter(work => !work.finished)) {
      const shared = open.filter(work => open.length < pool.threads && work.bands > 1)
      const alone = open.filter(work => !shared.includes(work))
      const program = shared.map(work => ({
        kernel: 'hogbomLoop',
        items: work.bands,
        args: [work.prepare(work.bands)],
      }))
      if (alone.length > 0) {
        const jobs = memory.hold(pool.arena.int32(alone.length))
        jobs.set(alone.map(work => work.prepare(1)))
        program.push({ kernel: 'hogbomPlanes', items: alone.length, args: [jobs.byteOffset] })
      }
      await pool.run(program, silent)
      for (const work of open) work.collect()
      const done = works.reduce((sum, work) => sum + work.done, 0)
      const total = planes.reduce((sum, plane) => sum + plane.maxIterations, 0)
      options.onProgress?.({ what: options.what ?? 'components', done, total })
    }
    memory.finish()
    return works.map(work => work.found.list())
  } finally {
    memory.release()
  }
}

/** One plane of a call and how far it has come. */
class HogbomWork {
  readonly bands: number
  readonly found = new ComponentCollector()
  done = 0
  finished = false
  readonly #pool: KernelPool
  readonly #memory: CallMemory
  readonly #plane: HogbomPlane
  readonly #components: Int32Array
  readonly #answer: Int32Array
  readonly #meeting: Int32Array
  readonly #fields: Omit<Parameters<typeof writeHogbomJob>[1], 'maxIterations'>
  #asked = 0

  constructor(pool: KernelPool, memory: CallMemory, plane: HogbomPlane) {
    const { nx, ny, gain, limit, box = { x0: 0, x1: nx, y0: 0, y1: ny } } = plane
    const pixels = (box.x1 - box.x0) * (box.y1 - box.y0)
    this.#pool = pool
    this.#memory = memory
    this.#plane = plane
    this.bands = Math.max(1, Math.min(pool.threads, Math.floor(pixels / PIXELS_PER_WORKER), box.y1 - box.y0))
    this.#components = memory.hold(pool.arena.int32(2 * Math.max(1, Math.min(ITERATIONS_PER_RUN, plane.maxIterations))))
    this.#answer = memory.hold(pool.arena.int32(4))
    this.#meeting = memory.hold(pool.arena.int32(16 * (1 + 2 * this.bands)))
    this.#fields = {
      ...box,
      gain,
      limit,
      nx,
      ny,
      cancelled: CANCELLED_QUEUE,
      residual: memory.inPlace(plane.residual, true),
      psf: memory.input(plane.psf, true),
      mask: plane.mask === null ? 0 : memory.input(plane.mask, true),
      rowPeaks: memory.reserve(ny, true).byteOffset,
      meeting: this.#meeting.byteOffset,
      components: this.#components.byteOffset,
      answer: this.#answer.byteOffset,
    }
  }

  /** Writes the record of the next run for so many workers; answers its address. */
  prepare(bands: number): number {
    this.#asked = Math.min(ITERATIONS_PER_RUN, this.#plane.maxIterations - this.done)
    this.#meeting.fill(0, 0, 16 * (1 + 2 * bands))
    const job = writeHogbomJob(this.#pool.arena, { ...this.#fields, maxIterations: this.#asked })
    return this.#memory.hold(job).byteOffset
  }

  /** Takes over what the run found. */
  collect(): void {
    this.found.add(this.#components, this.#answer)
    this.done += this.#answer[0]
    this.finished = this.#answer[0] < this.#asked || this.done >= this.#plane.maxIterations
  }
}

/** Gathers components over several runs. */
class ComponentCollector {
  readonly #indices: Int32Array[] = []
  readonly #values: Float32Array[] = []
  #lastIndex = -1
  #lastValue = 0

  add(components: Int32Array, answer: Int32Array): void {
    const count = answer[0]
    const floats = new Float32Array(components.buffer, components.byteOffset, components.length)
    this.#indices.push(Int32Array.from({ length: count }, (_, k) => components[2 * k]))
    this.#values.push(Float32Array.from({ length: count }, (_, k) => floats[2 * k + 1]))
    this.#lastIndex = answer[1]
    this.#lastValue = new Float32Array(answer.buffer, answer.byteOffset, 4)[2]
  }

  list(): ComponentList {
    const count = this.#indices.reduce((sum, part) => sum + part.length, 0)
    const indices = new Int32Array(count)
    const values = new Float32Array(count)
    let at = 0
    this.#indices.forEach((part, k) => {
      indices.set(part, at)
      values.set(this.#values[k], at)
      at += part.length
    })
    return { indices, values, lastIndex: this.#lastIndex, lastValue: this.#lastValue }
  }
}

function checkPlane({ nx, ny, residual, psf, mask, box, maxIterations }: HogbomPlane): void {
  for (const [name, array] of Object.entries({ residual, psf, mask })) {
    if (array !== null && array.length !== nx * ny) {
      throw new MathError(`expected ${name} of ${nx} × ${ny} pixels, got ${array.length}`, { length: array.length })
    }
  }
  const { x0, x1, y0, y1 } = box ?? { x0: 0, x1: nx, y0: 0, y1: ny }
  if (!(0 <= x0 && x0 <= x1 && x1 <= nx && 0 <= y0 && y0 <= y1 && y1 <= ny)) {
    throw new MathError(`expected a box inside ${nx} × ${ny}, got [${x0}, ${x1}) × [${y0}, ${y1})`, { x0, x1, y0, y1 })
  }
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new MathError(`expected a whole number of iterations, got ${maxIterations}`, { maxIterations })
  }
}

/** One list of active pixels for {@link clarkComponents}. */
export interface ClarkList {
  /** Values of the active pixels, changed in place. */
  readonly values: Float32Array
  /** x, y of each active pixel. */
  readonly positions: Int32Array
  /** [ny, nx], 1 at (⌊nx/2⌋, ⌊ny/2⌋). */
  readonly psf: Float32Array
  readonly nx: number
  readonly ny: number
  /** The part of the PSF that is used reaches this many pixels to each side; at most half the PSF less one. */
  readonly reachX: number
  readonly reachY: number
  readonly gain: number
  readonly limit: number
  readonly maxIterations: number
}

/**
 * Clark's inner loop on several lists at once, one worker per list. Component indices point into the list. Equal peaks:
 * the first in the list. Single precision.
 * @throws MathError when shapes do not fit; the signal's reason when cancelled
 */
export async function clarkComponents(
  pool: KernelPool,
  lists: readonly ClarkList[],
  options: RunOptions = {},
): Promise<ComponentList[]> {
  for (const list of lists) checkList(list)
  const memory = new CallMemory(pool)
  try {
    const work = lists.map(list => {
      const { nx, ny, gain, limit, maxIterations, reachX, reachY } = list
      const components = memory.hold(pool.arena.int32(2 * maxIterations))
      const answer = memory.hold(pool.arena.int32(4))
      const positions = memory.hold(pool.arena.int32(list.positions.length))
      positions.set(list.positions)
      const job = writeClarkJob(pool.arena, {
        gain,
        limit,
        nActive: list.values.length,
        maxIterations,
        reachX,
        reachY,
        psfNx: nx,
        cancelled: CANCELLED_QUEUE,
        values: memory.inPlace(list.values, true),
        positions: positions.byteOffset,
        psfCentre: memory.input(list.psf, true) + 4 * (Math.floor(nx / 2) + nx * Math.floor(ny / 2)),
        components: components.byteOffset,
        answer: answer.byteOffset,
      })
      return { components, answer, job: memory.hold(job) }
    })
    const jobs = memory.hold(pool.arena.int32(lists.length))
    jobs.set(work.map(({ job }) => job.byteOffset))
    await pool.run([{ kernel: 'clarkLoop', items: lists.length, args: [jobs.byteOffset] }], options)
    memory.finish()
    return work.map(({ components, answer }) => {
      const found = new ComponentCollector()
      found.add(components, answer)
      return found.list()
    })
  } finally {
    memory.release()
  }
}

function checkList({ values, positions, psf, nx, ny, reachX, reachY, maxIterations }: ClarkList): void {
  if (positions.length !== 2 * values.length) {
    throw new MathError(`expected ${2 * values.length} coordinates, got ${positions.length}`, {
      length: positions.length,
    })
  }
  if (psf.length !== nx * ny) throw new MathError(`expected a PSF of ${nx} × ${ny} pixels, got ${psf.length}`)
  if (!(reachX >= 0 && reachX < nx / 2 && reachY >= 0 && reachY < ny / 2)) {
    throw new MathError(`expected a patch inside the PSF of ${nx} × ${ny}, got reach ${reachX}, ${reachY}`, {
      reachX,
      reachY,
    })
  }
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new MathError(`expected a whole number of iterations, got ${maxIterations}`, { maxIterations })
  }
}
