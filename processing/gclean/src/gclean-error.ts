import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** A step that cannot be taken: two at a time, a session another process holds, iteration where it cannot block. */
export class GcleanError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('GcleanError', message, fields, cause)
  }
}
