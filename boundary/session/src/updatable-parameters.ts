import type { UpdatableInfo } from '@cleanbeam/protocol'
import { type ParameterKind, TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { type JsonValue, type TcleanParameters, UPDATABLE_PARAMETERS, type UpdatableParameter } from '@cleanbeam/types'

const ITERATION: readonly UpdatableParameter[] = ['niter', 'nmajor', 'threshold', 'nsigma', 'gain']
const CYCLE: readonly UpdatableParameter[] = ['cycleniter', 'cyclefactor', 'cyclethreshold']

const KINDS: Partial<Record<ParameterKind, UpdatableInfo['kind']>> = {
  integer: 'integer',
  number: 'number',
  quantity: 'quantity',
  boolean: 'boolean',
}

const CYCLE_THRESHOLD = {
  kind: 'quantity',
  unit: 'Jy',
  minimum: 0,
  description: 'Threshold of the next minor cycle only; empty: computed from the PSF side lobe and cyclefactor',
} as const

/** What a page needs to offer the parameters that can be changed between steps, with the values in force. */
export function updatableParameters(parameters: TcleanParameters): UpdatableInfo[] {
  return UPDATABLE_PARAMETERS.map(name => {
    const group = ITERATION.includes(name) ? 'iteration' : CYCLE.includes(name) ? 'cycle' : 'automask'
    if (name === 'cyclethreshold') return { name, group, ...CYCLE_THRESHOLD, default: null, value: null }
    const described = TCLEAN_PARAMETERS.find(parameter => parameter.name === name)
    return {
      name,
      group,
      kind: (described && KINDS[described.kind]) ?? 'number',
      unit: described?.unit ?? '',
      minimum: described?.minimum ?? null,
      description: described?.meaning ?? '',
      default: scalarDefault(described?.default),
      value: parameters[name],
    }
  })
}

/** A default a text field can show; lists have none among the parameters that can be changed. */
function scalarDefault(value: JsonValue | undefined): UpdatableInfo['default'] {
  return typeof value === 'object' || value === undefined ? null : value
}
