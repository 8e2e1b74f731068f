import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** What the viewer cannot do: no drawing context, a shader that does not link. */
export class ViewerError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ViewerError', message, fields, cause)
  }
}
