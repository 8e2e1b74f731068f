import { type JsonObject, TaggedError } from '@cleanbeam/types'

/** The connection cannot do what was asked: refused, lost for good, closed, or out of protocol. */
export class ChannelError extends TaggedError {
  constructor(message: string, fields: JsonObject = {}, cause?: unknown) {
    super('ChannelError', message, fields, cause)
  }
}

/** A call that was not answered within the time its caller gave it. */
export class DeadlineError extends TaggedError {
  constructor(method: string, deadlineMs: number) {
    super('DeadlineExceeded', `expected an answer within ${deadlineMs} ms, got none (${method})`, {
      method,
      deadlineMs,
    })
  }
}
