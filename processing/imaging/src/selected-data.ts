import { spectralFrameFactor } from '@cleanbeam/measures'
import type { DataSelection, Observation, ObservedField, SpectralWindow } from '@cleanbeam/types'
import type { DataChannels } from './cube-frequency-axis.ts'
import type { SpectralDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { telescopePosition } from './telescope-position.ts'

/** What the layout of an image takes from the data: the first selected field, and the channels. */
export interface SelectedData {
  readonly field: ObservedField
  /** In the frame of the image, at the time of the first selected row. */
  readonly channels: DataChannels
  /** Of the field's line in that window, Hz; null when the data say nothing. */
  readonly restHz: number | null
  /** What is read otherwise than asked. */
  readonly remarks: readonly string[]
}

/**
 * Looks at what is selected without reading visibilities. Channels of several windows are merged in rising frequency;
 * a single window keeps its direction.
 * @throws ImagingError when the observation does not describe its own rows
 */
export async function surveyData(
  observation: Observation,
  selection: DataSelection,
  spectral: SpectralDefinition,
): Promise<SelectedData> {
  const survey = await observation.survey(selection)
  const { firstRow } = survey
  const field = observation.fields.find(each => each.id === firstRow.field)
  const description = observation.dataDescriptions.find(each => each.id === firstRow.dataDescription)
  if (field === undefined || description === undefined) {
    throw new ImagingError(
      `expected field ${firstRow.field} and data description ${firstRow.dataDescription} to be described, got neither or one (${observation.path})`,
      { path: observation.path },
    )
  }
  const windows = observation.spws.filter(spw => survey.channels.has(spw.id))
  const lists = windows.map(spw =>
    convertChannels(
      spw,
      survey.channels.get(spw.id) ?? new Int32Array(0),
      frameFactor(spw, spectral, observation, field, firstRow.timeMjdSeconds),
    ),
  )
  const line = field.lines?.find(({ spw }) => spw === null || spw === description.spw)
  return { field, channels: mergeChannels(lists), restHz: line?.restFrequencyHz ?? null, remarks: survey.remarks }
}

/**
 * CASA's axis comes out a hair below the data's own frequencies at the same time, so that with interpolation the first
 * channel of a cube that starts at the data's lowest is empty (reference run tp_cube_maskimage). This far below, relative.
 */
const AXIS_BELOW_DATA = 1e-13

function frameFactor(
  spw: SpectralWindow,
  spectral: SpectralDefinition,
  observation: Observation,
  field: ObservedField,
  epochMjdSeconds: number,
): number {
  const positionMetres = telescopePosition(observation)
  const isFixed = [spw.frame, spectral.frame].some(frame => frame === 'REST' || frame === 'Undefined')
  if (spectral.mode === 'cubedata' || isFixed || positionMetres === null) return 1
  if (spw.frame === spectral.frame) return 1
  const context = { epochMjdSeconds, positionMetres, direction: field.phaseCentre }
  return spectralFrameFactor(spw.frame, spectral.frame, context) * (1 - AXIS_BELOW_DATA)
}

function convertChannels(spw: SpectralWindow, channels: Int32Array, factor: number): DataChannels {
  return {
    frequencyHz: Float64Array.from(channels, c => spw.channelFrequencyHz[c] * factor),
    widthHz: Float64Array.from(channels, c => spw.channelWidthHz[c] * factor),
  }
}

function mergeChannels(lists: readonly DataChannels[]): DataChannels {
  if (lists.length === 1) return lists[0]
  const all = lists.flatMap(list => Array.from(list.frequencyHz, (hz, c) => ({ hz, width: list.widthHz[c] })))
  all.sort((a, b) => a.hz - b.hz)
  return {
    frequencyHz: Float64Array.from(all, channel => channel.hz),
    widthHz: Float64Array.from(all, channel => channel.width),
  }
}
