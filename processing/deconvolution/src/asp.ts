import type { Pacer } from '@cleanbeam/math'
import {
  type AspResponses,
  createAspResponses,
  filterAt,
  gaussianKernel,
  heightOf,
  roundedWidth,
} from './asp-responses.ts'
import type { Computing } from './component-search.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { outcomeOf, stateBefore } from './plane-outcome.ts'
import { planePeak } from './plane-peak.ts'
import { createPsfConvolver } from './psf-convolver.ts'
import { fitRestoringBeam } from './restoring-beam-fit.ts'
import { addKernel } from './scale-kernel.ts'

/** Full width at half maximum of a Gaussian over its standard deviation. */
const FWHM_PER_SIGMA = Math.sqrt(8 * Math.LN2)
/** Initial scales in PSF widths, besides points (CASA documentation, largestscale). */
const INITIAL_SCALES = [1, 2, 4, 8]
/** A fitted scale lies within this factor of its initial guess. */
const FIT_RANGE = 2
const FIT_STEPS = 12
const GOLDEN = (Math.sqrt(5) - 1) / 2
/** Filters wrap around the plane: scales keep this many widths clear of its edge. */
const EDGE_WIDTHS = 2

/** Parameters of the algorithm itself. */
export interface AspOptions {
  /** Peak residual, Jy, below which points are cleaned for a while; ≤ 0: never. */
  readonly fusedThresholdJy: number
  /** Largest initial scale, pixels (full width at half maximum); < 0: eight PSF widths. */
  readonly largestScalePixels: number
}

/**
 * Adaptive scale pixel clean: components are Gaussians whose widths are fitted to the residual, one by one.
 *
 *   while iterations < maxIterations and the peak of |residual| in the mask is above the limit:
 *     initial guess: scale among 0, w, 2w, 4w, 8w (w the PSF's width) and pixel with the largest decrease of χ², r²/h
 *     fit the width at that pixel by golden section within a factor 2: again the largest r²/h; amplitude a = r/h
 *     model += gain·a·Gaussian;  residual −= gain·a·(PSF ⊛ Gaussian)
 *   with the peak below fusedThreshold only points are taken, 50 + 2·(exp(0.05·n) − 1) times, n counting such spells
 *
 * r is the residual filtered by the Gaussian, h the PSF filtered twice at its centre.
 * *Differences from the papers:* each component is fitted alone, amplitude in closed form, in the metric of the visibilities
 * (χ² = image ⊛ residual) rather than that of image pixels, so no set of active components needs to be followed; positions
 * are whole pixels. *From CASA:* iteration by iteration it differs; the switch to points when convergence slows down is
 * left out, since points compete in every iteration.
 * @see S. Bhatnagar & T. J. Cornwell, A&A 426 (2004) 747
 * @see G. Hsieh & S. Bhatnagar, "Efficient Adaptive-Scale CLEAN Deconvolution in CASA for Radio Interferometric Images"
 *   (2021)
 */
export async function aspClean(
  plane: MinorCyclePlane,
  options: AspOptions,
  control: MinorCycleControl,
  computing: Computing,
): Promise<MinorCycleOutcome> {
  const start = stateBefore(plane)
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  const wanted = start.maskSum > 0 && control.maxIterations > 0 && start.peakResidualJy > limitJy
  const iterations = wanted ? await clean(plane, options, control, limitJy, computing) : 0
  return outcomeOf(plane, control, start, iterations)
}

/** Standard deviations of the initial scales, pixels; the first is 0. */
function initialWidths({ psf, nx, ny }: MinorCyclePlane, largestScalePixels: number): number[] {
  const beam = fitRestoringBeam(psf, nx, ny, [1, 1])
  if (beam === null) return [0]
  const psfWidth = Math.max(1, Math.round(0.5 * (beam.majorRad + beam.minorRad)))
  const scales: number[] = []
  if (largestScalePixels < 0) scales.push(...INITIAL_SCALES.map(factor => factor * psfWidth))
  else for (let scale = psfWidth; scale <= largestScalePixels; scale *= 2) scales.push(scale)
  const fitting = scales.filter(scale => 2 * EDGE_WIDTHS * scale < FWHM_PER_SIGMA * Math.min(nx, ny))
  return [0, ...fitting.map(scale => roundedWidth(scale / FWHM_PER_SIGMA))]
}

interface Search {
  readonly plane: MinorCyclePlane
  readonly widths: readonly number[]
  /** PSF heights of the initial widths. */
  readonly heights: readonly number[]
  /** [initial width]: filtered residuals. */
  readonly filtered: readonly Float32Array[]
  readonly inside: Uint8Array
  readonly responses: AspResponses
}

