import type { RestoringBeam } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'
import { fitGaussian, type GaussianShape } from './gaussian-fit.ts'
import { mainLobePoints } from './psf-lobe.ts'

/** CASA's default of psfcutoff. */
const DEFAULT_CUTOFF = 0.35
/** Each failed fit lowers the cutoff by this factor, at most this often (CASA documentation, psfcutoff). */
const CUTOFF_DIVISOR = 1.5
const MAX_ATTEMPTS = 50

/**
 * Fits an elliptical Gaussian of height 1 to the main lobe of a point spread function.
 *
 * All points above the cutoff count alike. A small lobe is resampled, since its few pixels alone do not fix
 * an ellipse. When a fit fails the cutoff is lowered.
 * @param psf - nx·ny values, x fastest, 1 at (nx/2, ny/2)
 * @param cellRad - pixel size, radians, both positive
 * @param options.cutoff - pixels below this fraction of the peak are left out of the fit (CASA: psfcutoff, 0.35)
 * @returns the beam, or null for a plane without data (all zero)
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (psfcutoff)
 */
export function fitRestoringBeam(
  psf: Float32Array,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  options: { readonly cutoff?: number } = {},
): RestoringBeam | null {
  let cutoff = options.cutoff ?? DEFAULT_CUTOFF
  if (!(cutoff > 0 && cutoff < 1)) {
    throw new DeconvolutionError(`expected a psfcutoff between 0 and 1, got ${cutoff}`, { cutoff })
  }
  if (!(psf[(nx >> 1) + nx * (ny >> 1)] > 0)) return null
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const points = mainLobePoints(psf, nx, ny, cellRad, cutoff)
    const unit = cellRad[0]
    const scaled = { ...points, east: points.east.map(e => e / unit), north: points.north.map(n => n / unit) }
    const shape = fitGaussian(scaled)
    if (shape !== null) return beamOf(shape, unit)
    cutoff /= CUTOFF_DIVISOR
  }
  throw new DeconvolutionError(
    `expected a main lobe that a Gaussian fits, got none in ${nx} × ${ny} pixels of the PSF: use smaller pixels or ` +
      'give restoringbeam',
    { nx, ny },
  )
}

/** Axes and angle from the quadratic form; the half-maximum ellipse solves a·e² + b·e·n + c·n² = ln 2. */
function beamOf({ a, b, c }: GaussianShape, unit: number): RestoringBeam {
  const mean = 0.5 * (a + c)
  const spread = Math.hypot(0.5 * (a - c), 0.5 * b)
  const fwhm = (k: number) => 2 * Math.sqrt(Math.LN2 / k) * unit
  return {
    majorRad: fwhm(mean - spread),
    minorRad: fwhm(mean + spread),
    positionAngleRad: halfTurn(0.5 * Math.atan2(-b, a === c && b === 0 ? 1 : -(c - a))),
  }
}

/** Brings an angle of an axis into (−π/2, π/2]. */
function halfTurn(angle: number): number {
  let turned = angle % Math.PI
  if (turned > Math.PI / 2) turned -= Math.PI
  if (turned <= -Math.PI / 2) turned += Math.PI
  return turned
}

/**
 * The largest side lobe of a point spread function as CASA counts it for the cycle threshold: the larger of the peak of
 * PSF minus fitted beam and the depth of the PSF's deepest negative.
 */
export function maxPsfSidelobe(
  psf: Float32Array,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  beam: RestoringBeam,
): number {
  const sin = Math.sin(beam.positionAngleRad)
  const cos = Math.cos(beam.positionAngleRad)
  const alongScale = (4 * Math.LN2) / beam.majorRad ** 2
  const acrossScale = (4 * Math.LN2) / beam.minorRad ** 2
  let largest = 0
  for (let y = 0; y < ny; y++) {
    const north = (y - (ny >> 1)) * cellRad[1]
    for (let x = 0; x < nx; x++) {
      const value = psf[x + nx * y]
      if (-value > largest) largest = -value
      if (!(value > largest)) continue
      const east = -(x - (nx >> 1)) * cellRad[0]
      const along = east * sin + north * cos
      const across = east * cos - north * sin
      const above = value - Math.exp(-(along * along * alongScale + across * across * acrossScale))
      if (above > largest) largest = above
    }
  }
  return largest
}
