// The deconvolution parameters of tclean in the engine's terms.

import type { MinorCycleMethod, MtmfsOptions } from '@cleanbeam/deconvolution'
import type { TcleanParameters } from '@cleanbeam/types'
import { showValue } from './check-value.ts'
import { ParameterError } from './tclean-error.ts'

/** Multi-term multi-frequency synthesis: all Taylor terms of a plane together. */
export interface MtmfsMethod extends MtmfsOptions {
  readonly kind: 'mtmfs'
}

/** The algorithm of a minor cycle with its own parameters. */
export type CleanMethod = MinorCycleMethod | MtmfsMethod

/** The minor cycles there are. */
export const DECONVOLVERS = ['hogbom', 'clark', 'clarkstokes', 'multiscale', 'mtmfs', 'mem', 'asp'] as const

/**
 * The algorithm that the parameters ask for.
 * @throws ParameterError for one this engine does not have
 */
export function minorCycleMethod(
  parameters: Pick<TcleanParameters, 'deconvolver' | 'scales' | 'smallscalebias' | 'fusedthreshold' | 'largestscale'>,
): CleanMethod {
  const { deconvolver, scales, smallscalebias, fusedthreshold, largestscale } = parameters
  switch (deconvolver) {
    case 'hogbom':
    case 'clark':
    case 'clarkstokes':
      return { kind: deconvolver }
    case 'multiscale':
    case 'mtmfs':
      return { kind: deconvolver, scalesPixels: scales.length > 0 ? scales : [0], smallScaleBias: smallscalebias }
    case 'mem':
      return { kind: 'mem' }
    case 'asp':
      return { kind: 'asp', fusedThresholdJy: fusedthreshold, largestScalePixels: largestscale }
    default:
      throw new ParameterError(`expected a deconvolver of this engine, got ${showValue(deconvolver)}`, {
        parameter: 'deconvolver',
      })
  }
}
