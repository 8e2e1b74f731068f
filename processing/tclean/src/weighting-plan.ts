// The weighting parameters of tclean in the engine's terms.

import type { UvTaper, WeightingOptions } from '@cleanbeam/imaging'
import { parseAngleRad, parseQuantity, parseWavelengths } from '@cleanbeam/measures'
import type { TcleanParameters } from '@cleanbeam/types'
import { asParameter, fluxJy, listOf } from './check-combination.ts'
import { showValue } from './check-value.ts'
import { ParameterError } from './tclean-error.ts'

/** Cells that superuniform reaches when npixels is 0. */
const SUPERUNIFORM_PIXELS = 3

/**
 * How the samples are weighted. CASA's documentation says that boxes reach npixels/2 cells; the reference run shows that
 * they reach npixels (sum of weights to 1e-6). The other weightings count densities on a grid of npixels × npixels cells.
 */
export function weightingOptions(
  parameters: Pick<TcleanParameters, 'weighting' | 'robust' | 'noise' | 'npixels'>,
): WeightingOptions {
  const { robust, npixels } = parameters
  switch (parameters.weighting) {
    case 'uniform':
      return { kind: 'uniform', gridPixels: npixels }
    case 'superuniform':
      return { kind: 'uniform', npixels: npixels === 0 ? SUPERUNIFORM_PIXELS : npixels }
    case 'briggs':
      return { kind: 'briggs', robust, gridPixels: npixels }
    case 'briggsabs':
      return { kind: 'briggsabs', robust, gridPixels: npixels, noiseJy: fluxJy(parameters.noise, 'noise') }
    case 'briggsbwtaper':
      return { kind: 'briggsbwtaper', robust, gridPixels: npixels }
    case 'radial':
      return { kind: 'radial' }
    default:
      return { kind: 'natural' }
  }
}

/**
 * The outer taper asked for: [major, minor, angle], the last two optional. Angles are full widths on the sky, uv
 * distances are half widths at half maximum in the uv plane; null: none.
 * @throws ParameterError for more than three values, sizes that are not positive and units that do not fit
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (uvtaper)
 */
export function uvTaper(uvtaper: TcleanParameters['uvtaper']): UvTaper | null {
  const list = listOf(uvtaper)
  if (list.length === 0) return null
  if (list.length > 3) {
    throw new ParameterError(`expected uvtaper [major, minor, angle], got ${list.length} values`, {
      parameter: 'uvtaper',
    })
  }
  const [majorRad, minorRad] = [list[0], list[1] ?? list[0]].map(sizeOnSkyRad)
  const positionAngleRad =
    list[2] === undefined ? 0 : asParameter('uvtaper', () => parseAngleRad(list[2], 'uvtaper', { bareUnit: null }))
  return { majorRad, minorRad, positionAngleRad }
}

function sizeOnSkyRad(text: string): number {
  const size = asParameter('uvtaper', () => {
    if (parseQuantity(text, 'uvtaper').dimension === 'angle') return parseAngleRad(text, 'uvtaper')
    return (2 * Math.LN2) / (Math.PI * parseWavelengths(text, 'uvtaper'))
  })
  if (size > 0 && Number.isFinite(size)) return size
  throw new ParameterError(`expected positive sizes for uvtaper, got ${showValue(text)}`, { parameter: 'uvtaper' })
}
