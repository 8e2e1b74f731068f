import { spectralFrameFactor } from '@cleanbeam/measures'
import type {
  DataSelection,
  Direction,
  Observation,
  ObservedField,
  SelectionSurvey,
  SpectralWindow,
} from '@cleanbeam/types'
import type { DataChannels } from './data-channels.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { telescopePosition } from './telescope-position.ts'

/** What the layout of an image takes from the data. */
export interface SelectedData {
  /** The selected field with the lowest number: the image is centred on it where nothing else is asked for. */
  readonly field: ObservedField
  readonly phaseCentre: Direction
  /** All selected fields of the first observation. */
  readonly fields: readonly ObservedField[]
  /** In the frame of the image, towards its centre, at `epochMjdSeconds`. */
  readonly channels: DataChannels
  /** Time of the first selected row, modified Julian date in seconds, UTC: frames that move with the Earth stop there. */
  readonly epochMjdSeconds: number
  /** Of the field's line in the first window, Hz; null when the data say nothing. */
  readonly restHz: number | null
  /** What is read otherwise than asked. */
  readonly remarks: readonly string[]
}

/**
 * Looks at what is selected without reading visibilities.
 * @throws ImagingError when the observation does not describe its own rows
 */
export async function surveyData(
  observation: Observation,
  selection: DataSelection,
  image: ImageDefinition,
): Promise<SelectedData> {
  const survey = await observation.survey(selection)
  const field = observation.fields.find(each => each.id === survey.fields[0])
  const windows = observation.spws.filter(spw => survey.channels.has(spw.id))
  if (field === undefined || windows.length === 0) {
    throw new ImagingError(
      `expected the selected fields and spectral windows to be described, got neither or one (${observation.path})`,
      { path: observation.path },
    )
  }
  const phaseCentre = image.phaseCentre ?? field.phaseCentre
  const epochMjdSeconds = survey.firstRow.timeMjdSeconds
  const factor = (spw: SpectralWindow): number => frameFactor(spw, image, observation, phaseCentre, epochMjdSeconds)
  const line = field.lines?.find(({ spw }) => spw === null || spw === windows[0].id)
  return {
    field,
    phaseCentre,
    fields: observation.fields.filter(({ id }) => survey.fields.includes(id)),
    channels: dataChannels(windows, survey, factor),
    epochMjdSeconds,
    restHz: line?.restFrequencyHz ?? null,
    remarks: survey.remarks,
  }
}

function frameFactor(
  spw: SpectralWindow,
  { spectral }: ImageDefinition,
  observation: Observation,
  phaseCentre: Direction,
  epochMjdSeconds: number,
): number {
  const positionMetres = telescopePosition(observation)
  const isFixed = [spw.frame, spectral.frame].some(frame => frame === 'REST' || frame === 'Undefined')
  if (spectral.mode === 'cubedata' || isFixed || positionMetres === null) return 1
  if (spw.frame === spectral.frame) return 1
  const context = { epochMjdSeconds, positionMetres, direction: phaseCentre }
  return spectralFrameFactor(spw.frame, spectral.frame, context)
}

function dataChannels(
  windows: readonly SpectralWindow[],
  survey: SelectionSurvey,
  factor: (spw: SpectralWindow) => number,
): DataChannels {
  const all = { lowHz: Number.POSITIVE_INFINITY, highHz: Number.NEGATIVE_INFINITY }
  const selected = { ...all }
  const recorded = { ...all }
  for (const spw of windows) {
    const scale = factor(spw)
    widen(all, spw, spw.channelFrequencyHz.keys(), scale)
    widen(selected, spw, survey.channels.get(spw.id) ?? [], scale)
    widen(recorded, spw, survey.channels.get(spw.id) ?? [], 1)
  }
  const [first] = windows
  const scale = factor(first)
  return {
    frequencyHz: first.channelFrequencyHz.map(hz => hz * scale),
    widthHz: first.channelWidthHz.map(hz => hz * scale),
    firstSelected: survey.channels.get(first.id)?.[0] ?? 0,
    windows: all,
    selected,
    middleHz: (recorded.lowHz + recorded.highHz) / 2,
  }
}

function widen(
  band: { lowHz: number; highHz: number },
  spw: SpectralWindow,
  channels: Iterable<number>,
  scale: number,
): void {
  for (const c of channels) {
    const hz = spw.channelFrequencyHz[c] * scale
    const half = (spw.channelWidthHz[c] * scale) / 2
    band.lowHz = Math.min(band.lowHz, hz - half)
    band.highHz = Math.max(band.highHz, hz + half)
  }
}
