import type { Pacer } from '@cleanbeam/math'
import type { Computing } from './component-search.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { outcomeOf, stateBefore } from './plane-outcome.ts'
import { modelFluxJy, planePeak } from './plane-peak.ts'
import { createPsfConvolver, type PsfConvolver } from './psf-convolver.ts'
import { residualNoise } from './residual-noise.ts'

/** The weight of the data grows by this factor with every step (empirical: 1.1 to 2 end at the same image). */
const WEIGHT_GROWTH = 1.5
/** PSF pixels above this belong to the main lobe, whose sum stands for the diagonal of the data's Hessian. */
const LOBE_CUT = 0.3
/** The default image, seen with the beam, is this part of the noise: too faint to show in the restored image. */
const DEFAULT_PART = 0.1
/** The noise counts as this part of the peak residual at least, when it is too small to tell. */
const SMALLEST_NOISE = 1e-3
/** Pixels of an earlier model that are not above this part of the default begin there. */
const FLOOR_PART = 1e-3
/**
 * Steps in a row that lower the rms of the residual by less than SMALLEST_FALL, and change the flux by less than
 * SMALLEST_GAIN (a faint beginning grows before it shows), end the cycle: more would fit noise.
 */
const SLOW_STEPS = 2
const SMALLEST_FALL = 0.02
const SMALLEST_GAIN = 0.1
/** A pixel keeps at least this part of its value in one step, so that it stays positive. */
const SMALLEST_RATIO = 0.2
const LINE_SEARCH_STEPS = 30

/**
 * Maximum entropy: the positive image that has the largest entropy −Σ I·ln(I/(M·e)) among those that fit the data as well,
 * sought by Newton steps with a diagonal Hessian; one step is one iteration.
 *
 *   I = model in the mask, or the default M where there is none; R = residual, α = 2/rms(R)
 *   while iterations < maxIterations and the peak of |R| in the mask is above the limit:
 *     D = (α·R − ln(I/M))/(1/I + α·q), q the volume of the PSF's main lobe;  no pixel below a fifth of its value
 *     I += t·D, R −= t·D ⊛ PSF, t where entropy − α·χ²/2 is largest along D, at most 1;  α ×= 1.5
 *     stop when rms(R) is down to the robust noise the cycle began with, or hardly falls in two steps
 *
 * M is flat: a tenth of the noise of the residual, per beam volume. The loop gain plays no part. Only positive emission can be found;
 * the sign of flux and the planes of Q, U and V are for other algorithms.
 * *Differences from the paper:* the weight α is raised step by step instead of steered towards a wanted χ², and the wanted
 * total flux is left free; the step length is found by bisection on the slope. *From CASA:* CASA's mem holds a total flux
 * of 1 Jy more in every cycle and reports minor stop code 4 (divergence) for it; on ex_mem its image is 0.155 of the peak
 * away from the truth, this one 0.01 (in rms, both at the resolution of the beam).
 * @see T. J. Cornwell & K. F. Evans, A&A 143 (1985) 77, equations 7 to 13
 */
export async function memClean(
  plane: MinorCyclePlane,
  control: MinorCycleControl,
  computing: Computing,
): Promise<MinorCycleOutcome> {
  const start = stateBefore(plane)
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  const wanted = start.maskSum > 0 && control.maxIterations > 0 && start.peakResidualJy > limitJy
  const iterations = wanted ? await climb(plane, control.maxIterations, limitJy, computing) : 0
  return outcomeOf(plane, control, start, iterations)
}

async function climb(
  plane: MinorCyclePlane,
  maxIterations: number,
  limitJy: number,
  computing: Computing,
): Promise<number> {
  const { nx, ny, residual, mask } = plane
  const inside = Uint8Array.from(residual, (value, j) =>
    Number.isFinite(value) && (mask === null || mask[j] > 0) ? 1 : 0,
  )
  const volume = lobeVolume(plane.psf)
  if (!(volume > 0) || !inside.includes(1)) return 0
  const convolver = await createPsfConvolver(plane.psf, nx, ny, computing)
  try {
    const peak = planePeak(residual, inside, nx).absoluteJy
    const { rmsJy } = residualNoise(residual, null, null, true)
    const noiseJy = Math.max(rmsJy, SMALLEST_NOISE * peak)
    const defaultJy = (DEFAULT_PART * noiseJy) / volume
    const settings = { noiseJy, defaultJy, volume, maxIterations, limitJy }
    return await climbFrom(plane, inside, settings, convolver, computing.pacer)
  } finally {
    convolver.dispose()
  }
}

interface Climb {
  readonly noiseJy: number
  readonly defaultJy: number
  readonly volume: number
  readonly maxIterations: number
  readonly limitJy: number
}

