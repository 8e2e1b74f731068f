import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TcleanInput, TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { checkTcleanParameters } from '../check-parameters.ts'
import { visibilityPaths } from '../imaging-plan.ts'
import { ParameterError } from '../tclean-error.ts'

/**
 * Makes sure that every input exists, before anything is written.
 * @throws ParameterError naming the missing file
 */
export async function requireFiles(parameter: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await access(path, constants.R_OK)
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      const got = missing ? `'${path}', which does not exist` : `'${path}', which cannot be read`
      throw new ParameterError(`expected a readable file for ${parameter}, got ${got}`, { parameter, path }, error)
    }
  }
}

/**
 * Makes sure that products can be written: the folder of the image name, or the nearest one above it that exists (what
 * is missing will be created), is writable.
 * @throws ParameterError naming the folder
 */
export async function requireWritable(imagename: string): Promise<void> {
  const folder = await nearestFolder(dirname(imagename))
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('not a folder')
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ParameterError(
      `expected a folder that can be written to for imagename, got '${folder}' (${(error as Error).message}): choose another imagename`,
      { parameter: 'imagename', path: folder },
      error,
    )
  }
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : nearestFolder(parent)
  }
}

/**
 * Everything that can be known of a tclean call without reading data: parameters, files, the folder to write to.
 * @throws ParameterError naming what is wrong
 */
export async function checkTcleanFiles(input: TcleanInput): Promise<void> {
  const parameters = checkTcleanParameters(input)
  await requireFiles('vis', visibilityPaths(parameters))
  await requireFiles('mask', maskFiles(parameters.mask))
  await requireFiles('startmodel', listOf(parameters.startmodel))
  if (parameters.outlierfile !== '') await requireFiles('outlierfile', [parameters.outlierfile])
  await requireWritable(parameters.imagename)
}

/** Entries of mask that are file names, not region text. */
export function maskFiles(mask: TcleanParameters['mask']): readonly string[] {
  return listOf(mask).filter(text => !/[[(\n]/.test(text))
}
