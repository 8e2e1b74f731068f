import { esKernelTransform } from './es-kernel.ts'
import { createFftTables, type FftTables } from './fft-tables.ts'
import { GRID_BORDER, type GridderPlan, type KernelChoice } from './gridder-plan.ts'
import type { PlaneJobValues, SamplingJobValues } from './job-records.ts'
import { evenChebyshevSeries, tapPolynomials } from './kernel-taps.ts'
import type { MemoryArena } from './memory-arena.ts'

const SPEED_OF_LIGHT = 299792458

/** The constant tables of a gridder in kernel memory, and the job fields that follow from its plan. */
export interface GridderTables {
  readonly sampling: SamplingJobValues
  readonly planes: PlaneJobValues
  /** Rows of pixels that one vector spans, and how many such bands the image has (an even number). */
  readonly lanes: number
  readonly nBand: number
  dispose(): void
}

/** Computes taps, corrections and FFT tables. The w phase table is left to a kernel; its memory is reserved here. */
export function createGridderTables(arena: MemoryArena, plan: GridderPlan): GridderTables {
  const single = plan.precision === 'f32'
  const lanes = single ? 4 : 2
  const nBand = 2 * Math.ceil(plan.ny / (2 * lanes))
  const held: (Float32Array | Float64Array)[] = []
  const numbers = (values: ArrayLike<number>) => {
    const array = single ? arena.float32(values.length) : arena.float64(values.length)
    array.set(values)
    held.push(array)
    return array.byteOffset
  }
  const taps = (kernel: KernelChoice) =>
    tapPolynomials(kernel.support, kernel.beta, single ? 4 : 2, 0.05 * kernel.error)
  const transforms: FftTables[] = []
  const dispose = () => {
    for (const array of held.splice(0)) arena.free(array)
    for (const tables of transforms.splice(0)) tables.dispose()
  }
  try {
    const tapsUv = taps(plan.kernel)
    const tapsW = plan.w === null ? null : taps(plan.w.kernel)
    const sampling: SamplingJobValues = {
      ...samplingGeometry(plan),
      nTerm: tapsUv.nTerm,
      coefficients: numbers(tapsUv.coefficients),
      nTermW: tapsW?.nTerm ?? 0,
      coefficientsW: tapsW === null ? 0 : numbers(tapsW.coefficients),
    }
    const along = (n: number) => {
      const tables = createFftTables(arena, n, plan.precision)
      transforms.push(tables)
      return tables
    }
    const alongU = along(plan.nu)
    const alongV = plan.nv === plan.nu ? alongU : along(plan.nv)
    const nDistance = 1 + Math.max(plan.centreX, plan.nx - 1 - plan.centreX)
    const entries = plan.w === null ? 0 : nBand * nDistance * lanes
    const phase = single ? arena.float32(entries) : arena.float64(entries)
    held.push(phase)
    const halfX = plan.w === null ? 0.5 : 1
    const planes: PlaneJobValues = {
      ...planeGeometry(plan),
      nDistance,
      phase: phase.byteOffset,
      factorX: numbers(correction(plan.kernel, plan.nx, plan.centreX, plan.nu, plan.nx, halfX)),
      factorY: numbers(correction(plan.kernel, plan.ny, plan.centreY, plan.nv, nBand * lanes, 1)),
      ...wSeries(plan, numbers),
      twiddleU: alongU.twiddleAddress,
      planU: alongU.planAddress,
      twiddleV: alongV.twiddleAddress,
      planV: alongV.planAddress,
    }
    return { sampling, planes, lanes, nBand, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

function samplingGeometry(plan: GridderPlan): SamplingJobValues {
  const { w } = plan
  return {
    scaleU: (plan.cellXRad * plan.nu) / SPEED_OF_LIGHT,
    scaleV: (plan.cellYRad * plan.nv) / SPEED_OF_LIGHT,
    scaleW: w === null ? 0 : 1 / (w.planeDistance * SPEED_OF_LIGHT),
    originU: plan.nu / 2 + GRID_BORDER - plan.kernel.support / 2,
    originV: plan.nv / 2 + GRID_BORDER - plan.kernel.support / 2,
    originW: w === null ? 0 : -w.kernel.support / 2 - w.first,
    shiftW: w === null ? 0 : w.middle / SPEED_OF_LIGHT,
    hasW: w === null ? 0 : 1,
    support: plan.kernel.support,
    supportW: w?.kernel.support ?? 1,
    nTileU: plan.nTileU,
    nTileV: plan.nTileV,
    tileShift: plan.tileShift,
    nBinW: w?.nBin ?? 1,
    planeBytes: plan.planeBytes,
    rowBytes: plan.rowBytes,
  }
}

function planeGeometry(plan: GridderPlan): PlaneJobValues {
  const { nx, ny, centreX, centreY, nu, nv, planeBytes, rowBytes, w } = plan
  return {
    cellX: plan.cellXRad,
    cellY: plan.cellYRad,
    planeDistance: w?.planeDistance ?? 0,
    middle: w?.middle ?? 0,
    nx,
    ny,
    centreX,
    centreY,
    nu,
    nv,
    hasW: w === null ? 0 : 1,
    planeBytes,
    rowBytes,
  }
}

/** factor·(−1)^(k−centre)/φ̂((k−centre)/nGrid) per pixel; 0 in the padding. */
function correction(
  kernel: KernelChoice,
  n: number,
  centre: number,
  nGrid: number,
  padded: number,
  factor: number,
): Float64Array {
  const transform = esKernelTransform(kernel.support, kernel.beta)
  const values = new Float64Array(padded)
  for (let k = 0; k < n; k++) {
    values[k] = (((k - centre) % 2 === 0 ? 1 : -1) * factor) / transform((k - centre) / nGrid)
  }
  return values
}

function wSeries(plan: GridderPlan, numbers: (values: ArrayLike<number>) => number): PlaneJobValues {
  if (plan.w === null) return {}
  const { support, beta, oversampling } = plan.w.kernel
  const transform = esKernelTransform(support, beta)
  const limit = 1 / (2 * oversampling)
  const series = evenChebyshevSeries(xi => 1 / transform(xi), limit, plan.precision === 'f32' ? 1e-8 : 1e-15)
  return { series: numbers(series), nSeries: series.length, seriesScale: 1 / (limit * limit) }
}
