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

/** Multi-scale clean (Cornwell 2008), each plane on its own. */
export interface MultiscaleMethod {
  readonly kind: 'multiscale'
  /** Sizes of the components in pixels, 0 for points; CASA: scales. */
  readonly scalesPixels: readonly number[]
  /** Above 0 favours small scales, below 0 large ones; CASA: smallscalebias. */
  readonly smallScaleBias: number
}

/** Maximum entropy (Cornwell & Evans 1985), each plane on its own. */
export interface MemMethod {
  readonly kind: 'mem'
}

/** Adaptive scale pixel clean (Bhatnagar & Cornwell 2004; Hsieh & Bhatnagar 2021), each plane on its own. */
export interface AspMethod {
  readonly kind: 'asp'
  /** Peak residual, Jy, below which points are cleaned (Högbom's way) instead; 0: never. CASA: fusedthreshold. */
  readonly fusedThresholdJy: number
  /** Largest initial scale in pixels; −1: chosen from the PSF. CASA: largestscale. */
  readonly largestScalePixels: number
}

/** The algorithm of a minor cycle with its own parameters; for mtmfs see `mtmfsMinorCycle`. */
export type MinorCycleMethod = HogbomMethod | ClarkMethod | ClarkStokesMethod | MultiscaleMethod | MemMethod | AspMethod

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
