// The deconvolution parameters of tclean in the engine's terms.

import type { MinorCycleMethod } from '@cleanbeam/deconvolution'
import type { TcleanParameters } from '@cleanbeam/types'
import { showValue } from './check-value.ts'
import { ParameterError } from './tclean-error.ts'

/**
 * The algorithm of the minor cycle with its own parameters.
 * @throws ParameterError for one this engine does not have
 */
export function minorCycleMethod({ deconvolver }: Pick<TcleanParameters, 'deconvolver'>): MinorCycleMethod {
  switch (deconvolver) {
    case 'hogbom':
    case 'clark':
    case 'clarkstokes':
      return { kind: deconvolver }
    default:
      throw new ParameterError(`expected a deconvolver of this engine, got ${showValue(deconvolver)}`, {
        parameter: 'deconvolver',
      })
  }
}