async function clean(
  plane: MinorCyclePlane,
  options: AspOptions,
  control: MinorCycleControl,
  limitJy: number,
  computing: Computing,
): Promise<number> {
  const { nx, ny } = plane
  const { pacer } = computing
  const search = await prepare(plane, options, pacer)
  const change = new Float32Array(nx * ny)
  let iterations = 0
  let pointsLeft = 0
  let spells = 0
  for (; iterations < control.maxIterations; iterations++) {
    const peak = planePeak(search.filtered[0], search.inside, nx).absoluteJy
    if (peak <= limitJy) break
    if (pointsLeft === 0 && peak < options.fusedThresholdJy) {
      spells++
      pointsLeft = Math.floor(50 + 2 * (Math.exp(0.05 * spells) - 1))
    }
    const guess = initialGuess(search, pointsLeft > 0 ? 1 : search.widths.length)
    if (guess === null) break
    pointsLeft = Math.max(0, pointsLeft - 1)
    const width = fittedWidth(search, guess)
    const response = await search.responses.at(width, pacer)
    const strength = filterAt(search.filtered[0], nx, ny, response.kernel, guess.x, guess.y) / response.height
    const amount = control.gain * strength
    addKernel(change, nx, ny, response.kernel, guess.x, guess.y, amount)
    for (const [k, terms] of response.filtered.entries()) {
      subtractShifted(search.filtered[k], terms, nx, ny, guess.x, guess.y, amount)
    }
    if (pacer.due()) await pacer.rest()
  }
  if (iterations > 0) await applyChange(plane, change, computing)
  return iterations
}

async function applyChange(
  { nx, ny, psf, residual, model }: MinorCyclePlane,
  change: Float32Array,
  computing: Computing,
): Promise<void> {
  const convolver = await createPsfConvolver(psf, nx, ny, computing)
  try {
    const subtracted = await convolver.convolve(change, computing.pacer)
    for (let j = 0; j < residual.length; j++) {
      residual[j] -= subtracted[j]
      model[j] += change[j]
    }
  } finally {
    convolver.dispose()
  }
}

async function prepare(plane: MinorCyclePlane, options: AspOptions, pacer: Pacer): Promise<Search> {
  const { nx, ny, residual, mask, psf } = plane
  const filled = residual.map(value => (Number.isFinite(value) ? value : 0))
  const inside = Uint8Array.from(residual, (value, j) =>
    Number.isFinite(value) && (mask === null || mask[j] > 0) ? 1 : 0,
  )
  const wanted = initialWidths(plane, options.largestScalePixels)
  const widths = wanted.filter(width => heightOf(psf, nx, ny, width) > 0)
  const responses = await createAspResponses(psf, nx, ny, widths, pacer)
  const spectrum = await responses.convolver.spectrum(filled, pacer)
  const filtered: Float32Array[] = []
  for (const filter of responses.filterSpectra) {
    filtered.push(
      filter === null ? filled : Float32Array.from(await responses.convolver.convolve([[spectrum, filter]], pacer)),
    )
  }
  return { plane, widths, heights: widths.map(width => heightOf(psf, nx, ny, width)), filtered, inside, responses }
}

interface Guess {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Over the first `count` initial widths. */
function initialGuess({ plane, widths, heights, filtered, inside }: Search, count: number): Guess | null {
  const { nx, ny } = plane
  let best = 0
  let guess: Guess | null = null
  for (let k = 0; k < count; k++) {
    const edge = Math.ceil(EDGE_WIDTHS * widths[k])
    for (let y = edge; y < ny - edge; y++) {
      for (let x = edge; x < nx - edge; x++) {
        const j = x + nx * y
        if (inside[j] === 0) continue
        const decrease = (filtered[k][j] * filtered[k][j]) / heights[k]
        if (decrease > best) {
          best = decrease
          guess = { x, y, width: widths[k] }
        }
      }
    }
  }
  return guess
}

/** The width with the largest decrease of χ² at the guess's pixel. */
function fittedWidth({ plane, filtered }: Search, { x, y, width }: Guess): number {
  if (width === 0) return 0
  const { nx, ny, psf } = plane
  const decrease = (logWidth: number) => {
    const sigma = Math.exp(logWidth)
    const height = heightOf(psf, nx, ny, sigma)
    if (!(height > 0)) return 0
    const value = filterAt(filtered[0], nx, ny, gaussianKernel(sigma), x, y)
    return (value * value) / height
  }
  let low = Math.log(width / FIT_RANGE)
  let high = Math.log(width * FIT_RANGE)
  let left = high - GOLDEN * (high - low)
  let right = low + GOLDEN * (high - low)
  let atLeft = decrease(left)
  let atRight = decrease(right)
  for (let step = 0; step < FIT_STEPS; step++) {
    if (atLeft > atRight) {
      high = right
      right = left
      atRight = atLeft
      left = high - GOLDEN * (high - low)
      atLeft = decrease(left)
    } else {
      low = left
      left = right
      atLeft = atRight
      right = low + GOLDEN * (high - low)
      atRight = decrease(right)
    }
  }
  return roundedWidth(Math.exp(0.5 * (low + high)))
}

/** values −= amount·response, its origin at (x, y), where the two planes overlap. */
function subtractShifted(
  values: Float32Array,
  response: Float32Array,
  nx: number,
  ny: number,
  x: number,
  y: number,
  amount: number,
): void {
  const shiftX = ((nx >> 1) - x) | 0
  const shiftY = ((ny >> 1) - y) | 0
  for (let row = Math.max(0, -shiftY); row < Math.min(ny, ny - shiftY); row++) {
    const toPsf = (shiftX + nx * shiftY) | 0
    const end = (Math.min(nx, nx - shiftX) + nx * row) | 0
    for (let j = (Math.max(0, -shiftX) + nx * row) | 0; j < end; j++) values[j] -= amount * response[(j + toPsf) | 0]
  }
}
