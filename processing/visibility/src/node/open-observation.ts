import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Table } from '@cleanbeam/casatable'
import { openTable } from '@cleanbeam/casatable/node'
import { openFits } from '@cleanbeam/fits/node'
import { openMeasurementSet } from '../measurement-set/ms-observation.ts'
import type { SelectableObservation } from '../selection/selectable.ts'
import { openUvfits } from '../uvfits/uvfits-observation.ts'
import { VisibilityError } from '../visibility-error.ts'

/** Subtables may have subtables, such as the ephemerides of FIELD; deeper there is nothing to read. */
const MAX_SUBTABLE_DEPTH = 2

/**
 * Opens an observation, told by its content: a MeasurementSet (a folder with table.dat) or a UVFITS file (also
 * gzip-compressed).
 * @throws VisibilityError, FitsError or CasatableError for a missing file and whatever is not an observation
 */
export async function openObservation(
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<SelectableObservation> {
  options.signal?.throwIfAborted()
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return openDirectory(path)
  const file = await openFits(path, options)
  try {
    return await openUvfits(file, file)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openDirectory(path: string): Promise<SelectableObservation> {
  const table = await stat(join(path, 'table.dat')).catch(() => null)
  if (table === null) {
    throw new VisibilityError(
      `expected an observation, got a directory that is not a MeasurementSet (${path}): give a UVFITS file or a MeasurementSet`,
      { path },
    )
  }
  const ms = openTable(path)
  try {
    return openMeasurementSet(ms, {
      path,
      stateKey: await stateOf(path),
      ephemeris: await ephemerisTables(path),
    })
  } catch (error) {
    ms.close()
    throw error
  }
}

/** Opens the ephemeris tables in the folder of the FIELD table by their number. */
async function ephemerisTables(path: string): Promise<(id: number) => Table | null> {
  const folder = join(path, 'FIELD')
  const names = await readdir(folder).catch(() => [])
  return id => {
    const name = names.find(each => each.startsWith(`EPHEM${id}_`) && each.endsWith('.tab'))
    return name === undefined ? null : openTable(join(folder, name))
  }
}

/**
 * Sizes and modification times of the files of the table and of its subtables (also those of subtables); lock files do
 * not count, readers touch them.
 */
async function stateOf(path: string, depth = 0): Promise<string> {
  const states = await Promise.all(
    (await readdir(path)).sort().map(async name => {
      const file = await stat(join(path, name), { bigint: true }).catch(() => null)
      if (file?.isDirectory()) {
        const inside = depth < MAX_SUBTABLE_DEPTH ? await stateOf(join(path, name), depth + 1) : ''
        return inside && `${name}/${inside}`
      }
      const counts = file !== null && name.startsWith('table.') && name !== 'table.lock'
      return counts ? `${name}:${file.ino}:${file.size}:${file.mtimeNs}` : ''
    }),
  )
  return states.filter(state => state !== '').join('|')
}
