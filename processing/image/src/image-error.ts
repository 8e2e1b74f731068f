import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** Anything wrong with an image, its coordinates, a region or a mask; `fields` name the file or text. */
export class ImageError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ImageError', message, fields, cause)
  }
}
