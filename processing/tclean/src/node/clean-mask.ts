// The clean mask as product: where it comes from when there is none yet.

import { pixelCount } from '@cleanbeam/image'
import { loadMask, type ProductStore } from '@cleanbeam/image/node'
import type { TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { termSuffix } from '../taylor-terms.ts'
import { ParameterError, TcleanError } from '../tclean-error.ts'
import { type Products, writeMask } from './products.ts'

export type MaskParameters = Pick<TcleanParameters, 'usemask' | 'mask' | 'pbmask'>

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
 * above pbmask, else every pixel. Automatic masks come with the residuals they are made for.
 */
export async function establishMask(products: Products, parameters: MaskParameters): Promise<void> {
  if (parameters.usemask === 'auto-multithresh') return
  if (parameters.usemask !== 'pb' && (await products.store.exists('.mask'))) return
  await writeMask(products, await makeMask(products, parameters))
}

async function makeMask({ store, coordinates, shape, terms }: Products, parameters: MaskParameters) {
  if (parameters.usemask === 'pb') {
    const { pixels } = await store.read(termSuffix(terms, '.pb', 0))
    return pixels.map(value => (value > parameters.pbmask ? 1 : 0))
  }
  const sources = listOf(parameters.mask)
  if (sources.length === 0) return new Float32Array(pixelCount(shape)).fill(1)
  return Float32Array.from(await loadMask(sources, coordinates, shape))
}

/**
 * The mask on disk as it is now; edits made by anyone take effect.
 * @returns above 0 where components are sought, shared with the store: read only
 */
export async function currentMask({ store, shape }: Products): Promise<Float32Array> {
  const mask = await store.read('.mask')
  if (mask.shape.every((n, axis) => n === shape[axis])) return mask.pixels
  const path = store.path('.mask')
  throw new TcleanError(
    `expected a mask of shape [${shape.join(', ')}] like the image, got [${mask.shape.join(', ')}] (${path}): remove it, or give it as mask under another name`,
    { path },
  )
}
