import type { CallOptions } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'

/** Högbom (1974) clean, each plane on its own. */
export interface HogbomMethod {
  readonly kind: 'hogbom'
}

/** The algorithm of a minor cycle with its own parameters. */
export type MinorCycleMethod = HogbomMethod

/**
 * Runs one minor cycle on the Stokes planes of one channel, changing residuals and models in place.
 *
 * Methods that clean planes separately (hogbom) apply `control` to each plane and answer one outcome per plane;
 * joint methods answer one outcome in all. Lets other tasks run every 50 ms or so.
 * @throws DeconvolutionError when plane sizes disagree or the gain is not in (0, 1]
 */
export async function minorCycle(
  method: MinorCycleMethod,
  planes: readonly MinorCyclePlane[],
  control: MinorCycleControl,
  call: CallOptions = {},
): Promise<MinorCycleOutcome[]> {
  call.signal?.throwIfAborted()
  throw new DeconvolutionError('expected a working minor cycle, got its signature only', {
    kind: method.kind,
    planes: planes.length,
    gain: control.gain,
  })
}
