import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openFits } from '@cleanbeam/fits/node'
import type { Observation } from '@cleanbeam/types'
import { openUvfits } from '../uvfits/uvfits-observation.ts'
import { VisibilityError } from '../visibility-error.ts'

/**
 * Opens an observation, told by its content: a UVFITS file (also gzip-compressed). MeasurementSets are refused by name
 * until they can be read.
 * @throws VisibilityError or FitsError for a missing file, a directory, and whatever is not an observation
 */
export async function openObservation(path: string, options: { signal?: AbortSignal } = {}): Promise<Observation> {
  options.signal?.throwIfAborted()
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) throw await refuseDirectory(path)
  const file = await openFits(path, options)
  try {
    return await openUvfits(file, file)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function refuseDirectory(path: string): Promise<VisibilityError> {
  const table = await stat(join(path, 'table.dat')).catch(() => null)
  if (table === null) {
    return new VisibilityError(`expected an observation, got a directory (${path}): give a UVFITS file`, { path })
  }
  return new VisibilityError(
    `expected a UVFITS file, got a MeasurementSet or another CASA table (${path}): not yet supported: MeasurementSet`,
    { path },
  )
}
