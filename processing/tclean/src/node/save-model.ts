// The model into the data: savemodel.

import type { MinorCycleCall } from '@cleanbeam/deconvolution'
import { predictVisibilities } from '@cleanbeam/imaging'
import type { Observation, TcleanParameters } from '@cleanbeam/types'
import { openObservation, requireModelColumn, writeModelColumn } from '@cleanbeam/visibility/node'
import { dataSelection, visibilityPaths, wTermOf } from '../imaging-plan.ts'
import type { FieldImages, ImageField } from './image-field.ts'

/** Makes sure that savemodel can be done, before anything is computed. */
export async function checkSaveModel(parameters: TcleanParameters): Promise<void> {
  if (parameters.savemodel === 'none') return
  for (const path of visibilityPaths(parameters)) await requireModelColumn(path)
}

/** Predicts the models of all fields for the selected data and writes them to MODEL_DATA. */
export async function saveModel(
  parameters: TcleanParameters,
  fields: readonly ImageField[],
  images: readonly FieldImages[],
  call: MinorCycleCall,
): Promise<void> {
  if (parameters.savemodel === 'none') return
  const sky = fields.map(({ index, products, parameters: own }) => ({
    coordinates: products.coordinates,
    shape: products.shape,
    model: images[index].model,
    wTerm: wTermOf(own),
  }))
  for (const path of visibilityPaths(parameters)) {
    call.onLog?.(`writing the model into MODEL_DATA of ${path}`)
    const observation: Observation = await openObservation(path, { signal: call.signal })
    try {
      const predicted = predictVisibilities([observation], [dataSelection(parameters)], sky, {
        ...call,
        pool: call.kernels ?? undefined,
      })
      await writeModelColumn(observation, predicted)
    } finally {
      await observation.close()
    }
  }
}
