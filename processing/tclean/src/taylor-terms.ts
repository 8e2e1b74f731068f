// Taylor terms of a wideband image: how many there are and what their products are called.

import type { TcleanParameters } from '@cleanbeam/types'

/** The terms of an image. */
export interface TaylorTerms {
  /** n; residual, model and image have n terms, PSF and sum of weights 2n − 1. */
  readonly nTerm: number
  /** Products carry `.tt0`, `.tt1` …; also with a single term, when mtmfs was asked for. */
  readonly named: boolean
}

/** Terms that the parameters ask for: nterms with mtmfs, else one without a name. */
export function taylorTerms({ deconvolver, nterms }: Pick<TcleanParameters, 'deconvolver' | 'nterms'>): TaylorTerms {
  return deconvolver === 'mtmfs' ? { nTerm: nterms, named: true } : { nTerm: 1, named: false }
}

/** Number of PSFs that n terms need: their products reach up to the power 2n − 2. */
export function psfTerms({ nTerm }: TaylorTerms): number {
  return 2 * nTerm - 1
}

/** The product of one term: `.residual`, or `.residual.tt1`. */
export function termSuffix({ named }: TaylorTerms, stem: string, term: number): string {
  return named ? `${stem}.tt${term}` : stem
}
