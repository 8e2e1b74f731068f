import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** A command line that cannot be carried out as written: an option's value, a file of parameters or steps. */
export class CommandError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('CommandError', message, fields, cause)
  }
}

/** Exit status of the process (DESIGN 4). */
export const EXIT = { done: 0, failed: 1, badParameters: 2, interrupted: 130 } as const

const PARAMETER_TAGS: ReadonlySet<string> = new Set(['ParameterError', 'CommandError', 'MeasuresError'])

/** 2 for what the user can mend on the command line, 1 for everything else. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof Error && error.name === 'AbortError') return EXIT.interrupted
  if (!(error instanceof TaggedError)) return EXIT.failed
  // Regions and selections name the parameter they were given as.
  const isParameter = PARAMETER_TAGS.has(error.tag) || typeof error.fields.parameter === 'string'
  return isParameter ? EXIT.badParameters : EXIT.failed
}
