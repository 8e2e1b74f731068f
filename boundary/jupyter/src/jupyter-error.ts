import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** A kernel or a bridge to one that cannot be started, reached or understood. */
export class JupyterError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('JupyterError', message, fields, cause)
  }
}
