import { isTaggedError } from '@cleanbeam/types'
import { RemoteError } from './protocol-error.ts'
import type { ErrorBody } from './session-state.ts'

/** Any thrown value as it crosses the wire; errors that are not ours get their class name as tag. */
export function errorToBody(error: unknown): ErrorBody {
  if (isTaggedError(error)) return { tag: error.tag, message: error.message, fields: error.fields }
  if (error instanceof Error) return { tag: error.name, message: error.message, fields: {} }
  return { tag: 'Error', message: String(error), fields: {} }
}

/** The error a body stands for. */
export function errorFromBody(body: ErrorBody): RemoteError {
  return new RemoteError(body.tag, body.message, body.fields)
}
