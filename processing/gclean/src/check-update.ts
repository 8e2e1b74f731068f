import {
  checkTcleanParameters,
  checkValue,
  fluxJy,
  nearestName,
  ParameterError,
  TCLEAN_PARAMETERS,
} from '@cleanbeam/tclean'
import { type GcleanUpdate, type TcleanParameters, UPDATABLE_PARAMETERS } from '@cleanbeam/types'

/** An update that has passed all checks. */
export interface CheckedUpdate {
  /** Changed parameters. */
  readonly parameters: Partial<TcleanParameters>
  /** For the next cycle only, Jy; null when it is not given. */
  readonly cycleThresholdJy: number | null
}

/**
 * Checks an update as a whole, so that a refused one can change nothing.
 * @throws ParameterError naming the first entry that is wrong
 */
export function checkUpdate(present: TcleanParameters, changes: GcleanUpdate): CheckedUpdate {
  const { cyclethreshold, ...parameters } = changes
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) throw new ParameterError(`expected a value for ${name}, got none`, { parameter: name })
    const row = TCLEAN_PARAMETERS.find(candidate => candidate.name === name)
    if (!row || !(UPDATABLE_PARAMETERS as readonly string[]).includes(name)) throw notUpdatable(name)
    checkValue(row, value)
  }
  checkTcleanParameters({ ...present, ...parameters })
  return {
    parameters,
    cycleThresholdJy: cyclethreshold === undefined ? null : positiveFluxJy(cyclethreshold),
  }
}

function notUpdatable(name: string): ParameterError {
  const nearest = nearestName(name, UPDATABLE_PARAMETERS)
  const remedy = nearest ? `did you mean '${nearest}'?` : `these can be: ${UPDATABLE_PARAMETERS.join(', ')}`
  return new ParameterError(`expected a parameter that can be changed between steps, got '${name}': ${remedy}`, {
    parameter: name,
  })
}

function positiveFluxJy(value: number | string): number {
  const jansky = fluxJy(value, 'cyclethreshold')
  if (jansky > 0) return jansky
  throw new ParameterError(`expected cyclethreshold above 0, got ${value}`, { parameter: 'cyclethreshold' })
}
