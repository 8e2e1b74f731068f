import type { JsonObject } from '@cleanbeam/types'
import { formatTaskCall } from '../format-call.ts'
import { TCLEAN_PARAMETERS } from '../parameters.ts'

/** Version of the engine as records and headers name it. */
export const ENGINE_VERSION = '0.1.0'

/** Lines for the history of a product: engine, version, and the call with all that is not CASA's default. */
export function historyLines(task: string, parameters: object): string[] {
  const defaults = new Map(TCLEAN_PARAMETERS.map(row => [row.name as string, JSON.stringify(row.default)]))
  const shown = Object.entries(parameters).filter(([name, value]) => JSON.stringify(value) !== defaults.get(name))
  return [`made by Cleanbeam ${ENGINE_VERSION}`, formatTaskCall(task, Object.fromEntries(shown) as JsonObject)]
}
