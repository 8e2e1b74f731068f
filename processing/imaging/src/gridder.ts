import {
  createHermitianGrid,
  createRealImageTransform,
  fillGuards,
  foldGuards,
  goodFftSize,
  gridToImage,
  type HermitianGrid,
  imageToGrid,
  type Pacer,
  type RealImageTransform,
} from '@cleanbeam/math'
import { chooseKernel, type GriddingKernel, kernelTaps, kernelTransform } from './gridding-kernel.ts'

const OVERSAMPLING = 1.5
const SAMPLES_PER_SLICE = 4096

/**
 * Transforms between samples at (u, v) and a real image, both ways, by convolution onto a grid and FFT.
 *
 * *Convention:* V = Σ S·exp(+2πi(ul + vm)), l = −(x − nx/2)·cell, m = (y − ny/2)·cell; the w term is not applied.
 * *Accuracy:* within `epsilon` of the peak of the direct sums, both ways; the two directions are adjoint to rounding.
 */
export interface Gridder {
  readonly nx: number
  readonly ny: number
  /** Cells per wavelength of the samples' −u and v. */
  readonly scaleX: number
  readonly scaleY: number
  readonly kernelX: GriddingKernel
  readonly kernelY: GriddingKernel
  readonly correctionX: Float64Array
  readonly correctionY: Float64Array
  readonly transform: RealImageTransform
  newGrid(): HermitianGrid
}

/** Prepares a gridder for images of nx × ny pixels of the given size (radians). */
export function createGridder(nx: number, ny: number, cellRad: readonly [number, number], epsilon: number): Gridder {
  const gridX = paddedSize(nx)
  const gridY = paddedSize(ny)
  const kernelX = chooseKernel(epsilon, gridX / nx)
  const kernelY = chooseKernel(epsilon, gridY / ny)
  const guard = (kernelX.support >> 1) + 1
  return {
    nx,
    ny,
    scaleX: gridX * cellRad[0],
    scaleY: gridY * cellRad[1],
    kernelX,
    kernelY,
    correctionX: kernelTransform(kernelX, nx, gridX),
    correctionY: kernelTransform(kernelY, ny, gridY),
    transform: createRealImageTransform(nx, ny, gridX, gridY),
    newGrid: () => createHermitianGrid(gridX, gridY, guard),
  }
}

/** Wide enough for the guards of the widest kernel even when the image has one pixel. */
function paddedSize(n: number): number {
  return goodFftSize(Math.max(OVERSAMPLING * n, 48))
}

/** Samples at (u, v), wavelengths, with their weights, [sample]. */
export interface PlainSamples {
  readonly nSample: number
  readonly uLambda: Float64Array
  readonly vLambda: Float64Array
  /** 0 (or less, or NaN) leaves a sample out. */
  readonly weight: ArrayLike<number>
}

/** Writes sample s's value into `pair` as [re, im]. */
export type SampleSource = (s: number, pair: Float64Array) => void

/**
 * image(x, y) = Σ_s Re(weight_s·value_s·exp(−2πi(u l + v m))), not normalised.
 * @returns Float64Array nx·ny
 */
export async function samplesToImage(
  gridder: Gridder,
  samples: PlainSamples,
  source: SampleSource,
  pacer: Pacer,
): Promise<Float64Array> {
  const grid = gridder.newGrid()
  for (let from = 0; from < samples.nSample; from += SAMPLES_PER_SLICE) {
    spreadSamples(gridder, grid, samples, source, from, Math.min(samples.nSample, from + SAMPLES_PER_SLICE))
    if (pacer.due()) await pacer.rest()
  }
  foldGuards(grid)
  const image = new Float64Array(gridder.nx * gridder.ny)
  await gridToImage(gridder.transform, grid, image, pacer)
  correctImage(gridder, image)
  return image
}

function correctImage(gridder: Gridder, image: Float64Array): void {
  const { nx, ny, correctionX, correctionY } = gridder
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) image[x + nx * y] /= correctionX[x] * correctionY[y]
  }
}

