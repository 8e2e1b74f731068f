import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** The server cannot start or cannot do what its caller asked. */
export class ServerError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ServerError', message, fields, cause)
  }
}
