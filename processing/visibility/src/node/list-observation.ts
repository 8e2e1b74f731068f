import { stat } from 'node:fs/promises'
import { openTable } from '@cleanbeam/casatable/node'
import type { DataSelection } from '@cleanbeam/types'
import { usedParts } from '../listing/list-scans.ts'
import { listingOf, type ObservationListing } from '../listing/observation-listing.ts'
import { readMetadata } from '../measurement-set/metadata.ts'
import { readRowIndex } from '../measurement-set/row-index.ts'
import { openObservation } from './open-observation.ts'

/**
 * Lists what an observation holds, or what a selection of it finds; visibilities are not read.
 * @throws as `openObservation`, and VisibilityError when the selection names what is not there or finds nothing
 */
export async function listObservation(path: string, selection: DataSelection = {}): Promise<ObservationListing> {
  const isTable = (await stat(path).catch(() => null))?.isDirectory() === true
  const observation = await openObservation(path)
  try {
    const found = await observation.select(selection)
    return listingOf(observation, found, isTable ? readUsedParts(path, found.rows) : null)
  } finally {
    await observation.close()
  }
}

function readUsedParts(path: string, rows: Uint32Array) {
  const table = openTable(path)
  try {
    return usedParts(readRowIndex(table), readMetadata(table), rows)
  } finally {
    table.close()
  }
}
