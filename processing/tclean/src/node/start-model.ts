// Where a run begins that has no model yet.

import { pixelCount } from '@cleanbeam/image'
import { type ProductStore, readImage } from '@cleanbeam/image/node'
import type { TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { regridModel } from '../start-model.ts'
import { taylorTerms, termSuffix } from '../taylor-terms.ts'
import { ParameterError } from '../tclean-error.ts'
import { type Products, termOf } from './products.ts'

/** The model that starts a run, n terms: images on any grid, one per Taylor term; terms without one are empty. */
export async function readStartModel(products: Products, paths: readonly string[]): Promise<Float32Array> {
  const { shape, coordinates, terms } = products
  const model = new Float32Array(terms.nTerm * pixelCount(shape))
  for (const [term, path] of paths.entries()) {
    termOf(model, shape, term).set(regridModel(await readImage(path), coordinates, shape, path))
  }
  return model
}

/**
 * Refuses a start model that would have to replace a model: as in CASA, the model on disk is gone on with.
 * @throws ParameterError
 */
export async function refuseSecondModel(
  store: ProductStore,
  parameters: Pick<TcleanParameters, 'startmodel' | 'deconvolver' | 'nterms'>,
): Promise<void> {
  const suffix = termSuffix(taylorTerms(parameters), '.model', 0)
  if (listOf(parameters.startmodel).length === 0 || !(await store.exists(suffix))) return
  const path = store.path(suffix)
  throw new ParameterError(
    `expected no startmodel because ${path} exists and is gone on with, got one: leave startmodel out or remove that file`,
    { parameter: 'startmodel', path },
  )
}
