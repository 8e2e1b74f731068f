// The parameters of every field of a call: the main image, then those of its outlier file.

import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { checkTcleanParameters } from '../check-parameters.ts'
import { type OutlierDefinition, parseOutlierFile } from '../outlier-file.ts'
import { ParameterError } from '../tclean-error.ts'
import { maskFiles, requireFiles } from './check-files.ts'

/**
 * Complete parameters of each field, the main one first. An outlier has those of the main image but for what its file
 * says, and no startmodel of its own accord. Image names that are relative stand beside the main image; files that the
 * outlier file names are looked for from the working directory, as in CASA, then beside the outlier file.
 * @throws ParameterError naming what is wrong, also when two fields have one name
 */
export async function fieldParameters(main: TcleanParameters): Promise<readonly TcleanParameters[]> {
  const { outlierfile } = main
  if (outlierfile === '') return [main]
  await requireFiles('outlierfile', [outlierfile])
  const definitions = parseOutlierFile(await readFile(outlierfile, 'utf8'), outlierfile)
  const fields = [main]
  for (const definition of definitions) fields.push(await outlierParameters(main, definition))
  refuseSameNames(fields)
  return fields
}

async function outlierParameters(main: TcleanParameters, definition: OutlierDefinition): Promise<TcleanParameters> {
  const { imagename, ...own } = definition
  const merged = { ...main, startmodel: '', ...own, outlierfile: '' }
  const parameters = checkTcleanParameters({
    ...merged,
    imagename: isAbsolute(imagename) ? imagename : join(dirname(main.imagename), imagename),
    mask: await besideIfThere(merged.mask, main.outlierfile),
    startmodel: (await besideIfThere(merged.startmodel, main.outlierfile)) as string | string[],
  })
  await requireFiles('mask', maskFiles(parameters.mask))
  await requireFiles('startmodel', listOf(parameters.startmodel))
  return parameters
}

/** Names of files that are not there from here but beside the outlier file become paths to those. */
async function besideIfThere(value: TcleanParameters['mask'], outlierfile: string): Promise<TcleanParameters['mask']> {
  if (typeof value === 'boolean') return value
  const names = await Promise.all(
    (typeof value === 'string' ? [value] : value).map(async name => {
      const beside = join(dirname(outlierfile), name)
      return name !== '' && !(await exists(name)) && (await exists(beside)) ? beside : name
    }),
  )
  return typeof value === 'string' ? names[0] : names
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function refuseSameNames(fields: readonly TcleanParameters[]): void {
  const names = fields.map(({ imagename }) => imagename)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new ParameterError(
    `expected an imagename of its own for every field, got '${twice}' twice (outlierfile): name the outlier otherwise`,
    { parameter: 'outlierfile', imagename: twice },
  )
}
