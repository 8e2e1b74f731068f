import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** CASA that is not there, cannot be started, or failed at a task. */
export class CasaError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('CasaError', message, fields, cause)
  }
}
