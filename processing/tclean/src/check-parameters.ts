import {
  AUTOMASK_PARAMETERS,
  type DeconvolveInput,
  type DeconvolveParameters,
  type TcleanInput,
  type TcleanParameters,
} from '@cleanbeam/types'
import { checkCombination } from './check-combination.ts'
import { checkValue } from './check-value.ts'
import { nearestName } from './nearest-name.ts'
import { type ParameterDescription, TCLEAN_PARAMETERS } from './parameters.ts'
import { ParameterError } from './tclean-error.ts'

const DECONVOLVE_NAMES: ReadonlySet<string> = new Set<keyof DeconvolveParameters>([
  'imagename',
  'startmodel',
  'deconvolver',
  'scales',
  'nterms',
  'smallscalebias',
  'fusedthreshold',
  'largestscale',
  'restoration',
  'restoringbeam',
  'niter',
  'gain',
  'threshold',
  'nsigma',
  'interactive',
  'fullsummary',
  'fastnoise',
  'usemask',
  'mask',
  'pbmask',
  ...AUTOMASK_PARAMETERS,
  'verbose',
  'restart',
  'cycleniter',
  'cyclefactor',
  'minpsffraction',
  'maxpsffraction',
  'psfcutoff',
  'pblimit',
])

/** The rows of the parameter table that `deconvolve` takes, in the table's order. */
export const DECONVOLVE_PARAMETERS: readonly ParameterDescription[] = TCLEAN_PARAMETERS.filter(row =>
  DECONVOLVE_NAMES.has(row.name),
)

/**
 * All parameters of a tclean call: those given, the rest CASA's defaults. Nothing given is ever ignored.
 * @throws ParameterError for an unknown name, a missing vis or imagename, a wrong type, a value out of range, and for
 * values and combinations that are not supported yet
 */
export function checkTcleanParameters(input: TcleanInput): TcleanParameters {
  const parameters = withDefaults(input, TCLEAN_PARAMETERS, 'tclean') as unknown as TcleanParameters
  checkCombination(parameters)
  return parameters
}

/**
 * The same for deconvolve.
 * @throws ParameterError as {@link checkTcleanParameters}
 */
export function checkDeconvolveParameters(input: DeconvolveInput): DeconvolveParameters {
  const parameters = withDefaults(input, DECONVOLVE_PARAMETERS, 'deconvolve') as unknown as DeconvolveParameters
  checkCombination(parameters)
  return parameters
}

function withDefaults(
  input: object,
  table: readonly ParameterDescription[],
  task: string,
): Readonly<Record<string, unknown>> {
  refuseUnknownNames(input, table, task)
  const given = input as Readonly<Record<string, unknown>>
  const complete: Record<string, unknown> = {}
  for (const row of table) {
    const value = given[row.name] === undefined ? structuredClone(row.default) : given[row.name]
    if (value === null && row.default === null) {
      throw new ParameterError(`expected ${row.name}, which ${task} cannot do without, got none`, {
        parameter: row.name,
      })
    }
    checkValue(row, value)
    complete[row.name] = value
  }
  return complete
}

function refuseUnknownNames(input: object, table: readonly ParameterDescription[], task: string): void {
  const known = table.map(row => row.name as string)
  for (const name of Object.keys(input)) {
    if (known.includes(name)) continue
    const nearest = nearestName(name, known)
    const remedy = nearest ? `: did you mean '${nearest}'?` : ''
    throw new ParameterError(`expected a parameter of ${task}, got '${name}', which it does not have${remedy}`, {
      parameter: name,
      nearest,
    })
  }
}