async function climbFrom(
  plane: MinorCyclePlane,
  inside: Uint8Array,
  { noiseJy, defaultJy, volume, maxIterations, limitJy }: Climb,
  convolver: PsfConvolver,
  pacer: Pacer,
): Promise<number> {
  const { nx, residual, model } = plane
  const image = await startingImage(plane, inside, defaultJy, convolver, pacer)
  const step = new Float32Array(image.length)
  let rmsJy = rmsInside(residual, inside)
  let fluxJy = modelFluxJy(image)
  let weight = 2 / rmsJy
  let iterations = 0
  let slowSteps = 0
  while (iterations < maxIterations && planePeak(residual, inside, nx).absoluteJy > limitJy) {
    newtonStep(image, residual, inside, { defaultJy, weight, volume }, step)
    const change = await convolver.convolve(step, pacer)
    const length = bestLength(image, residual, inside, step, change, defaultJy, weight)
    if (!(length > 0)) break
    iterations++
    for (let j = 0; j < image.length; j++) {
      residual[j] -= length * change[j]
      if (inside[j] === 1) image[j] += length * step[j]
    }
    weight *= WEIGHT_GROWTH
    const [rmsBefore, fluxBefore] = [rmsJy, fluxJy]
    rmsJy = rmsInside(residual, inside)
    fluxJy = modelFluxJy(image)
    const slow =
      rmsJy > (1 - SMALLEST_FALL) * rmsBefore && Math.abs(fluxJy - fluxBefore) < SMALLEST_GAIN * Math.abs(fluxBefore)
    slowSteps = slow ? slowSteps + 1 : 0
    if (rmsJy <= noiseJy || slowSteps === SLOW_STEPS) break
    if (pacer.due()) await pacer.rest()
  }
  for (let j = 0; j < image.length; j++) if (inside[j] === 1) model[j] = image[j]
  return iterations
}

function lobeVolume(psf: Float32Array): number {
  let volume = 0
  for (let j = 0; j < psf.length; j++) if (psf[j] > LOBE_CUT) volume += psf[j]
  return volume
}

function rmsInside(residual: Float32Array, inside: Uint8Array): number {
  let sum = 0
  let count = 0
  for (let j = 0; j < residual.length; j++) {
    if (inside[j] === 0) continue
    sum += residual[j] * residual[j]
    count++
  }
  return Math.sqrt(sum / count)
}

/** The model within the mask, raised to the default where it is not above it at first; the residual is changed to match. */
async function startingImage(
  { residual, model }: MinorCyclePlane,
  inside: Uint8Array,
  defaultJy: number,
  convolver: PsfConvolver,
  pacer: Pacer,
): Promise<Float32Array> {
  const fresh = model.every(value => !(value > 0))
  const floor = fresh ? defaultJy : FLOOR_PART * defaultJy
  const image = model.slice()
  const added = new Float32Array(model.length)
  for (let j = 0; j < image.length; j++) {
    if (inside[j] === 0 || image[j] > floor) continue
    image[j] = floor
    added[j] = floor - model[j]
  }
  const change = await convolver.convolve(added, pacer)
  for (let j = 0; j < residual.length; j++) residual[j] -= change[j]
  return image
}

function newtonStep(
  image: Float32Array,
  residual: Float32Array,
  inside: Uint8Array,
  { defaultJy, weight, volume }: { readonly defaultJy: number; readonly weight: number; readonly volume: number },
  step: Float32Array,
): void {
  for (let j = 0; j < step.length; j++) {
    if (inside[j] === 0) continue
    const slope = weight * residual[j] - Math.log(image[j] / defaultJy)
    step[j] = Math.max(slope / (1 / image[j] + weight * volume), (SMALLEST_RATIO - 1) * image[j])
  }
}

/** Where the slope of the objective along the step changes sign, at most 1. */
function bestLength(
  image: Float32Array,
  residual: Float32Array,
  inside: Uint8Array,
  step: Float32Array,
  change: ArrayLike<number>,
  defaultJy: number,
  weight: number,
): number {
  let fit = 0
  let bend = 0
  for (let j = 0; j < step.length; j++) {
    if (inside[j] === 0) continue
    fit += step[j] * residual[j]
    bend += step[j] * change[j]
  }
  const slopeAt = (length: number) => {
    let entropy = 0
    for (let j = 0; j < step.length; j++) {
      if (inside[j] === 1) entropy -= step[j] * Math.log((image[j] + length * step[j]) / defaultJy)
    }
    return entropy + weight * (fit - length * bend)
  }
  if (slopeAt(1) >= 0) return 1
  let low = 0
  let high = 1
  for (let k = 0; k < LINE_SEARCH_STEPS; k++) {
    const middle = 0.5 * (low + high)
    if (slopeAt(middle) > 0) low = middle
    else high = middle
  }
  return low
}
