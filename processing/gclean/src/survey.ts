// What the images on disk say now: peaks inside the mask, size of the mask, noise. Read through the image tool, so that
// it works with any engine and an edit of the mask by anyone counts.

import { type PlanePeak, planeExtremes, planeNsigmaThresholdJy } from '@cleanbeam/tclean'
import type { ImageTool, ImagingEngine, MaskChunk, PixelBox, PixelChunk } from '@cleanbeam/types'
import { GcleanError } from './gclean-error.ts'

export interface Survey {
  /** Field slowest, then channel, Stokes fastest. */
  readonly planes: readonly PlanePeak[]
  /** nsigma limit that a minor cycle keeps to, that of the channel's first Stokes plane, Jy: [field][channel]. */
  readonly nsigmaInForceJy: readonly (readonly number[])[]
  /** Sum over all planes. */
  readonly maskSum: number
}

/** Measures residuals and masks of all fields. */
export async function surveyFields(
  engine: ImagingEngine,
  imagenames: readonly string[],
  noise: { readonly nsigma: number; readonly fastnoise: boolean },
): Promise<Survey> {
  const planes: PlanePeak[] = []
  const nsigmaInForceJy: number[][] = []
  let maskSum = 0
  for (const imagename of imagenames) {
    const field = await surveyField(engine, imagename, noise)
    planes.push(...field.planes)
    nsigmaInForceJy.push(field.nsigmaInForceJy)
    maskSum += field.maskSum
  }
  return { planes, nsigmaInForceJy, maskSum }
}

async function surveyField(
  engine: ImagingEngine,
  imagename: string,
  noise: { readonly nsigma: number; readonly fastnoise: boolean },
): Promise<{ planes: PlanePeak[]; nsigmaInForceJy: number[]; maskSum: number }> {
  const residual = await openProduct(engine, imagename, '.residual')
  const mask = await openProduct(engine, imagename, '.mask')
  const [, , nStokes, nChannel] = await residual.shape()
  const planes: PlanePeak[] = []
  const nsigmaInForceJy: number[] = []
  let maskSum = 0
  for (let channel = 0; channel < nChannel; channel++) {
    for (let stokes = 0; stokes < nStokes; stokes++) {
      const box = planeBox(stokes, channel)
      const pixels = Float32Array.from((await readPixels(residual, box)).pixels)
      const inside = Float32Array.from((await readPixels(mask, box)).pixels)
      const extremes = planeExtremes(pixels, inside)
      const valid = noise.nsigma > 0 ? (await readGood(residual, box)).mask : null
      const nsigmaThresholdJy = planeNsigmaThresholdJy(pixels, inside, valid, noise)
      if (stokes === 0) nsigmaInForceJy.push(nsigmaThresholdJy)
      planes.push({ peakResidualJy: extremes.peakResidualJy, nsigmaThresholdJy })
      maskSum += extremes.maskSum
    }
  }
  return { planes, nsigmaInForceJy, maskSum }
}

/** Number of pixels in the masks, over all planes of all fields. */
export async function countMask(engine: ImagingEngine, imagenames: readonly string[]): Promise<number> {
  let count = 0
  for (const imagename of imagenames) {
    const mask = await openProduct(engine, imagename, '.mask')
    const { pixels } = await readPixels(mask, {})
    for (const value of pixels) if (value > 0) count++
  }
  return count
}

/** Makes the mask empty: nothing is cleaned until one is drawn. */
export async function clearMask(engine: ImagingEngine, imagename: string): Promise<void> {
  const mask = await openProduct(engine, imagename, '.mask')
  const { pixels } = await readPixels(mask, {})
  await mask.putchunk(pixels.fill(0))
}

async function openProduct(engine: ImagingEngine, imagename: string, suffix: string): Promise<ImageTool> {
  const products = await engine.products(imagename)
  const path = products[suffix] ?? products[`${suffix}.tt0`]
  if (path) return engine.image(path)
  throw new GcleanError(`expected the product ${imagename}${suffix}, got no such file: start the session anew`, {
    imagename,
    product: suffix,
  })
}

function planeBox(stokes: number, channel: number): PixelBox {
  return { blc: [0, 0, stokes, channel], trc: [-1, -1, stokes, channel] }
}

async function readPixels(tool: ImageTool, box: Partial<PixelBox>): Promise<PixelChunk> {
  return (await tool.getchunk(box)) as PixelChunk
}

async function readGood(tool: ImageTool, box: Partial<PixelBox>): Promise<MaskChunk> {
  return (await tool.getchunk(box, { getmask: true })) as MaskChunk
}
