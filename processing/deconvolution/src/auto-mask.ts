import type { CallOptions, RestoringBeam } from '@cleanbeam/types'
import type { AutoMaskParameters, AutoMaskPlane, AutoMaskResult, AutoMaskState } from './auto-mask-types.ts'
import { growRegions, pruneRegions } from './mask-regions.ts'
import { type ResidualNoise, residualNoise } from './residual-noise.ts'
import { beamAreaPixels, restorePlane } from './restoration.ts'

/** Widths of the smoothing kernel kept around what is smoothed; the kernel is below 1e-10 there. */
const SMOOTHING_MARGIN = 3

/**
 * The mask of one plane for the coming minor cycle: auto-multithresh.
 *
 *   noise limit = noiseThreshold·σ + median; side-lobe limit = sidelobeThreshold·sidelobe·|peak| + median
 *   new mask: residual > the larger; small regions dropped; smoothed with the beam and cut
 *   from the second mask on: the earlier positive mask, as far as it lies where residual > the larger of side-lobe limit and
 *     lowNoiseThreshold·σ + median, is grown step by step within there; small regions dropped; smoothed and cut
 *   negative mask, if wanted: residual < −(the larger of negativeThreshold·σ and the side-lobe part) + median; smoothed, cut
 *   the result is what was masked before, and all of these
 *
 * *Differences from the paper:* none in the algorithm that reach the mask; regions touch across edges. With fastNoise false
 * the noise is that outside the mask before, or after Chauvenet's rejection when there is none.
 * *Accuracy:* masks of CASA 6.7 are met to the pixel (tested on recorded runs).
 * @param state - what the last call for this plane answered; null for the first mask of a run, which is not grown
 * @returns the mask, and the state to hand in next time; a settled plane keeps its mask
 * @see A. A. Kepley et al., PASP 132 (2020) 024505, section 2
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (usemask, minpercentchange)
 */
export async function autoMask(
  plane: AutoMaskPlane,
  state: AutoMaskState | null,
  parameters: AutoMaskParameters,
  call: CallOptions = {},
): Promise<AutoMaskResult> {
  const before = earlierMask(plane)
  const hadMask = before.includes(1)
  const noise = residualNoise(plane.residual, plane.mask, plane.statisticsRegion ?? plane.valid, parameters.fastNoise)
  const sidelobeJy = parameters.sidelobeThreshold * plane.maxPsfSidelobe * absolutePeak(plane)
  const noiseLimitJy = parameters.noiseThreshold * noise.rmsJy + noise.medianJy
  const thresholdJy = Math.max(sidelobeJy + noise.medianJy, noiseLimitJy)
  const common = { noiseJy: noise.rmsJy, medianJy: noise.medianJy, thresholdJy }
  if (state?.settled) return { mask: Float32Array.from(before), state, skipped: true, ...common }

  const bright = pixelsWhere(plane, value => value > thresholdJy)
  const positive = await cleanedMask(plane, bright, parameters, true, call)
  if (state !== null && hadMask && parameters.growIterations > 0) {
    const lowJy = Math.max(parameters.lowNoiseThreshold * noise.rmsJy, sidelobeJy) + noise.medianJy
    const bounds = pixelsWhere(plane, value => value > lowJy)
    const seeds = before.map((value, j) => (state.negative[j] === 1 ? 0 : value))
    const grown = growRegions(seeds, bounds, plane.nx, parameters.growIterations)
    unite(positive, await cleanedMask(plane, grown, parameters, parameters.doGrowPrune, call))
  }
  const negative = await negativeMask(plane, parameters, noise, sidelobeJy, call)
  const mask = before.slice()
  unite(mask, positive)
  unite(mask, negative)
  const absorbed = mask.map((value, j) =>
    value === 1 && positive[j] === 0 && isNegative(state, before, negative, j) ? 1 : 0,
  )
  const byNoise = noiseLimitJy >= sidelobeJy + noise.medianJy
  const settled = byNoise && isSettled(plane, before, mask, hadMask, parameters)
  return { mask: Float32Array.from(mask), state: { negative: absorbed, settled }, skipped: false, ...common }
}

async function negativeMask(
  plane: AutoMaskPlane,
  parameters: AutoMaskParameters,
  noise: ResidualNoise,
  sidelobeJy: number,
  call: CallOptions,
): Promise<Uint8Array> {
  if (!(parameters.negativeThreshold > 0)) return new Uint8Array(plane.residual.length)
  const depthJy = Math.max(parameters.negativeThreshold * noise.rmsJy, sidelobeJy)
  const dark = pixelsWhere(plane, value => value < noise.medianJy - depthJy)
  return cleanedMask(plane, dark, parameters, false, call)
}

/** Whether a pixel without a positive reason is masked for absorption: now or, in what was masked before, earlier. */
function isNegative(state: AutoMaskState | null, before: Uint8Array, negative: Uint8Array, j: number): boolean {
  return before[j] === 1 ? state?.negative[j] === 1 : negative[j] === 1
}

