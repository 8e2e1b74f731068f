import type { JsonObject } from '@cleanbeam/types'
import { TaggedError } from '@cleanbeam/types'

/** A quantity, direction, epoch or coordinate that cannot be understood or converted. */
export class MeasuresError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('MeasuresError', message, fields, cause)
  }
}