function spreadSamples(
  gridder: Gridder,
  grid: HermitianGrid,
  samples: PlainSamples,
  source: SampleSource,
  from: number,
  to: number,
): void {
  const { scaleX, scaleY, kernelX, kernelY } = gridder
  const { nY, guard, re, im } = grid
  const tapsX = new Float64Array(kernelX.support)
  const tapsY = new Float64Array(kernelY.support)
  const pair = new Float64Array(2)
  for (let s = from; s < to; s++) {
    const weight = samples.weight[s]
    if (!(weight > 0)) continue
    const flip = samples.uLambda[s] > 0 ? -1 : 1
    const firstX = kernelTaps(kernelX, -flip * samples.uLambda[s] * scaleX, tapsX)
    const firstY = kernelTaps(kernelY, flip * samples.vLambda[s] * scaleY, tapsY)
    source(s, pair)
    const valueRe = weight * pair[0]
    const valueIm = flip * weight * pair[1]
    const startY = firstY < 0 ? firstY + nY : firstY
    for (let i = 0; i < kernelX.support; i++) {
      const column = (firstX + i + guard) * nY
      const columnRe = valueRe * tapsX[i]
      const columnIm = valueIm * tapsX[i]
      let l = startY
      for (let j = 0; j < kernelY.support; j++) {
        re[column + l] += columnRe * tapsY[j]
        im[column + l] += columnIm * tapsY[j]
        if (++l === nY) l = 0
      }
    }
  }
}

/**
 * The grid from which {@link readSample} answers the visibilities of an image: V = Σ image·exp(+2πi(ul + vm)).
 * @param image - Jy/pixel, nx·ny
 * @param maxULambda - columns for larger |u| are left out; default all
 */
export async function imageToSampleGrid(
  gridder: Gridder,
  image: ArrayLike<number>,
  pacer: Pacer,
  maxULambda = Number.POSITIVE_INFINITY,
): Promise<HermitianGrid> {
  const corrected = Float64Array.from(image)
  correctImage(gridder, corrected)
  const grid = gridder.newGrid()
  const nColumn = Math.min(grid.nX / 2 + 1, Math.ceil(maxULambda * gridder.scaleX) + gridder.kernelX.support)
  await imageToGrid(gridder.transform, corrected, grid, pacer, nColumn)
  fillGuards(grid)
  return grid
}

/** Space that {@link readSample} works in. */
export interface TapSpace {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Allocates space for {@link readSample}. */
export function createTapSpace(gridder: Gridder): TapSpace {
  return { x: new Float64Array(gridder.kernelX.support), y: new Float64Array(gridder.kernelY.support) }
}

/** Interpolates the grid of {@link imageToSampleGrid} at (u, v) and writes [re, im] into `pair`. */
export function readSample(
  gridder: Gridder,
  grid: HermitianGrid,
  uLambda: number,
  vLambda: number,
  taps: TapSpace,
  pair: Float64Array,
): void {
  const { kernelX, kernelY } = gridder
  const { nY, guard, re, im } = grid
  const flip = uLambda > 0 ? -1 : 1
  const firstX = kernelTaps(kernelX, -flip * uLambda * gridder.scaleX, taps.x)
  const firstY = kernelTaps(kernelY, flip * vLambda * gridder.scaleY, taps.y)
  const startY = firstY < 0 ? firstY + nY : firstY
  let sumRe = 0
  let sumIm = 0
  for (let i = 0; i < kernelX.support; i++) {
    const column = (firstX + i + guard) * nY
    let columnRe = 0
    let columnIm = 0
    let l = startY
    for (let j = 0; j < kernelY.support; j++) {
      columnRe += re[column + l] * taps.y[j]
      columnIm += im[column + l] * taps.y[j]
      if (++l === nY) l = 0
    }
    sumRe += columnRe * taps.x[i]
    sumIm += columnIm * taps.x[i]
  }
  pair[0] = sumRe
  pair[1] = flip * sumIm
}
