import type { CallOptions, DataSelection, Observation } from '@cleanbeam/types'
import { ImagingError } from './imaging-error.ts'
import type { MajorCycle, MajorCycleOptions } from './major-cycle.ts'

/**
 * Reads the selected visibilities, forms Stokes samples, computes imaging weights and answers the major cycle.
 * @param observations - at least one
 * @param selections - one per observation, or one for all
 * @throws ImagingError when the definition cannot be imaged from these data (Stokes not in the data, size 0, all flagged)
 */
export async function openMajorCycle(
  observations: readonly Observation[],
  selections: readonly DataSelection[],
  options: MajorCycleOptions,
  call: CallOptions = {},
): Promise<MajorCycle> {
  call.signal?.throwIfAborted()
  throw new ImagingError('expected a working major cycle, got its signature only', {
    observations: observations.length,
    selections: selections.length,
    nx: options.image.nx,
  })
}
