// Visibilities once read stay in memory for later calls on the same data, selection, image and weighting.

import { fileStateKey } from '@cleanbeam/image/node'
import { type MajorCycle, openMajorCycle } from '@cleanbeam/imaging'
import type { CallOptions, Observation, TcleanParameters } from '@cleanbeam/types'
import { openObservation } from '@cleanbeam/visibility/node'
import { dataSelection, imageDefinition, visibilityPaths } from '../imaging-plan.ts'
import { uvTaper, weightingOptions } from '../weighting-plan.ts'

/** Keeps the last major cycle of an image name. */
export interface MajorCycleCache {
  /**
   * The major cycle for these parameters, from memory when neither they nor the files have changed.
   * @throws VisibilityError, FitsError, ImagingError for what cannot be read or imaged
   */
  open(parameters: TcleanParameters, call: CallOptions): Promise<MajorCycle>
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
] as const satisfies readonly (keyof TcleanParameters)[]

export function createMajorCycleCache(): MajorCycleCache {
  let cached: { readonly key: string; readonly majorCycle: MajorCycle } | null = null
  const release = (): void => {
    cached?.majorCycle.dispose()
    cached = null
  }
  return {
    release,
    async open(parameters, call) {
      const key = await stateKeyOf(parameters)
      if (cached?.key === key) return cached.majorCycle
      release()
      const majorCycle = await readVisibilities(parameters, call)
      cached = { key, majorCycle }
      return majorCycle
    },
  }
}

async function stateKeyOf(parameters: TcleanParameters): Promise<string> {
  const paths = visibilityPaths(parameters)
  const states = await Promise.all(paths.map(fileStateKey))
  return JSON.stringify([paths, states, KEY_PARAMETERS.map(name => parameters[name])])
}

async function readVisibilities(parameters: TcleanParameters, call: CallOptions): Promise<MajorCycle> {
  const observations: Observation[] = []
  try {
    for (const path of visibilityPaths(parameters)) {
      observations.push(await openObservation(path, { signal: call.signal }))
    }
    const image = imageDefinition(parameters, observations[0].fields)
    const options = {
      image,
      weighting: weightingOptions(parameters),
      perChannelDensity: parameters.perchanweightdensity,
      taper: uvTaper(parameters.uvtaper) ?? undefined,
    }
    return await openMajorCycle(observations, [dataSelection(parameters)], options, call)
  } finally {
    await Promise.all(observations.map(observation => observation.close()))
  }
}
