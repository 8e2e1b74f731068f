import type { JsonObject } from '@cleanbeam/types'
import { TaggedError } from '@cleanbeam/types'

/** An observation that cannot be opened or read as asked, or a selection that does not fit it. */
export class VisibilityError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('VisibilityError', message, fields, cause)
  }
}
