// cleanbeam listobs: what an observation holds, or what a selection of it finds.

import type { DataSelection, JsonObject } from '@cleanbeam/types'
import type { ObservationListing } from '@cleanbeam/visibility'
import { listObservation } from '@cleanbeam/visibility/node'
import type { Command } from 'commander'
import { bandwidthHz, centreHz, directionTexts, formatListing } from './listing-text.ts'
import { printJson } from './output.ts'
import { timeText } from './time-text.ts'

/** The selection parameters, with what they take. */
const SELECTION = [
  ['field', 'fields by number, name or pattern'],
  ['spw', 'spectral windows and channels, such as 0:3~7;9~12,1'],
  ['timerange', 'times, such as 2015/06/01/09:00:00~12:00:00'],
  ['uvrange', 'baseline lengths, such as <2klambda'],
  ['antenna', 'antennas and baselines, such as 1&2 or !VA04'],
  ['scan', 'scan numbers'],
  ['observation', 'observation numbers'],
  ['array', 'array numbers'],
  ['intent', 'patterns of scan intents'],
  ['correlation', 'rows that have any of these correlations'],
  ['msselect', 'table expressions (refused: not yet supported)'],
] as const satisfies readonly (readonly [keyof DataSelection, string])[]

type ListobsOptions = Partial<Record<(typeof SELECTION)[number][0], string>> & { readonly json?: boolean }

export function defineListobsCommand(command: Command): void {
  command.argument('<vis>', 'MeasurementSet or UVFITS file')
  for (const [name, meaning] of SELECTION) command.option(`--${name} <text>`, meaning)
  command
    .option('--json', 'prints {"selected": {"nrow", "row_sum", "channels": [[spw, start, stop, step]]}, …}')
    .action(async (vis: string, { json, ...selection }: ListobsOptions) => {
      const listing = await listObservation(vis, selection)
      const isSelection = Object.values(selection).some(text => text !== undefined && text.trim() !== '')
      if (json) printJson(listingRecord(listing))
      else process.stdout.write(`${formatListing(listing, isSelection)}\n`)
    })
}

/** The listing as --json prints it. */
export function listingRecord(listing: ObservationListing): JsonObject {
  const { selected, scans, dataDescriptions } = listing
  return {
    selected: {
      nrow: selected.rows.length,
      row_sum: selected.rows.reduce((sum, row) => sum + row, 0),
      channels: selected.channels.map(({ spw, start, stop, step }) => [spw, start, stop, step]),
    },
    vis: listing.path,
    telescope: listing.telescope,
    observer: listing.observer,
    nrow: listing.nRow,
    begin: timeText(listing.beginMjdSeconds),
    end: timeText(listing.endMjdSeconds),
    correlations: [...new Set(dataDescriptions.flatMap(each => each.correlations))],
    fields: listing.fields.map(fieldRecord),
    spws: listing.spws.map(spw => ({
      id: spw.id,
      name: spw.name,
      nchan: spw.channelFrequencyHz.length,
      frame: spw.frame,
      chan0Hz: spw.channelFrequencyHz[0],
      chanWidthHz: spw.channelWidthHz[0],
      bandwidthHz: bandwidthHz(spw),
      centreHz: centreHz(spw),
      correlations: [
        ...new Set(dataDescriptions.filter(each => each.spw === spw.id).flatMap(each => each.correlations)),
      ],
    })),
    antennas: listing.antennas.map(({ id, name, station, dishDiameterMetres, positionMetres }) => ({
      id,
      name,
      station,
      dishDiameterMetres,
      positionMetres: [...positionMetres],
    })),
    scans: scans?.map(({ beginMjdSeconds, endMjdSeconds, nRow, spws, intents, ...scan }) => ({
      ...scan,
      spws: [...spws],
      begin: timeText(beginMjdSeconds),
      end: timeText(endMjdSeconds),
      nrow: nRow,
      intents: intents === '' ? [] : intents.split(','),
    })),
  }
}

function fieldRecord({ id, name, code, phaseCentre }: ObservationListing['fields'][number]): JsonObject {
  const [longitude, latitude] = directionTexts(phaseCentre)
  const { frame, longitudeRad, latitudeRad } = phaseCentre
  return { id, name, code: code ?? '', frame, longitudeRad, latitudeRad, longitude, latitude }
}
