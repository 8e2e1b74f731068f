import { goodFftSize } from '../fft-size.ts'
import { MathError } from '../math-error.ts'
import { ES_KERNEL_TABLE } from './es-kernel-table.ts'
import type { Precision } from './fft-tables.ts'

/** Geometry, accuracy and limits of a gridder. */
export interface GridderOptions {
  readonly nx: number
  readonly ny: number
  /** Size of a pixel, radians; l = (x − centreX)·cellXRad, so cellXRad < 0 where l grows towards smaller x. */
  readonly cellXRad: number
  readonly cellYRad: number
  /** Pixel of the phase centre, counted from 0; default ⌊nx/2⌋, ⌊ny/2⌋. */
  readonly centreX?: number
  readonly centreY?: number
  /**
   * Largest l2 error relative to the exact transform, for images and for visibilities; default 1e-5. At least 1e-5 for
   * 'f32' and 1e-12 for 'f64'.
   */
  readonly epsilon?: number
  /** Arithmetic and storage of visibilities, images and planes; default 'f32'. Positions are always f64. */
  readonly precision?: Precision
  /** Largest |w| of all samples that will come, wavelengths. */
  readonly maxAbsWLambda: number
  /** Largest |u| and |v| of all samples; only guides the choice of kernel. Default: the pixels' limit. */
  readonly maxAbsUvLambda?: number
  /** How many samples are expected; only guides the choice of kernel. Default 1e6. */
  readonly nSample?: number
  /** 'auto' (default): w planes unless their absence stays within epsilon. 'ignore': 2-D even so. */
  readonly wTerm?: 'auto' | 'ignore'
  /** For the planes in memory at once; at least one plane is always held. Default 1 GB. */
  readonly planeBytes?: number
}

/** One axis: support in cells, oversampling, kernel shape, aliasing error. */
export interface KernelChoice {
  readonly support: number
  readonly oversampling: number
  readonly beta: number
  readonly error: number
}

/** How the planes of the w stack lie. */
export interface WPlanes {
  readonly kernel: KernelChoice
  /** Wavelengths between planes; plane k is at w = k·distance. */
  readonly planeDistance: number
  /** Middle of the range of n − 1, taken out of the visibilities beforehand. */
  readonly middle: number
  /** Number k of the first plane. */
  readonly first: number
  readonly count: number
  /** First planes a sample can have. */
  readonly nBin: number
}

/** Everything decided before memory is allocated. */
export interface GridderPlan {
  readonly nx: number
  readonly ny: number
  readonly cellXRad: number
  readonly cellYRad: number
  readonly centreX: number
  readonly centreY: number
  readonly epsilon: number
  readonly precision: Precision
  readonly nu: number
  readonly nv: number
  readonly kernel: KernelChoice
  /** null: two-dimensional. */
  readonly w: WPlanes | null
  /** Largest phase error, radians, that leaving out the w term makes or would make. */
  readonly wPhaseBoundRad: number
  /** Planes in memory at once. */
  readonly planesAtOnce: number
  readonly tileShift: number
  readonly nTileU: number
  readonly nTileV: number
  /** Bytes of a stored row and of a stored plane. */
  readonly rowBytes: number
  readonly planeBytes: number
}

/** Stored cells before the periodic grid; equals BORDER in the kernels. */
export const GRID_BORDER = 8
/** More planes than this at once push a tile's cells out of the first-level cache (empirical). */
const MAX_PLANES_AT_ONCE = 10

/**
 * Chooses kernels, grid size and planes for the accuracy asked for at the least estimated cost.
 *
 * Axes err independently, so their errors add in quadrature: each may have 0.68 ε in 2-D and 0.56 ε in 3-D. 2-D is chosen
 * when the largest phase 2π·|w|·|n−1| that it neglects is below ε/2, which bounds the l2 error for any sky and data.
 * @throws MathError when sizes, cells or the accuracy are out of range
 */
