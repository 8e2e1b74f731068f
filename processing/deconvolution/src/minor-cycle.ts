import { createPacer } from '@cleanbeam/math'
import type { CallOptions } from '@cleanbeam/types'
import { clarkClean } from './clark.ts'
import { DeconvolutionError } from './deconvolution-error.ts'
import { hogbomClean } from './hogbom.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'

/** Högbom (1974) clean, each plane on its own. */
export interface HogbomMethod {
  readonly kind: 'hogbom'
}

/** Clark (1980) clean of all planes together: `clark` with several Stokes. */
export interface ClarkMethod {
  readonly kind: 'clark'
}

/** Clark (1980) clean, each plane on its own. */
export interface ClarkStokesMethod {
  readonly kind: 'clarkstokes'
}

/** The algorithm of a minor cycle with its own parameters. */
export type MinorCycleMethod = HogbomMethod | ClarkMethod | ClarkStokesMethod

const KINDS: readonly string[] = ['hogbom', 'clark', 'clarkstokes'] satisfies MinorCycleMethod['kind'][]

/**
 * Runs one minor cycle on the Stokes planes of one channel, changing residuals and models in place.
 *
 * Methods that clean planes separately (hogbom, clarkstokes) apply `control` to each plane and answer one outcome per
 * plane; joint methods (clark) answer one outcome in all, with counts and fluxes of all planes. Lets other tasks run every 50 ms or so.
 * @throws DeconvolutionError when array lengths disagree with the plane's size or the gain is not positive
 */
export async function minorCycle(
  method: MinorCycleMethod,
  planes: readonly MinorCyclePlane[],
  control: MinorCycleControl,
  call: CallOptions = {},
): Promise<MinorCycleOutcome[]> {
  checkControl(method, control)
  planes.forEach(checkPlane)
  const pacer = createPacer(call)
  call.signal?.throwIfAborted()
  if (method.kind === 'clark') return [await clarkClean(planes, control, pacer)]
  const outcomes: MinorCycleOutcome[] = []
  for (const [index, plane] of planes.entries()) {
    outcomes.push(
      method.kind === 'hogbom' ? await hogbomClean(plane, control, pacer) : await clarkClean([plane], control, pacer),
    )
    call.onProgress?.({ what: 'minor cycle', done: index + 1, total: planes.length })
  }
  return outcomes
}

function checkControl(method: MinorCycleMethod, control: MinorCycleControl): void {
  if (!KINDS.includes(method.kind)) {
    throw new DeconvolutionError(`expected one of ${KINDS.join(', ')}, got ${method.kind}`, { kind: method.kind })
  }
  if (!(control.gain > 0) || !Number.isFinite(control.gain)) {
    throw new DeconvolutionError(`expected a positive loop gain, got ${control.gain}`, { gain: control.gain })
  }
  if (Number.isNaN(control.cycleThresholdJy) || Number.isNaN(control.maxIterations)) {
    throw new DeconvolutionError('expected numbers for the cycle threshold and the iteration limit, got NaN', {})
  }
}

function checkPlane(plane: MinorCyclePlane): void {
  const wanted = plane.nx * plane.ny
  for (const [name, array] of [
    ['residual', plane.residual],
    ['psf', plane.psf],
    ['model', plane.model],
    ['mask', plane.mask],
  ] as const) {
    if (array !== null && array.length !== wanted) {
      throw new DeconvolutionError(
        `expected ${plane.nx} × ${plane.ny} values, got ${array.length} (${name}): the products must have one size`,
        { array: name, wanted, got: array.length },
      )
    }
  }
}
