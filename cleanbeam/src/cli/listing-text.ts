// An observation's listing as a page of tables.

import { formatDeclination, formatRightAscension } from '@cleanbeam/measures'
import type { Direction, SpectralWindow } from '@cleanbeam/types'
import type { ObservationListing } from '@cleanbeam/visibility'
import { formatTable } from './table-text.ts'
import { timeText } from './time-text.ts'

/** The listing for a terminal. */
export function formatListing(listing: ObservationListing, isSelection: boolean): string {
  const { path, telescope, observer, nRow, selected } = listing
  const rows = isSelection ? `${selected.rows.length} of ${nRow} rows selected` : `${nRow} rows`
  const begin = timeText(listing.beginMjdSeconds).replace('T', ' ')
  const end = timeText(listing.endMjdSeconds).replace('T', ' ')
  const sections = [
    `${path}\n${[telescope, observer].filter(text => text !== '').join(', ')}\n${begin} to ${end} UTC, ${rows}`,
    listing.scans ? `Scans: ${listing.scans.length}\n${scanTable(listing)}` : '',
    `Fields: ${listing.fields.length}\n${fieldTable(listing)}`,
    `Spectral windows: ${listing.spws.length}\n${spwTable(listing)}`,
    isSelection ? `Channels selected\n${channelTable(listing)}` : '',
    `Antennas: ${listing.antennas.length}\n${antennaTable(listing)}`,
  ]
  return sections.filter(section => section !== '').join('\n\n')
}

function scanTable({ scans, fields }: ObservationListing): string {
  const name = (id: number) => fields.find(field => field.id === id)?.name ?? ''
  return formatTable(
    ['Scan', 'Begin (UTC)', 'End', 'Field', 'Name', 'Rows', 'Spws', 'Intents'],
    (scans ?? []).map(scan => [
      String(scan.scan),
      timeText(scan.beginMjdSeconds).replace('T', ' '),
      timeText(scan.endMjdSeconds).slice(11),
      String(scan.field),
      name(scan.field),
      String(scan.nRow),
      scan.spws.join(','),
      scan.intents,
    ]),
  )
}

function fieldTable({ fields, scans }: ObservationListing): string {
  const nRow = (id: number) =>
    scans ? String(scans.reduce((sum, scan) => sum + (scan.field === id ? scan.nRow : 0), 0)) : '-'
  return formatTable(
    ['Field', 'Code', 'Name', 'Longitude', 'Latitude', 'Frame', 'Rows'],
    fields.map(({ id, code, name, phaseCentre }) => [
      String(id),
      code ?? '',
      name,
      ...directionTexts(phaseCentre),
      phaseCentre.frame,
      nRow(id),
    ]),
  )
}

/** Right ascension and declination; galactic directions in degrees. */
export function directionTexts({ frame, longitudeRad, latitudeRad }: Direction): [longitude: string, latitude: string] {
  const degrees = (rad: number) => `${((rad * 180) / Math.PI).toFixed(6)}deg`
  if (frame === 'GALACTIC') return [degrees(longitudeRad), degrees(latitudeRad)]
  return [formatRightAscension(longitudeRad, 5, 'colons'), formatDeclination(latitudeRad, 4, 'casa')]
}

function spwTable({ spws, dataDescriptions }: ObservationListing): string {
  return formatTable(
    [
      'Spw',
      'Name',
      'Channels',
      'Frame',
      'First (MHz)',
      'Width (kHz)',
      'Bandwidth (MHz)',
      'Centre (MHz)',
      'Correlations',
    ],
    spws.map(spw => [
      String(spw.id),
      spw.name,
      String(spw.channelFrequencyHz.length),
      spw.frame,
      (spw.channelFrequencyHz[0] / 1e6).toFixed(4),
      (spw.channelWidthHz[0] / 1e3).toFixed(3),
      (bandwidthHz(spw) / 1e6).toFixed(3),
      (centreHz(spw) / 1e6).toFixed(4),
      [...new Set(dataDescriptions.filter(each => each.spw === spw.id).flatMap(each => each.correlations))].join(' '),
    ]),
  )
}

/** Sum of the channel widths, Hz. */
export function bandwidthHz(spw: SpectralWindow): number {
  return spw.channelWidthHz.reduce((sum, width) => sum + width, 0)
}

/** Middle between the first and the last channel, Hz. */
export function centreHz({ channelFrequencyHz }: SpectralWindow): number {
  return (channelFrequencyHz[0] + channelFrequencyHz[channelFrequencyHz.length - 1]) / 2
}

function channelTable({ selected }: ObservationListing): string {
  return formatTable(
    ['Spw', 'First', 'Last', 'Step'],
    selected.channels.map(({ spw, start, stop, step }) => [spw, start, stop, step].map(String)),
  )
}

function antennaTable({ antennas }: ObservationListing): string {
  return formatTable(
    ['Antenna', 'Name', 'Station', 'Diameter (m)', 'X (m, ITRF)', 'Y (m)', 'Z (m)'],
    antennas.map(({ id, name, station, dishDiameterMetres, positionMetres }) => [
      String(id),
      name,
      station,
      dishDiameterMetres.toFixed(1),
      ...positionMetres.map(metres => metres.toFixed(3)),
    ]),
  )
}
