import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** Thrown by `@cleanbeam/deconvolution` for input it refuses; nothing has been changed when it is thrown. */
export class DeconvolutionError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('DeconvolutionError', message, fields, cause)
  }
}
