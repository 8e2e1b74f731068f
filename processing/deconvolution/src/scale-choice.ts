import { createPacer } from '@cleanbeam/math'
import type { CallOptions } from '@cleanbeam/types'
import { createCyclicConvolver } from './cyclic-convolution.ts'
import { residualNoise } from './residual-noise.ts'
import { fitRestoringBeam } from './restoring-beam-fit.ts'
import { scaleKernel } from './scale-kernel.ts'

/** What scales are chosen from; arrays hold nx·ny values, x fastest. */
export interface ScaleChoiceInput {
  readonly nx: number
  readonly ny: number
  /** 1 at (nx/2, ny/2). */
  readonly psf: Float32Array
  /** Jy/beam; NaN counts as 0. */
  readonly residual: Float32Array
  /** Where components are sought (> 0); null: everywhere. */
  readonly mask: Float32Array | Uint8Array | null
}

/** Each scale is this much larger than the one before (Cornwell 2008 takes 2; documentation of CASA 2 to 3). */
const SCALE_RATIO = 2.5
/** First scale in beam widths: a component of this size has about the width of the beam. */
const FIRST_SCALE = 1.5
/** A scale keeps 1.5 of its size clear of the edges; beyond this part of the image no room is left. */
const LARGEST_PART = 1 / 4
/** Filtered emission must stand out of the filtered noise by this factor. */
const SIGNIFICANCE = 5

/**
 * Chooses scales for multi-scale clean: points, then sizes from 1.5 beams on, each 2.5 times the last, as long as
 * the PSF filtered by a scale is positive at its centre and highest there (the baselines see it), and the residual filtered
 * by it stands out of the noise by 5 σ within the mask (something of that size or larger is there).
 * @returns scales in pixels, the first 0
 * @see T. J. Cornwell, IEEE J. Sel. Top. Signal Process. 2 (2008) 793, section IV (choice of scales)
 */
export async function chooseScales(input: ScaleChoiceInput, call: CallOptions = {}): Promise<number[]> {
  const { nx, ny, psf, mask } = input
  const beam = fitRestoringBeam(psf, nx, ny, [1, 1])
  if (beam === null) return [0]
  const pacer = createPacer(call)
  const residual = input.residual.map(value => (Number.isFinite(value) ? value : 0))
  const convolver = createCyclicConvolver(nx, ny)
  const psfSpectrum = await convolver.spectrum(psf, pacer)
  const residualSpectrum = await convolver.spectrum(residual, pacer)
  const scales = [0]
  const largest = Math.min(nx, ny) * LARGEST_PART
  for (let scale = FIRST_SCALE * Math.sqrt(beam.majorRad * beam.minorRad); scale <= largest; scale *= SCALE_RATIO) {
    const pixels = Math.round(scale)
    const kernel = await convolver.kernelSpectrum(scaleKernel(pixels), pacer)
    const once = await convolver.spectrum(await convolver.convolve([[psfSpectrum, kernel]], pacer), pacer)
    const response = await convolver.convolve([[once, kernel]], pacer)
    if (!isSeen(response, (nx >> 1) + nx * (ny >> 1))) break
    const filtered = Float32Array.from(await convolver.convolve([[residualSpectrum, kernel]], pacer))
    if (!standsOut(filtered, mask)) break
    scales.push(pixels)
  }
  return scales
}

function isSeen(response: Float64Array, centre: number): boolean {
  const peak = response[centre]
  return peak > 0 && response.every(value => value <= peak * (1 + 1e-6))
}

function standsOut(filtered: Float32Array, mask: Float32Array | Uint8Array | null): boolean {
  const { medianJy, rmsJy } = residualNoise(filtered, mask, null, mask === null)
  let peak = 0
  for (let j = 0; j < filtered.length; j++) {
    if (mask === null || mask[j] > 0) peak = Math.max(peak, Math.abs(filtered[j] - medianJy))
  }
  return peak > SIGNIFICANCE * rmsJy
}
