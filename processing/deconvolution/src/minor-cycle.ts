import { createPacer, type KernelPool } from '@cleanbeam/math'
import type { CallOptions } from '@cleanbeam/types'
import { aspClean } from './asp.ts'
import { clarkClean } from './clark.ts'
import type { Computing } from './component-search.ts'
import { DeconvolutionError } from './deconvolution-error.ts'
import { hogbomClean } from './hogbom.ts'
import { memClean } from './mem.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { multiscaleClean } from './multiscale.ts'
import { createResponseCache, type ResponseCache } from './response-cache.ts'

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

const KINDS: readonly string[] = [
  'hogbom',
  'clark',
  'clarkstokes',
  'multiscale',
  'mem',
  'asp',
] satisfies MinorCycleMethod['kind'][]

/** What a minor cycle may be told besides its limits. */
export interface MinorCycleCall extends CallOptions {
  /** Runs the WebAssembly kernels; without, the plain loops do the work, many times slower. */
  readonly kernels?: KernelPool | null
  /** Keeps what multi-scale clean computes from the PSFs from one cycle to the next. */
  readonly responses?: ResponseCache
}

/**
 * Runs one minor cycle on planes, changing residuals and models in place.
 *
 * Methods that clean planes separately (hogbom, clarkstokes …) apply its control to each plane, of whatever channel, and
 * answer one outcome per plane; joint methods (clark) take the Stokes planes of one channel and answer one outcome in all,
 * with counts and fluxes of all planes. Lets other tasks run every 50 ms or so.
 * @param control - one for all planes, or one for each
 * @throws DeconvolutionError when array lengths disagree with the plane's size or the gain is not positive
 */
export async function minorCycle(
  method: MinorCycleMethod,
  planes: readonly MinorCyclePlane[],
  control: MinorCycleControl | readonly MinorCycleControl[],
  call: MinorCycleCall = {},
): Promise<MinorCycleOutcome[]> {
  const controls = isList(control) ? control : planes.map(() => control)
  checkMethod(method)
  if (controls.length !== planes.length) {
    throw new DeconvolutionError(`expected ${planes.length} controls, one per plane, got ${controls.length}`, {})
  }
  controls.forEach(checkControl)
  planes.forEach(checkPlane)
  const computing = { pacer: createPacer(call), kernels: call.kernels ?? null, signal: call.signal }
  call.signal?.throwIfAborted()
  if (method.kind === 'clark') return [await clarkClean(planes, controls[0], computing)]
  if (method.kind === 'hogbom') return hogbomClean(planes, controls, computing)
  const outcomes: MinorCycleOutcome[] = []
  for (const [index, plane] of planes.entries()) {
    outcomes.push(await cleanPlane(method, plane, controls[index], computing, call.responses ?? createResponseCache()))
    call.onProgress?.({ what: 'minor cycle', done: index + 1, total: planes.length })
  }
  return outcomes
}

async function cleanPlane(
  method: Exclude<MinorCycleMethod, HogbomMethod | ClarkMethod>,
  plane: MinorCyclePlane,
  control: MinorCycleControl,
  computing: Computing,
  cache: ResponseCache,
): Promise<MinorCycleOutcome> {
  switch (method.kind) {
    case 'clarkstokes':
      return clarkClean([plane], control, computing)
    case 'multiscale':
      return multiscaleClean(plane, method.scalesPixels, method.smallScaleBias, control, cache, computing.pacer)
    case 'mem':
      return memClean(plane, control, computing)
    case 'asp':
      return aspClean(plane, method, control, computing)
  }
}

function isList<T extends object>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

function checkMethod(method: MinorCycleMethod): void {
  if (!KINDS.includes(method.kind)) {
    throw new DeconvolutionError(`expected one of ${KINDS.join(', ')}, got ${method.kind}`, { kind: method.kind })
  }
}

function checkControl(control: MinorCycleControl): void {
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
