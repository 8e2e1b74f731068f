import { goodFftSize } from '../fft-size.ts'
import { MathError } from '../math-error.ts'
import { CallMemory } from './call-memory.ts'
import { createFftTables, type FftTables, type Precision } from './fft-tables.ts'
import type { GridderArray } from './gridder.ts'
import { GRID_BORDER } from './gridder-plan.ts'
import { type PlaneJobValues, writePlaneJob } from './job-records.ts'
import type { KernelPool, KernelStep, RunOptions } from './kernel-pool.ts'

/** A response and the images it is to be convolved with. */
export interface ConvolverOptions {
  /** Size of the images. */
  readonly nx: number
  readonly ny: number
  readonly precision?: Precision
  /** [responseNy, responseNx]; twice the images' size for the exact convolution, larger ones are refused. */
  readonly response: GridderArray
  readonly responseNx: number
  readonly responseNy: number
  /** The response's origin; default ⌊responseNx/2⌋, ⌊responseNy/2⌋. */
  readonly originX?: number
  readonly originY?: number
}

/** Convolution of images with one response; see {@link createConvolver}. */
export interface Convolver {
  /** Bytes of kernel memory held. */
  readonly bytes: number
  /**
   * result(x, y) = Σ image(x', y')·response(originX + x − x', originY + y − y'), zero outside both arrays.
   * @param result - receives [ny, nx]; a new array when left out; may be `image` itself
   */
  convolve(image: GridderArray, result?: GridderArray | null, options?: RunOptions): Promise<GridderArray>
  /** Frees the spectrum and working space; to be called when no call is under way. */
  dispose(): void
}

/**
 * Prepares linear (not cyclic) convolutions by FFTs of real images, two rows of pixels to one complex transform.
 *
 * With the PSF on the doubled grid this is the model's contribution to the dirty image wherever the response does not
 * depend on position. *Accuracy:* l2 error 1e-6 (f32), 1e-14 (f64) of the result, held by convolver.test.ts. *Cost:* two
 * half transforms of the doubled grid, whatever the number of visibilities.
 * @throws MathError when shapes do not fit or memory is short
 */
export async function createConvolver(pool: KernelPool, options: ConvolverOptions): Promise<Convolver> {
  const convolver = new FftConvolver(pool, options)
  try {
    await convolver.transformResponse(options)
    return convolver
  } catch (error) {
    convolver.dispose()
    throw error
  }
}

interface ImageShape {
  readonly nx: number
  readonly ny: number
  readonly centreX: number
  readonly centreY: number
}

class FftConvolver implements Convolver {
  readonly #pool: KernelPool
  readonly #image: ImageShape
  readonly #single: boolean
  readonly #suffix: 'F32' | 'F64'
  readonly #nu: number
  readonly #nv: number
  readonly #rowBytes: number
  readonly #held: Uint8Array[] = []
  readonly #tables: FftTables[] = []
  readonly #spectrum: Uint8Array
  readonly #plane: Uint8Array
  #last: Promise<unknown> = Promise.resolve()

