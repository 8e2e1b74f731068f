import type { Antenna, DataDescription, Observation, SpectralWindow } from '@cleanbeam/types'
import type { ChannelRange, SelectableField, SelectedRows } from '../selection/selectable.ts'
import type { ListedScan, UsedParts } from './used-parts.ts'

/** What an observation holds, as far as a selection finds it. */
export interface ObservationListing {
  readonly path: string
  readonly telescope: string
  readonly observer: string
  /** Rows of the whole observation. */
  readonly nRow: number
  /** Of the selected rows where they carry scans, else of the whole observation; as in {@link ListedScan}. */
  readonly beginMjdSeconds: number
  readonly endMjdSeconds: number
  readonly selected: {
    readonly rows: Uint32Array
    /** As the user wrote them. */
    readonly channels: readonly ChannelRange[]
  }
  readonly fields: readonly SelectableField[]
  readonly spws: readonly SpectralWindow[]
  readonly dataDescriptions: readonly DataDescription[]
  readonly antennas: readonly Antenna[]
  /** null when the rows carry no scans (UVFITS). */
  readonly scans: readonly ListedScan[] | null
}

/**
 * Puts a listing together: with scans, only the fields, spectral windows, data descriptions and antennas that the
 * selected rows use are listed.
 */
export function listingOf(observation: Observation, found: SelectedRows, used: UsedParts | null): ObservationListing {
  const { path, telescope, observer, nRow } = observation
  const listed = <T extends { readonly id: number }>(all: readonly T[], ids: ReadonlySet<number> | undefined) =>
    ids ? all.filter(each => ids.has(each.id)) : all
  const descriptions = listed(observation.dataDescriptions, used?.dataDescriptions)
  const spws = new Set(descriptions.map(each => each.spw))
  return {
    path,
    telescope,
    observer,
    nRow,
    beginMjdSeconds: used?.beginMjdSeconds ?? observation.startMjdSeconds,
    endMjdSeconds: used?.endMjdSeconds ?? observation.endMjdSeconds,
    selected: { rows: found.rows, channels: found.selection.channelRanges },
    fields: listed(observation.fields, used?.fields),
    spws: observation.spws.filter(each => spws.has(each.id) && found.selection.channels.has(each.id)),
    dataDescriptions: descriptions,
    antennas: listed(observation.antennas, used?.antennas),
    scans: used?.scans ?? null,
  }
}
