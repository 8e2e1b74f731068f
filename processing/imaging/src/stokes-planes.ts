import type { Stokes } from '@cleanbeam/types'
import { ImagingError } from './imaging-error.ts'

const ALLOWED = ['I', 'Q', 'U', 'V', 'IV', 'QU', 'UV', 'IQ', 'IQUV', 'RR', 'LL', 'RRLL', 'XX', 'YY', 'XXYY', 'pseudoI']

/** The planes a `stokes` parameter asks for, in image order. */
export interface StokesPlanes {
  readonly stokes: readonly Stokes[]
  readonly pseudoI: boolean
}

/**
 * Splits CASA's `stokes` parameter into planes.
 * @throws ImagingError naming the text when it is none of tclean's choices
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (stokes)
 */
export function parseStokes(text: string): StokesPlanes {
  if (!ALLOWED.includes(text)) {
    throw new ImagingError(`expected stokes to be one of ${ALLOWED.join(', ')}, got '${text}'`, { stokes: text })
  }
  if (text === 'pseudoI') return { stokes: ['I'], pseudoI: true }
  const planes = /^(RR|LL|XX|YY)/.test(text) ? text.match(/../g) : text.match(/./g)
  return { stokes: (planes ?? []) as Stokes[], pseudoI: false }
}
