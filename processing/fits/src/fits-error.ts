import type { JsonObject } from '@cleanbeam/types'
import { TaggedError } from '@cleanbeam/types'

/** A FITS file that cannot be read or written as asked. `fields` name the place: file, HDU, keyword, byte offset. */
export class FitsError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('FitsError', message, fields, cause)
  }
}
