import type { RestoringBeam } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'

/**
 * Fits an elliptical Gaussian to the main lobe of a point spread function.
 * @param psf - nx·ny values, x fastest, 1 at (nx/2, ny/2)
 * @param cellRad - pixel size, radians, both positive
 * @param options.cutoff - pixels below this fraction of the peak are left out of the fit (CASA: psfcutoff, 0.35)
 * @returns the beam, or null for a plane without data (all zero)
 */
export function fitRestoringBeam(
  psf: Float32Array,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  options: { readonly cutoff?: number } = {},
): RestoringBeam | null {
  throw new DeconvolutionError('expected a beam fit, got its signature only', {
    n: psf.length,
    nx,
    ny,
    cell: cellRad[0],
    cutoff: options.cutoff,
  })
}

/**
 * The largest side lobe of a point spread function as CASA defines it for the cycle threshold: the fitted beam is
 * subtracted and the largest of what is left, or the absolute value of the deepest negative, is taken.
 */
export function maxPsfSidelobe(
  psf: Float32Array,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  beam: RestoringBeam,
): number {
  throw new DeconvolutionError('expected a side lobe, got its signature only', {
    n: psf.length,
    nx,
    ny,
    cell: cellRad[0],
    major: beam.majorRad,
  })
}
