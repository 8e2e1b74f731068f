import { rename, rm, stat } from 'node:fs/promises'
import { createTable } from '@cleanbeam/casatable/node'
import { openFits } from '@cleanbeam/fits/node'
import type { WriteCall } from '../import-uvfits/write-main-rows.ts'
import { writeMeasurementSet } from '../import-uvfits/write-measurement-set.ts'
import { readUvfits } from '../uvfits/read-uvfits.ts'
import { VisibilityError } from '../visibility-error.ts'

/** What {@link importuvfits} takes. */
export interface ImportUvfitsOptions {
  readonly fitsfile: string
  /** The MeasurementSet to make. */
  readonly vis: string
  readonly overwrite?: boolean
}

/**
 * Writes a UVFITS file as a MeasurementSet, beside the path and renamed when complete.
 * @throws VisibilityError or FitsError when the file is no UVFITS observation or the path is taken; CasatableError when it
 * cannot be written
 * @see CASA documentation, importuvfits
 */
export async function importuvfits(options: ImportUvfitsOptions, call: WriteCall = {}): Promise<void> {
  const { fitsfile, vis, overwrite = false } = options
  const before = await stat(vis).catch(() => null)
  if (before !== null && (!overwrite || !before.isDirectory())) {
    throw new VisibilityError(`expected a path that does not exist, got ${vis}: remove it or give another name`, {
      path: vis,
    })
  }
  const file = await openFits(fitsfile, { signal: call.signal })
  const beside = `${vis}.${process.pid}.part`
  const old = `${vis}.${process.pid}.old`
  try {
    const content = await readUvfits(file, fitsfile)
    await rm(beside, { recursive: true, force: true })
    await writeMeasurementSet(beside, content, createTable, call)
    if (before !== null) await rename(vis, old)
    await rename(beside, vis)
  } finally {
    await file.close()
    await rm(beside, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}