/** A plane settles when nothing is in its mask, or when the mask hardly changed in cycles that clean to the threshold. */
function isSettled(
  plane: AutoMaskPlane,
  before: Uint8Array,
  mask: Uint8Array,
  hadMask: boolean,
  { minPercentChange }: AutoMaskParameters,
): boolean {
  const count = countSet(mask)
  if (count === 0) return true
  if (minPercentChange < 0 || !hadMask || plane.atThreshold !== true) return false
  const changePercent = (100 * Math.abs(count - countSet(before))) / countSet(before)
  return changePercent < minPercentChange
}

function earlierMask({ mask, nx, ny }: AutoMaskPlane): Uint8Array {
  const before = new Uint8Array(nx * ny)
  if (mask !== null) for (let j = 0; j < before.length; j++) before[j] = mask[j] > 0 ? 1 : 0
  return before
}

function isValid(plane: AutoMaskPlane, j: number): boolean {
  return plane.valid === null || plane.valid[j] > 0
}

function absolutePeak(plane: AutoMaskPlane): number {
  let peak = 0
  for (let j = 0; j < plane.residual.length; j++) {
    const size = Math.abs(plane.residual[j])
    if (size > peak && isValid(plane, j)) peak = size
  }
  return peak
}

function pixelsWhere(plane: AutoMaskPlane, holds: (value: number) => boolean): Uint8Array {
  const mask = new Uint8Array(plane.residual.length)
  for (let j = 0; j < mask.length; j++) if (holds(plane.residual[j]) && isValid(plane, j)) mask[j] = 1
  return mask
}

function countSet(mask: Uint8Array): number {
  let count = 0
  for (let j = 0; j < mask.length; j++) count += mask[j]
  return count
}

function unite(mask: Uint8Array, other: Uint8Array): void {
  for (let j = 0; j < mask.length; j++) if (other[j] === 1) mask[j] = 1
}

/** Small regions dropped, then smoothed with the beam, cut, and kept within the valid part. */
async function cleanedMask(
  plane: AutoMaskPlane,
  mask: Uint8Array,
  parameters: AutoMaskParameters,
  prune: boolean,
  call: CallOptions,
): Promise<Uint8Array> {
  const minPixels = parameters.minBeamFraction * beamAreaPixels(plane.beam, plane.cellRad)
  const kept = prune && parameters.minBeamFraction > 0 ? pruneRegions(mask, plane.nx, minPixels) : mask
  const smoothed = await smoothMask(plane, kept, parameters, call)
  for (let j = 0; j < smoothed.length; j++) if (!isValid(plane, j)) smoothed[j] = 0
  return smoothed
}

/** 1 where the mask convolved with smoothFactor × beam is above cutThreshold times its peak. */
async function smoothMask(
  { nx, ny, cellRad, beam }: AutoMaskPlane,
  mask: Uint8Array,
  { smoothFactor, cutThreshold }: AutoMaskParameters,
  call: CallOptions,
): Promise<Uint8Array> {
  if (!(smoothFactor > 0)) return mask.slice()
  const kernel: RestoringBeam = {
    majorRad: smoothFactor * beam.majorRad,
    minorRad: smoothFactor * beam.minorRad,
    positionAngleRad: beam.positionAngleRad,
  }
  const result = new Uint8Array(mask.length)
  const box = boxAround(mask, nx, ny, [
    Math.ceil((SMOOTHING_MARGIN * kernel.majorRad) / cellRad[0]),
    Math.ceil((SMOOTHING_MARGIN * kernel.majorRad) / cellRad[1]),
  ])
  if (box === null) return result
  const [x0, x1, y0, y1] = box
  const [width, height] = [x1 - x0, y1 - y0]
  const model = new Float32Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) model[x + width * y] = mask[x + x0 + nx * (y + y0)]
  const residual = new Float32Array(width * height)
  const smoothed = await restorePlane({ nx: width, ny: height, cellRad, model, residual, beam: kernel }, call)
  let peak = 0
  for (let j = 0; j < smoothed.length; j++) if (smoothed[j] > peak) peak = smoothed[j]
  const cut = cutThreshold * peak
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (smoothed[x + width * y] > cut) result[x + x0 + nx * (y + y0)] = 1
  }
  return result
}

/** The smallest box around what is set, with a margin; null for an empty mask. Even sizes, as transforms want them. */
function boxAround(
  mask: Uint8Array,
  nx: number,
  ny: number,
  margin: readonly [number, number],
): [x0: number, x1: number, y0: number, y1: number] | null {
  let [x0, x1, y0, y1] = [nx, 0, ny, 0]
  for (let j = 0; j < mask.length; j++) {
    if (mask[j] === 0) continue
    const x = j % nx
    const y = Math.floor(j / nx)
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x + 1)
    y0 = Math.min(y0, y)
    y1 = y + 1
  }
  if (x1 === 0) return null
  return [
    Math.max(0, x0 - margin[0]),
    Math.min(nx, x1 + margin[0]),
    Math.max(0, y0 - margin[1]),
    Math.min(ny, y1 + margin[1]),
  ]
}
