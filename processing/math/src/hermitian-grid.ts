import { MathError } from './math-error.ts'

/**
 * One half of a Hermitian uv grid, the Fourier partner of a real image.
 *
 * Column k (0 … nX/2) holds frequencies k/nX cycles per pixel along x, and `nY` values along y, contiguous, index l
 * standing for l/nY (l ≥ nY/2 for negative frequencies). `guard` columns before column 0 and after column nX/2 take
 * what kernels spill over the edges; {@link foldGuards} and {@link fillGuards} tie them to their conjugates.
 */
export interface HermitianGrid {
  readonly nX: number
  readonly nY: number
  readonly guard: number
  /** [column + guard, y], length (nX/2 + 1 + 2·guard)·nY. */
  readonly re: Float64Array
  readonly im: Float64Array
}

/**
 * Allocates an empty grid.
 * @throws MathError when a size is odd or too small for the guards
 */
export function createHermitianGrid(nX: number, nY: number, guard: number): HermitianGrid {
  if (nX % 2 !== 0 || nY % 2 !== 0 || nX < 4 * guard + 2 || nY < 2 * guard + 2) {
    throw new MathError(`expected even grid sizes well above ${4 * guard}, got ${nX} × ${nY}`, { nX, nY, guard })
  }
  const length = (nX / 2 + 1 + 2 * guard) * nY
  return { nX, nY, guard, re: new Float64Array(length), im: new Float64Array(length) }
}

/**
 * Makes the half grid that of the Hermitian part (g(k, l) + conj g(−k, −l))/2 of what was added to it, guards included.
 * Guard columns are left zero.
 */
export function foldGuards(grid: HermitianGrid): void {
  const { nX, guard } = grid
  const half = nX / 2
  for (let k = 1; k <= guard; k++) {
    addConjugateColumn(grid, -k, k)
    addConjugateColumn(grid, half + k, half - k)
  }
  symmetriseColumn(grid, 0)
  symmetriseColumn(grid, half)
  scaleInner(grid)
}

function addConjugateColumn(grid: HermitianGrid, from: number, to: number): void {
  const { nY, guard, re, im } = grid
  const source = (from + guard) * nY
  const target = (to + guard) * nY
  for (let l = 0; l < nY; l++) {
    const mirror = l === 0 ? 0 : nY - l
    re[target + mirror] += re[source + l]
    im[target + mirror] -= im[source + l]
    re[source + l] = 0
    im[source + l] = 0
  }
}

function symmetriseColumn(grid: HermitianGrid, k: number): void {
  const { nY, guard, re, im } = grid
  const column = (k + guard) * nY
  for (let l = 0; l <= nY / 2; l++) {
    const mirror = l === 0 ? 0 : nY - l
    const meanRe = re[column + l] + re[column + mirror]
    const meanIm = im[column + l] - im[column + mirror]
    re[column + l] = meanRe
    re[column + mirror] = meanRe
    im[column + l] = meanIm
    im[column + mirror] = -meanIm
  }
}

function scaleInner(grid: HermitianGrid): void {
  const { nX, nY, guard, re, im } = grid
  const end = (nX / 2 + 1 + guard) * nY
  for (let j = guard * nY; j < end; j++) {
    re[j] *= 0.5
    im[j] *= 0.5
  }
}

/** Fills the guard columns with the conjugates they stand for, for interpolation near the edges. */
export function fillGuards(grid: HermitianGrid): void {
  const { nX, guard } = grid
  const half = nX / 2
  for (let k = 1; k <= guard; k++) {
    copyConjugateColumn(grid, k, -k)
    copyConjugateColumn(grid, half - k, half + k)
  }
}

function copyConjugateColumn(grid: HermitianGrid, from: number, to: number): void {
  const { nY, guard, re, im } = grid
  const source = (from + guard) * nY
  const target = (to + guard) * nY
  for (let l = 0; l < nY; l++) {
    const mirror = l === 0 ? 0 : nY - l
    re[target + mirror] = re[source + l]
    im[target + mirror] = -im[source + l]
  }
}
