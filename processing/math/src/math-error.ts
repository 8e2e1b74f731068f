import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** Thrown by `@cleanbeam/math` for sizes and shapes it refuses. */
export class MathError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('MathError', message, fields, cause)
  }
}
