import type { JsonObject, JsonValue } from '@cleanbeam/types'

/**
 * A task call as a line of Python that runs in CASA: `tclean( vis='m87.ms', niter=100 )`.
 * @param parameters - undefined entries are left out
 */
export function formatTaskCall(task: string, parameters: JsonObject): string {
  const words = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${toPython(value as JsonValue)}`)
  return `${task}( ${words.join(', ')} )`
}

function toPython(value: JsonValue): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(toPython).join(', ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined)
    return `{${entries.map(([k, v]) => `${quote(k)}: ${toPython(v as JsonValue)}`).join(', ')}}`
  }
  return String(value)
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}
