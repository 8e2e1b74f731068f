// The minor cycle over all planes of a cube, and what has to be known of the planes before and after.

import {
  MINOR_STOP,
  type MinorCycleCall,
  type MinorCycleControl,
  type MinorCycleOutcome,
  type MinorCyclePlane,
  type MinorStopCode,
  minorCycle,
  mtmfsMinorCycle,
  nsigmaThresholdJy,
  residualNoise,
} from '@cleanbeam/deconvolution'
import type { ImageShape, Stokes, SummaryMinor } from '@cleanbeam/types'
import type { PlanePeak } from './iteration-control.ts'
import type { CleanMethod, MtmfsMethod } from './minor-cycle-plan.ts'
import { appendEntry, appendIdleEntry } from './minor-summary.ts'
import { planeExtremes } from './plane-peak.ts'

/** The images of a field that a minor cycle works on, laid out as in ImageCube; Taylor terms follow one another. */
export interface CleanCubes {
  /** Number of the field: 0 for the main image, then the outliers. */
  readonly field: number
  /** Of one term. */
  readonly shape: ImageShape
  /** What each Stokes plane holds. */
  readonly stokes: readonly Stokes[]
  /** Jy/beam; changed in place by {@link cleanCubes}. n terms. */
  readonly residual: Float32Array
  /** 2n − 1 cubes. */
  readonly psf: readonly Float32Array[]
  /** Jy/pixel; changed in place by {@link cleanCubes}. n terms. */
  readonly model: Float32Array
  /** Above 0 where components are sought; null before there is a mask. */
  readonly mask: Float32Array | null
  /** 1 where the primary beam is above its limit; null: everywhere. */
  readonly valid: Uint8Array | null
}

/** A plane of a cube and where it begins. */
interface PlaneIndex {
  readonly channel: number
  readonly stokes: number
  readonly start: number
  readonly end: number
}

function planesOf(shape: ImageShape): PlaneIndex[] {
  const [nx, ny, nStokes, nChannel] = shape
  const planes: PlaneIndex[] = []
  for (let channel = 0; channel < nChannel; channel++) {
    for (let stokes = 0; stokes < nStokes; stokes++) {
      const start = nx * ny * (stokes + nStokes * channel)
      planes.push({ channel, stokes, start, end: start + nx * ny })
    }
  }
  return planes
}

/** Everything the stop criteria ask about a field. */
export interface CubeState {
  readonly planes: readonly PlanePeak[]
  readonly maskSum: number
  /** Over all planes, mask or not, Jy. */
  readonly peakResidualNoMaskJy: number
}

/** What several fields are together. */
export function joinStates(states: readonly CubeState[]): CubeState {
  return {
    planes: states.flatMap(state => state.planes),
    maskSum: states.reduce((sum, state) => sum + state.maskSum, 0),
    peakResidualNoMaskJy: Math.max(0, ...states.map(state => state.peakResidualNoMaskJy)),
  }
}

/** Peaks, noise limits and mask size of all planes; of Taylor terms the first counts. */
export function cubeState(cubes: CleanCubes, noise: { nsigma: number; fastnoise: boolean }): CubeState {
  let maskSum = 0
  let peakResidualNoMaskJy = 0
  const planes = planesOf(cubes.shape).map(({ start, end }) => {
    const residual = cubes.residual.subarray(start, end)
    const mask = cubes.mask?.subarray(start, end) ?? null
    const extremes = planeExtremes(residual, mask)
    maskSum += extremes.maskSum
    peakResidualNoMaskJy = Math.max(peakResidualNoMaskJy, extremes.peakResidualNoMaskJy)
    const limitJy = planeNsigmaThresholdJy(residual, mask, cubes.valid?.subarray(start, end) ?? null, noise)
    return { peakResidualJy: extremes.peakResidualJy, nsigmaThresholdJy: limitJy }
  })
  return { planes, maskSum, peakResidualNoMaskJy }
}

/** The limit that nsigma sets in a plane, Jy; 0 when nsigma is 0. */
export function planeNsigmaThresholdJy(
  residual: Float32Array,
  mask: Float32Array | null,
  valid: Uint8Array | null,
  noise: { readonly nsigma: number; readonly fastnoise: boolean },
): number {
  if (noise.nsigma <= 0) return 0
  return nsigmaThresholdJy(noise.nsigma, residualNoise(residual, mask, valid, noise.fastnoise))
}

/** Limits of one minor-cycle set. */
export interface CycleControl {
  readonly gain: number
  /** Per plane. */
  readonly maxIterations: number
  readonly cycleThresholdJy: number
  /** nsigma limit of each plane, Jy, as {@link cubeState} found it. */
  readonly planes: readonly PlanePeak[]
  /** Components found before this field's turn. */
  readonly iterationsBefore: number
}

/** What a minor-cycle set did in all. */
export interface CycleOutcome {
  readonly iterations: number
  /** The largest number of components in one plane. */
  readonly largestPlaneIterations: number
}

/**
 * Cleans every plane by `control` and adds entries to `summary`: one per plane, or one per channel under polarisation 0
 * for methods that clean all Stokes planes jointly.
 */
export async function cleanCubes(
  method: CleanMethod,
  cubes: CleanCubes,
  control: CycleControl,
  summary: SummaryMinor,
  call: MinorCycleCall,
): Promise<CycleOutcome> {
  let iterations = 0
  let largestPlaneIterations = 0
  for (const { turn, outcome } of await cleanTurns(method, cubes, control, call)) {
    appendEntry(
      summary,
      { field: cubes.field, channel: turn[0].channel, polarisation: turn[0].stokes },
      {
        outcome: { ...outcome, stopCode: reportedStopCode(outcome, planeControl(cubes, turn[0], control)) },
        cycleThresholdJy: control.cycleThresholdJy,
        startIterations: control.iterationsBefore + iterations,
        cycleStartIterations: control.iterationsBefore,
      },
    )
    iterations += outcome.iterations
    largestPlaneIterations = Math.max(largestPlaneIterations, outcome.iterations)
  }
  return { iterations, largestPlaneIterations }
}

