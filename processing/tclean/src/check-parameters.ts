import type { DeconvolveInput, DeconvolveParameters, TcleanInput, TcleanParameters } from '@cleanbeam/types'
import { ParameterError } from './tclean-error.ts'

/**
 * All parameters of a tclean call, defaults filled in.
 * @throws ParameterError for an unknown name, a wrong type, a value out of range or a combination not supported
 */
export function checkTcleanParameters(_input: TcleanInput): TcleanParameters {
  throw new ParameterError('checkTcleanParameters is being written')
}

/** The same for deconvolve. */
export function checkDeconvolveParameters(_input: DeconvolveInput): DeconvolveParameters {
  throw new ParameterError('checkDeconvolveParameters is being written')
}
