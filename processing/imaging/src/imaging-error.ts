import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** Thrown by `@cleanbeam/imaging` for input it refuses; nothing has been changed when it is thrown. */
export class ImagingError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ImagingError', message, fields, cause)
  }
}
