// Visibilities once read stay in memory for later calls on the same data, selection, image and weighting.

import type { MinorCycleCall } from '@cleanbeam/deconvolution'
import { fileStateKey } from '@cleanbeam/image/node'
import { type MajorCycle, openMajorCycle } from '@cleanbeam/imaging'
import type { Observation, TcleanParameters } from '@cleanbeam/types'
import { openObservation } from '@cleanbeam/visibility/node'
import { dataSelection, imageDefinition, mosaicOptions, visibilityPaths, wTermOf } from '../imaging-plan.ts'
import { taylorTerms } from '../taylor-terms.ts'
import { uvTaper, weightingOptions } from '../weighting-plan.ts'
import { type FieldTransforms, severalFields, singleField } from './field-transforms.ts'

/** Keeps the last transforms of an image name. */
export interface MajorCycleCache {
  /**
   * The transforms for these parameters, from memory when neither they nor the files have changed.
   * @param fields - parameters of each field, the main one first
   * @throws VisibilityError, FitsError, ImagingError for what cannot be read or imaged
   */
  open(fields: readonly TcleanParameters[], call: MinorCycleCall): Promise<FieldTransforms>
  release(): void
}

/** Parameters that decide what is gridded and where. */
const KEY_PARAMETERS = [
  'selectdata',
  'field',
  'spw',
  'timerange',
  'uvrange',
  'antenna',
  'scan',
  'observation',
  'intent',
  'datacolumn',
  'imsize',
  'cell',
  'phasecenter',
  'stokes',
  'projection',
  'specmode',
  'reffreq',
  'restfreq',
  'outframe',
  'gridder',
  'wprojplanes',
  'nchan',
  'start',
  'width',
  'veltype',
  'interpolation',
  'perchanweightdensity',
  'weighting',
  'robust',
  'noise',
  'npixels',
  'uvtaper',
  'normtype',
  'mosweight',
] as const satisfies readonly (keyof TcleanParameters)[]

export function createMajorCycleCache(): MajorCycleCache {
  let cached: { readonly key: string; readonly transforms: FieldTransforms } | null = null
  const release = (): void => {
    cached?.transforms.dispose()
    cached = null
  }
  return {
    release,
    async open(fields, call) {
      const key = await stateKeyOf(fields)
      if (cached?.key === key) return cached.transforms
      release()
      const transforms = await openFields(fields, call)
      cached = { key, transforms }
      return transforms
    },
  }
}

/** Several fields share the main one's weights and read the same samples. */
async function openFields(fields: readonly TcleanParameters[], call: MinorCycleCall): Promise<FieldTransforms> {
  if (fields.length === 1) return singleField(await readVisibilities(fields[0], fields[0], call))
  const opened: MajorCycle[] = []
  try {
    for (const field of fields) opened.push(await readVisibilities(field, fields[0], call))
    return severalFields(opened)
  } catch (error) {
    for (const majorCycle of opened) majorCycle.dispose()
    throw error
  }
}

async function stateKeyOf(fields: readonly TcleanParameters[]): Promise<string> {
  const paths = visibilityPaths(fields[0])
  const states = await Promise.all(paths.map(fileStateKey))
  return JSON.stringify([paths, states, fields.map(keyOf)])
}

function keyOf(parameters: TcleanParameters): unknown[] {
  return [taylorTerms(parameters).nTerm, ...KEY_PARAMETERS.map(name => parameters[name])]
}

async function readVisibilities(
  parameters: TcleanParameters,
  main: TcleanParameters,
  call: MinorCycleCall,
): Promise<MajorCycle> {
  const observations: Observation[] = []
  const close = () => Promise.all(observations.map(observation => observation.close()))
  try {
    for (const path of visibilityPaths(parameters)) {
      observations.push(await openObservation(path, { signal: call.signal }))
    }
    const image = imageDefinition(parameters, observations[0].fields)
    const options = {
      image,
      weighting: weightingOptions(parameters),
      weightingGrid: imageDefinition(main, observations[0].fields),
      perChannelDensity: parameters.perchanweightdensity,
      taper: uvTaper(parameters.uvtaper) ?? undefined,
      wTerm: wTermOf(parameters),
      nWPlane: parameters.wprojplanes,
      mosaic: mosaicOptions(parameters),
      nTerm: taylorTerms(parameters).nTerm,
      pool: call.kernels ?? undefined,
    } as const
    const majorCycle = await openMajorCycle(observations, [dataSelection(parameters)], options, call)
    if (!majorCycle.isReadingAgain) {
      await close()
      return majorCycle
    }
    return {
      ...majorCycle,
      dispose() {
        majorCycle.dispose()
        void close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
