import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** Bytes or values that are not what the protocol says: wrong magic, unknown version, wrong field. */
export class ProtocolError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ProtocolError', message, fields, cause)
  }
}

/** An error as the peer reported it: tag, message and fields are those of the error thrown over there. */
export class RemoteError extends TaggedError {}
