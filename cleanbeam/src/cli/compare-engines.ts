// cleanbeam tclean --compare casa: the same task by both engines, and how far their products lie apart.

import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type ImageFormat, openProductStore } from '@cleanbeam/image/node'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import type { CallOptions, ImageCube, JsonObject, TcleanInput } from '@cleanbeam/types'
import { casaEngine } from '../api/engines.ts'
import { drawPng } from '../plot/draw-image.ts'
import { CommandError } from './command-error.ts'
import { formatTable } from './table-text.ts'

/** How far a product of ours lies from CASA's. */
export interface ProductDifference {
  readonly suffix: string
  /** Largest absolute value of CASA's, in the image's unit. */
  readonly peak: number
  /** Largest absolute difference over all pixels good in both, divided by `peak`. */
  readonly worst: number
  /** [x, y, Stokes, channel] of it. */
  readonly worstPixel: readonly number[]
  /** Root mean square of the difference, divided by `peak`. */
  readonly rms: number
  /** Pixels that only one of the two calls good. */
  readonly nMaskDifference: number
  /** Picture of the difference in the plane where it is largest. */
  readonly picture: string
}

/** What `--compare` answers. */
export interface EngineComparison {
  readonly engines: { readonly native: string; readonly casa: string }
  readonly seconds: { readonly native: number; readonly casa: number }
  readonly iterdone: { readonly native: number; readonly casa: number }
  readonly stopcode: { readonly native: number; readonly casa: number }
  readonly products: readonly ProductDifference[]
}

const PICTURE = {
  width: 820,
  height: 720,
  scaling: 'linear',
  theme: 'light',
  grid: false,
  levels: [],
  mask: null,
} as const

/**
 * Runs tclean with our engine and with CASA. Ours makes `imagename`, CASA's products are in `<imagename>.compare/`, with
 * a picture of each difference.
 * @throws CasaError when there is no CASA; CommandError when the products have not the same shape
 */
export async function compareWithCasa(
  parameters: JsonObject,
  format: ImageFormat,
  call: CallOptions,
): Promise<EngineComparison> {
  const input = parameters as unknown as TcleanInput
  const folder = `${input.imagename}.compare`
  await mkdir(folder, { recursive: true })
  const theirs = { ...input, imagename: join(folder, basename(input.imagename)) }
  const [native, casa] = [createNativeEngine({ format }), await casaEngine()]
  try {
    const [ours, oursSeconds] = await timed(() => native.tclean(input, call))
    const [reference, casaSeconds] = await timed(() => casa.tclean(theirs, call))
    return {
      engines: { native: native.version, casa: casa.version },
      seconds: { native: oursSeconds, casa: casaSeconds },
      iterdone: { native: ours.iterdone, casa: reference.iterdone },
      stopcode: { native: ours.stopcode, casa: reference.stopcode },
      products: await compareProducts(input.imagename, format, theirs.imagename),
    }
  } finally {
    await Promise.all([native.release(input.imagename), casa.release(theirs.imagename)])
  }
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const startMs = performance.now()
  const result = await run()
  return [result, (performance.now() - startMs) / 1000]
}

async function compareProducts(ours: string, format: ImageFormat, theirs: string): Promise<ProductDifference[]> {
  const [mine, reference] = [openProductStore(ours, { format }), openProductStore(theirs, { format: 'casa' })]
  const differences: ProductDifference[] = []
  for (const suffix of Object.keys(await reference.list()).sort()) {
    const cube = await mine.readIfPresent(suffix)
    if (cube === null) continue
    differences.push(await compareCubes(suffix, cube, await reference.read(suffix), dirname(theirs)))
  }
  return differences
}

async function compareCubes(
  suffix: string,
  ours: ImageCube,
  theirs: ImageCube,
  folder: string,
): Promise<ProductDifference> {
  if (ours.shape.some((n, axis) => n !== theirs.shape[axis])) {
    throw new CommandError(
      `expected products of one shape, got [${ours.shape.join(', ')}] and [${theirs.shape.join(', ')}] by CASA (${suffix})`,
    )
  }
  const pixels = new Float32Array(ours.pixels.length)
  let [peak, worst, worstAt, sumSquares, nGood, nMaskDifference] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < pixels.length; i++) {
    const [isMine, isTheirs] = [isGood(ours, i), isGood(theirs, i)]
    if (isMine !== isTheirs) nMaskDifference++
    if (!isMine || !isTheirs) {
      pixels[i] = Number.NaN
      continue
    }
    const difference = ours.pixels[i] - theirs.pixels[i]
    pixels[i] = difference
    peak = Math.max(peak, Math.abs(theirs.pixels[i]))
    sumSquares += difference * difference
    nGood++
    if (Math.abs(difference) > worst) [worst, worstAt] = [Math.abs(difference), i]
  }
  const worstPixel = pixelOf(worstAt, ours.shape)
  const picture = join(folder, `difference${suffix}.png`)
  const [, , stokes, channel] = worstPixel
  const clip = { kind: 'manual', low: -worst || -1, high: worst || 1 } as const
  const drawn = { ...PICTURE, colormap: 'coolwarm', clip, stokes, channel } as Parameters<typeof drawPng>[1]
  await writeFile(picture, drawPng({ ...ours, pixels, mask: null }, drawn))
  const scale = peak === 0 ? 1 : peak
  const rms = Math.sqrt(sumSquares / Math.max(1, nGood)) / scale
  return { suffix, peak, worst: worst / scale, worstPixel, rms, nMaskDifference, picture }
}

const isGood = ({ pixels, mask }: ImageCube, i: number): boolean => mask?.[i] !== 0 && Number.isFinite(pixels[i])

function pixelOf(index: number, [nx, ny, nStokes]: ImageCube['shape']): number[] {
  const plane = Math.floor(index / (nx * ny))
  return [index % nx, Math.floor(index / nx) % ny, plane % nStokes, Math.floor(plane / nStokes)]
}

/** The comparison as a person reads it. */
export function comparisonText({ engines, seconds, iterdone, stopcode, products }: EngineComparison): string {
  const rows = products.map(({ suffix, peak, worst, rms, worstPixel, picture }) => {
    return [suffix, peak.toPrecision(4), worst.toExponential(1), rms.toExponential(1), worstPixel.join(','), picture]
  })
  return [
    `native ${engines.native}: ${seconds.native.toFixed(2)} s, ${iterdone.native} components, stop code ${stopcode.native}`,
    `casa ${engines.casa}: ${seconds.casa.toFixed(2)} s, ${iterdone.casa} components, stop code ${stopcode.casa}`,
    formatTable(['product', 'peak', 'worst/peak', 'rms/peak', 'at', 'picture'], rows),
  ].join('\n')
}
