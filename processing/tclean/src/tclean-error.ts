import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** A product that a task needs and does not find, or data that cannot be imaged as asked. */
export class TcleanError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('TcleanError', message, fields, cause)
  }
}

/** A refused parameter: `fields.parameter` names it. Thrown before any file is touched. */
export class ParameterError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ParameterError', message, fields, cause)
  }
}