  constructor(pool: KernelPool, options: ConvolverOptions) {
    checkShapes(options)
    const { nx, ny, responseNx, responseNy, precision = 'f32' } = options
    const { originX = Math.floor(responseNx / 2), originY = Math.floor(responseNy / 2) } = options
    this.#pool = pool
    this.#image = { nx, ny, centreX: 0, centreY: 0 }
    this.#single = precision === 'f32'
    this.#suffix = this.#single ? 'F32' : 'F64'
    this.#nu = cyclicSize(nx, responseNx, originX)
    this.#nv = cyclicSize(ny, responseNy, originY)
    const cellBytes = this.#single ? 8 : 16
    // Half a spectrum and a run of columns to spare; an odd number of cache lines to a row.
    this.#rowBytes = (Math.ceil(((this.#nu / 2 + 6 * GRID_BORDER) * cellBytes) / 64) | 1) * 64
    const planeBytes = this.#rowBytes * (this.#nv + 2 * GRID_BORDER)
    try {
      this.#tables.push(
        createFftTables(pool.arena, this.#nu, precision),
        createFftTables(pool.arena, this.#nv, precision),
      )
      this.#spectrum = this.#hold(pool.arena.uint8(planeBytes))
      this.#plane = this.#hold(pool.arena.uint8(planeBytes))
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  #hold(array: Uint8Array): Uint8Array {
    this.#held.push(array)
    return array
  }

  get bytes(): number {
    return this.#held.reduce((sum, array) => sum + array.length, 0)
  }

  /** The spectrum of the response, kept for all convolutions. */
  transformResponse(options: ConvolverOptions): Promise<void> {
    const { response, responseNx: nx, responseNy: ny } = options
    const { originX: centreX = Math.floor(nx / 2), originY: centreY = Math.floor(ny / 2) } = options
    return this.#exclusively(async memory => {
      const pixels = memory.input(response, this.#single)
      const record = this.#record(memory, { nx, ny, centreX, centreY }, this.#spectrum, 0.5)
      await this.#pool.run(this.#toSpectrum(record, ny, pixels))
    })
  }

  convolve(image: GridderArray, result?: GridderArray | null, options?: RunOptions): Promise<GridderArray> {
    return this.#exclusively(async memory => {
      const { nx, ny } = this.#image
      const answer = result ?? (this.#single ? new Float32Array(nx * ny) : new Float64Array(nx * ny))
      for (const array of [image, answer]) {
        if (array.length !== nx * ny) {
          throw new MathError(`expected an image of ${nx} × ${ny} pixels, got ${array.length}`, {
            length: array.length,
          })
        }
      }
      const from = memory.input(image, this.#single)
      const to = memory.output(answer, this.#single)
      const into = this.#record(memory, this.#image, this.#plane, 0.5)
      const outOf = this.#record(memory, this.#image, this.#plane, 1 / (this.#nu * this.#nv))
      const spectra = [this.#plane.byteOffset, this.#spectrum.byteOffset, this.#rowBytes, this.#nu]
      const program: KernelStep[] = [
        ...this.#toSpectrum(into, ny, from),
        { kernel: `multiplySpectra${this.#suffix}`, items: this.#nv, args: spectra },
        ...this.#fromSpectrum(outOf, ny, to),
      ]
      await this.#pool.run(program, { what: 'convolving', ...options })
      memory.finish()
      return answer
    })
  }

  #exclusively<R>(call: (memory: CallMemory) => Promise<R>): Promise<R> {
    const result = this.#last.then(async () => {
      if (this.#held.length === 0) throw new MathError('expected an open convolver, got a disposed one')
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

  /** The record of one image shape; pixels are multiplied by `factor` on the way in or out. */
  #record(memory: CallMemory, shape: ImageShape, plane: Uint8Array, factor: number): number {
    const factorX = memory.reserve(shape.nx, this.#single).fill(factor)
    const rows = this.#bands(shape.ny) * this.#lanes
    const factorY = memory.reserve(rows, this.#single).fill(1)
    const bands = memory.hold(this.#pool.arena.uint8(this.#bands(shape.ny) * shape.nx * 16))
    const [alongU, alongV] = this.#tables
    const job: PlaneJobValues = {
      ...shape,
      nu: this.#nu,
      nv: this.#nv,
      firstColumn: 0,
      endColumn: (this.#nu / 2 + 2) & ~1,
      firstRow: 0,
      endRow: this.#nv,
      nPlane: 1,
      grid: plane.byteOffset,
      planeBytes: plane.length,
      rowBytes: this.#rowBytes,
      image: bands.byteOffset,
      factorX: factorX.byteOffset,
      factorY: factorY.byteOffset,
      twiddleU: alongU.twiddleAddress,
      planU: alongU.planAddress,
      twiddleV: alongV.twiddleAddress,
      planV: alongV.planAddress,
    }
    return memory.hold(writePlaneJob(this.#pool.arena, job)).byteOffset
  }

  get #lanes(): number {
    return this.#single ? 4 : 2
  }

  #bands(ny: number): number {
    return 2 * Math.ceil(ny / (2 * this.#lanes))
  }

  #columns(direction: 'To' | 'From', record: number): KernelStep {
    const blocks = Math.ceil(((this.#nu / 2 + 2) & ~1) / (this.#single ? 16 : 8))
    const kernel = `columns${direction}Image${this.#suffix}`
    return { kernel, items: blocks, scratchBytes: 64 + 160 * this.#nv, args: [record] }
  }

  #rows(direction: 'To' | 'From', record: number, ny: number): KernelStep {
    const kernel = `rows${direction}ImageFlat${this.#suffix}`
    return { kernel, items: this.#bands(ny) / 2, scratchBytes: 144 * this.#nu, args: [record] }
  }

  #toSpectrum(record: number, ny: number, pixels: number): KernelStep[] {
    const kernel = `beginImage${this.#suffix}`
    return [
      { kernel, items: this.#bands(ny), scratchBytes: 64, args: [record, pixels] },
      this.#rows('From', record, ny),
      this.#columns('From', record),
    ]
  }

  #fromSpectrum(record: number, ny: number, pixels: number): KernelStep[] {
    const kernel = `finishImage${this.#suffix}`
    return [
      this.#columns('To', record),
      this.#rows('To', record, ny),
      { kernel, items: this.#bands(ny), scratchBytes: 64, args: [record, pixels] },
    ]
  }

  dispose(): void {
    for (const array of this.#held.splice(0)) this.#pool.arena.free(array)
    for (const tables of this.#tables.splice(0)) tables.dispose()
  }
}

/** A cycle long enough that what wraps around falls outside the image. */
function cyclicSize(n: number, nResponse: number, origin: number): number {
  const reach = Math.max(origin, nResponse - 1 - origin)
  return goodFftSize(Math.max(32, n + reach, nResponse))
}

function checkShapes({ nx, ny, response, responseNx, responseNy, originX, originY }: ConvolverOptions): void {
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx >= 1 && ny >= 1 && nx <= 16384 && ny <= 16384)) {
    throw new MathError(`expected images of 1 to 16384 pixels a side, got ${nx} × ${ny}`, { nx, ny })
  }
  if (response.length !== responseNx * responseNy || responseNx > 2 * nx || responseNy > 2 * ny) {
    throw new MathError(
      `expected a response of at most ${2 * nx} × ${2 * ny} pixels, got ${responseNx} × ${responseNy} (${response.length} numbers)`,
      { responseNx, responseNy, length: response.length },
    )
  }
  const [x, y] = [originX ?? 0, originY ?? 0]
  if (!(Number.isInteger(x) && Number.isInteger(y) && x >= 0 && y >= 0 && x < responseNx && y < responseNy)) {
    throw new MathError(`expected the origin on a pixel of the response, got (${x}, ${y})`, { x, y })
  }
}