/** CASA's code for a plane that needed no component: 3 below its nsigma limit, 2 where the mask of the plane is empty. */
function reportedStopCode(outcome: MinorCycleOutcome, { nsigmaThresholdJy = 0 }: MinorCycleControl): MinorStopCode {
  if (outcome.iterations > 0) return outcome.stopCode
  if (outcome.maskSum === 0) return MINOR_STOP.cycleThreshold
  if (outcome.startPeakResidualJy <= nsigmaThresholdJy) return MINOR_STOP.zeroIterations
  return outcome.stopCode
}

/** Planes that were cleaned together and what came of it. */
interface CleanedTurn {
  readonly turn: readonly PlaneIndex[]
  readonly outcome: MinorCycleOutcome
}

/** Hogbom cleans all planes side by side; the others one turn after the other. */
async function cleanTurns(
  method: CleanMethod,
  cubes: CleanCubes,
  control: CycleControl,
  call: MinorCycleCall,
): Promise<CleanedTurn[]> {
  const turns = turnsOf(method, cubes.shape)
  if (method.kind === 'mtmfs') return cleanTerms(method, cubes, turns, control, call)
  if (method.kind === 'hogbom') {
    const planes = turns.map(([plane]) => cleanPlane(cubes, plane))
    const controls = turns.map(([plane]) => planeControl(cubes, plane, control))
    const outcomes = await minorCycle(method, planes, controls, call)
    return turns.map((turn, index) => ({ turn, outcome: outcomes[index] }))
  }
  const cleaned: CleanedTurn[] = []
  for (const [done, turn] of turns.entries()) {
    call.onProgress?.({ what: 'planes cleaned', done, total: turns.length })
    const planes = turn.map(plane => cleanPlane(cubes, plane))
    const [outcome] = await minorCycle(method, planes, planeControl(cubes, turn[0], control), call)
    cleaned.push({ turn, outcome })
  }
  return cleaned
}

/** The Taylor terms of every plane together. */
async function cleanTerms(
  method: MtmfsMethod,
  cubes: CleanCubes,
  turns: readonly PlaneIndex[][],
  control: CycleControl,
  call: MinorCycleCall,
): Promise<CleanedTurn[]> {
  const [nx, ny, nStokes, nChannel] = cubes.shape
  const perTerm = nx * ny * nStokes * nChannel
  const options = { ...method, cache: call.responses }
  const cleaned: CleanedTurn[] = []
  for (const turn of turns) {
    const { start, end } = turn[0]
    const terms = (pixels: Float32Array) =>
      Array.from({ length: pixels.length / perTerm }, (_, t) => pixels.subarray(t * perTerm + start, t * perTerm + end))
    const plane = {
      nx,
      ny,
      psf: cubes.psf.map(psf => psf.subarray(start, end)),
      residual: terms(cubes.residual),
      model: terms(cubes.model),
      mask: cubes.mask?.subarray(start, end) ?? null,
    }
    const outcome = await mtmfsMinorCycle(plane, options, planeControl(cubes, turn[0], control), call)
    cleaned.push({ turn, outcome })
  }
  return cleaned
}

/** Planes that are cleaned together, in the order of cleaning. */
function turnsOf(method: CleanMethod, shape: ImageShape): PlaneIndex[][] {
  const planes = planesOf(shape)
  if (method.kind !== 'clark') return planes.map(plane => [plane])
  return Array.from({ length: shape[3] }, (_, channel) => planes.filter(plane => plane.channel === channel))
}

function cleanPlane(cubes: CleanCubes, { stokes, start, end }: PlaneIndex): MinorCyclePlane {
  const [nx, ny] = cubes.shape
  return {
    nx,
    ny,
    residual: cubes.residual.subarray(start, end),
    psf: cubes.psf[0].subarray(start, end),
    mask: cubes.mask?.subarray(start, end) ?? null,
    model: cubes.model.subarray(start, end),
    stokes: cubes.stokes[stokes],
  }
}

/** As in CASA, the noise of a channel's first Stokes plane sets the nsigma limit of all of them. */
function planeControl(
  { shape: [, , nStokes] }: CleanCubes,
  { channel }: PlaneIndex,
  { gain, maxIterations, cycleThresholdJy, planes }: CycleControl,
): MinorCycleControl {
  return {
    gain,
    maxIterations,
    cycleThresholdJy,
    nsigmaThresholdJy: planes[nStokes * channel].nsigmaThresholdJy,
  }
}

/** Adds the entries of a call that cleans nothing: the state of every plane. */
export function summariseIdle(cubes: CleanCubes, summary: SummaryMinor): void {
  for (const { channel, stokes, start, end } of planesOf(cubes.shape)) {
    const mask = cubes.mask?.subarray(start, end) ?? null
    const extremes = planeExtremes(cubes.residual.subarray(start, end), mask)
    const model = cubes.model.subarray(start, end)
    appendIdleEntry(
      summary,
      { field: cubes.field, channel, polarisation: stokes },
      {
        peakResidualJy: mask && extremes.maskSum > 0 ? extremes.peakResidualJy : extremes.maximumJy,
        peakResidualNoMaskJy: extremes.maximumJy,
        modelFluxJy: model.reduce((sum, value) => sum + value, 0),
        maskSum: mask ? extremes.maskSum : 0,
      },
    )
  }
}
