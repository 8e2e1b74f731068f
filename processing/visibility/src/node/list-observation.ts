import type { DataSelection } from '@cleanbeam/types'
import { listingOf, type ObservationListing } from '../listing/observation-listing.ts'
import { openObservation } from './open-observation.ts'

/**
 * Lists what an observation holds, or what a selection of it finds; visibilities are not read.
 * @throws as `openObservation`, and VisibilityError when the selection names what is not there or finds nothing
 */
export async function listObservation(path: string, selection: DataSelection = {}): Promise<ObservationListing> {
  const observation = await openObservation(path)
  try {
    const found = await observation.select(selection)
    return listingOf(observation, found, observation.usedBy(found.rows))
  } finally {
    await observation.close()
  }
}