export function planGridder(options: GridderOptions): GridderPlan {
  const { nx, ny, cellXRad, cellYRad, precision = 'f32', epsilon = 1e-5, wTerm = 'auto' } = options
  const centreX = options.centreX ?? Math.floor(nx / 2)
  const centreY = options.centreY ?? Math.floor(ny / 2)
  checkGeometry(nx, ny, cellXRad, cellYRad, centreX, centreY)
  checkAccuracy(epsilon, precision)
  const depth = fieldDepth(options, centreX, centreY)
  if (!(options.maxAbsWLambda >= 0 && Number.isFinite(options.maxAbsWLambda))) {
    throw new MathError(`expected a finite largest |w|, got ${options.maxAbsWLambda} wavelengths`)
  }
  const wPhaseBoundRad = 2 * Math.PI * options.maxAbsWLambda * depth
  const flat = wTerm === 'ignore' || wPhaseBoundRad <= epsilon / 2
  const share = (flat ? 0.68 : 0.56) * epsilon
  let best: { cost: number; plan: Omit<GridderPlan, 'rowBytes' | 'planeBytes' | 'planesAtOnce'> } | null = null
  for (const kernel of candidates(precision, share)) {
    const nu = goodFftSize(Math.max(32, 2 * kernel.oversampling * Math.max(centreX, nx - 1 - centreX, 1)))
    const nv = goodFftSize(Math.max(32, 2 * kernel.oversampling * Math.max(centreY, ny - 1 - centreY, 1)))
    for (const kernelW of flat ? [null] : candidates(precision, share)) {
      const w = kernelW === null ? null : stackPlanes(kernelW, depth, options.maxAbsWLambda)
      const cost = estimateCost(options, precision, kernel, w, nu, nv)
      if (best !== null && cost >= best.cost) continue
      const tileShift = w === null ? 5 : 4
      const nTileU = ((nu + GRID_BORDER + 1) >> tileShift) + 1
      const nTileV = ((nv + GRID_BORDER + 1) >> tileShift) + 1
      const image = { nx, ny, cellXRad, cellYRad, centreX, centreY, epsilon, precision }
      best = { cost, plan: { ...image, nu, nv, kernel, w, wPhaseBoundRad, tileShift, nTileU, nTileV } }
    }
  }
  if (best === null) throw new MathError(`expected a kernel for epsilon ${epsilon}, got none`, { epsilon })
  return withMemory(best.plan, options.planeBytes ?? 1e9)
}

function checkGeometry(nx: number, ny: number, cellX: number, cellY: number, centreX: number, centreY: number): void {
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx >= 1 && ny >= 1 && nx <= 32768 && ny <= 32768)) {
    throw new MathError(`expected an image of 1 to 32768 pixels a side, got ${nx} × ${ny}`, { nx, ny })
  }
  if (!(Number.isFinite(cellX) && Number.isFinite(cellY) && cellX !== 0 && cellY !== 0)) {
    throw new MathError(`expected pixel sizes in radians, got ${cellX} and ${cellY}`, { cellX, cellY })
  }
  const inside = Number.isInteger(centreX) && Number.isInteger(centreY) && centreX >= 0 && centreY >= 0
  if (!(inside && centreX < nx && centreY < ny)) {
    throw new MathError(`expected a phase centre on a pixel of the image, got (${centreX}, ${centreY})`, {
      centreX,
      centreY,
    })
  }
}

function checkAccuracy(epsilon: number, precision: Precision): void {
  const least = precision === 'f32' ? 1e-5 : 1e-12
  if (!(epsilon >= least && epsilon <= 0.01)) {
    throw new MathError(
      `expected epsilon between ${least} and 0.01 in ${precision}, got ${epsilon}: smaller ones need f64 (down to 1e-12)`,
      { epsilon, precision },
    )
  }
}

