// The clean mask as product: where it comes from when there is none yet.

import { createImage, pixelCount } from '@cleanbeam/image'
import { loadMask, type ProductStore } from '@cleanbeam/image/node'
import type { ImageCoordinates, ImageShape, TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { ParameterError, TcleanError } from '../tclean-error.ts'

export type MaskParameters = Pick<TcleanParameters, 'usemask' | 'mask' | 'pbmask'>

/** The grid the mask is on. */
export interface MaskGrid {
  readonly coordinates: ImageCoordinates
  readonly shape: ImageShape
}

/** True when the parameters ask for a mask of their own instead of "what is there, else everything". */
export function asksForMask(parameters: MaskParameters): boolean {
  return parameters.usemask === 'pb' || parameters.mask === true || listOf(parameters.mask).length > 0
}

/**
 * Refuses a mask that would have to replace one: as in CASA, the mask on disk is gone on with.
 * @throws ParameterError
 */
export async function refuseSecondMask(store: ProductStore, parameters: MaskParameters): Promise<void> {
  if (parameters.mask !== true && listOf(parameters.mask).length === 0) return
  if (!(await store.exists('.mask'))) return
  throw new ParameterError(
    `expected no mask because ${store.path('.mask')} exists and is gone on with, got one: leave mask out or remove that file`,
    { parameter: 'mask', path: store.path('.mask') },
  )
}

/**
 * The mask on disk; when there is none, the one that the parameters ask for is written: region or image, primary beam
 * above pbmask, else every pixel.
 * @returns 1 where components are sought, shared with the store: read only
 */
export async function establishMask(
  store: ProductStore,
  parameters: MaskParameters,
  grid: MaskGrid,
): Promise<Float32Array> {
  const existing = await store.readIfPresent('.mask')
  if (existing && parameters.usemask !== 'pb') return requireShape(existing.pixels, existing.shape, grid, store)
  const pixels = await makeMask(store, parameters, grid)
  await store.write('.mask', createImage(grid.shape, grid.coordinates, { pixels }))
  return pixels
}

async function makeMask(store: ProductStore, parameters: MaskParameters, grid: MaskGrid): Promise<Float32Array> {
  if (parameters.usemask === 'pb') {
    const { pixels } = await store.read('.pb')
    return pixels.map(value => (value > parameters.pbmask ? 1 : 0))
  }
  const sources = listOf(parameters.mask)
  if (sources.length === 0) return new Float32Array(pixelCount(grid.shape)).fill(1)
  return Float32Array.from(await loadMask(sources, grid.coordinates, grid.shape))
}

/** The mask on disk as it is now; edits made by anyone take effect. */
export async function currentMask(store: ProductStore, grid: MaskGrid): Promise<Float32Array> {
  const { pixels, shape } = await store.read('.mask')
  return requireShape(pixels, shape, grid, store)
}

function requireShape(pixels: Float32Array, shape: ImageShape, grid: MaskGrid, store: ProductStore): Float32Array {
  if (shape.every((n, axis) => n === grid.shape[axis])) return pixels
  const path = store.path('.mask')
  throw new TcleanError(
    `expected a mask of shape [${grid.shape.join(', ')}] like the image, got [${shape.join(', ')}] (${path}): remove it, or give it as mask under another name`,
    { path },
  )
}
