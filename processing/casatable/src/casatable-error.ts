import { TaggedError } from '@cleanbeam/types'

/** Where in which file something went wrong. */
export interface TableLocation {
  /** Path of the file, or of the table's directory. */
  readonly file: string
  /** Byte offset in that file, where one is known. */
  readonly offset?: number
}

/**
 * Everything that can be wrong with a table: a damaged or truncated file, a feature that is not supported, a lock held
 * by another process, a wrong argument. The message names the file and, where known, the byte offset.
 */
export class CasatableError extends TaggedError {
  /**
   * @param message - "expected …, got …", without the place
   * @param location - the place, appended to the message and kept in `fields`
   */
  constructor(message: string, location?: TableLocation, cause?: unknown) {
    const place =
      location === undefined
        ? ''
        : ` (${location.file}${location.offset === undefined ? '' : `, byte ${location.offset}`})`
    super('CasatableError', message + place, { file: location?.file, offset: location?.offset }, cause)
  }
}