/** Largest |n − 1| over the image's pixels; 1 when it reaches the horizon. */
function fieldDepth(options: GridderOptions, centreX: number, centreY: number): number {
  const l = Math.max(centreX, options.nx - 1 - centreX) * options.cellXRad
  const m = Math.max(centreY, options.ny - 1 - centreY) * options.cellYRad
  const square = l * l + m * m
  return square >= 1 ? 1 : square / (1 + Math.sqrt(1 - square))
}

/** For each support the least oversampling that reaches `error`. */
function candidates(precision: Precision, error: number): KernelChoice[] {
  const widest = precision === 'f32' ? 8 : 14
  const found = new Map<number, KernelChoice>()
  for (const [support, oversampling, beta, kernelError] of ES_KERNEL_TABLE) {
    if (support <= widest && kernelError <= error && !found.has(support)) {
      found.set(support, { support, oversampling, beta, error: kernelError })
    }
  }
  return [...found.values()]
}

function stackPlanes(kernel: KernelChoice, depth: number, maxAbsW: number): WPlanes {
  const planeDistance = 1 / (kernel.oversampling * depth)
  const first = Math.ceil(-kernel.support / 2)
  // A margin against rounding, so that the sample of the largest w stays clear of the end of the bins.
  const lastFirst = Math.ceil((maxAbsW / planeDistance) * (1 + 1e-9) + 1e-9 - kernel.support / 2)
  const nBin = lastFirst - first + 1
  return { kernel, planeDistance, middle: -depth / 2, first, count: nBin + kernel.support - 1, nBin }
}

/**
 * Nanoseconds on one thread, up to a common factor; the constants are empirical (a 2 GHz Xeon) and only matter relative to
 * each other.
 */
function estimateCost(
  options: GridderOptions,
  precision: Precision,
  kernel: KernelChoice,
  w: WPlanes | null,
  nu: number,
  nv: number,
): number {
  const { nx, ny, nSample = 1e6 } = options
  const perTap = precision === 'f32' ? 1.3 : 2
  const rowVectors = precision === 'f32' ? Math.ceil(kernel.support / 2) : kernel.support
  const perPlane = perTap * (kernel.support * rowVectors + 5)
  const sampling = nSample * (30 + (w === null ? 1 : w.kernel.support) * perPlane)
  const perPoint = (precision === 'f32' ? 0.58 : 1.2) * Math.log2(nu * nv) * 0.5
  const spread = Math.min(1, 2 * (options.maxAbsUvLambda ?? Infinity) * Math.abs(options.cellXRad))
  const columns = (w === null ? 0.5 : 1) * spread * nu * nv
  const rows = (w === null ? 0.5 : 1) * nu * ny
  const pixels = w === null ? 0 : 2 * nx * ny
  return sampling + (w?.count ?? 1) * (perPoint * (columns + rows) + pixels)
}

function withMemory(
  plan: Omit<GridderPlan, 'rowBytes' | 'planeBytes' | 'planesAtOnce'>,
  budgetBytes: number,
): GridderPlan {
  const cellBytes = plan.precision === 'f32' ? 8 : 16
  const stored = (n: number, nTile: number) =>
    Math.max(n + 3 * GRID_BORDER, (nTile << plan.tileShift) + 2 * GRID_BORDER)
  // An odd number of cache lines keeps the rows of a column from competing for the same places in the cache.
  const lines = Math.ceil((stored(plan.nu, plan.nTileU) * cellBytes) / 64) | 1
  const rowBytes = lines * 64
  const planeBytes = rowBytes * stored(plan.nv, plan.nTileV)
  const count = plan.w?.count ?? 1
  const most = Math.max(1, Math.min(count, MAX_PLANES_AT_ONCE, Math.floor(budgetBytes / planeBytes)))
  const groups = Math.ceil(count / most)
  return { ...plan, rowBytes, planeBytes, planesAtOnce: Math.ceil(count / groups) }
}
