import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** A call the session cannot carry out as things are: busy, finished, no such product. */
export class SessionError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('SessionError', message, fields, cause)
  }
}

/** A tile or plane of pixels that have been replaced meanwhile. */
export class StaleGenerationError extends TaggedError {
  constructor(suffix: string, generation: number, asked: number) {
    super('StaleGeneration', `expected generation ${generation} of ${suffix}, got ${asked} (tile)`, {
      suffix,
      generation,
      asked,
    })
  }
}
