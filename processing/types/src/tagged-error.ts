import type { JsonObject } from './json.ts'

/**
 * Base of every error Cleanbeam throws on purpose. Messages read "expected …, got … (where)" and then the remedy.
 *
 * Each package derives its own class and sets `tag` to that class's name; across the wire an error travels as
 * `{tag, message, fields}`, so `tag` is what programs test and `fields` carry the values the message was made from.
 */
export class TaggedError extends Error {
  readonly tag: string
  readonly fields: JsonObject

  constructor(tag: string, message: string, fields: JsonObject = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = tag
    this.tag = tag
    this.fields = fields
  }
}

/** True for our own errors, also for those rebuilt from a message or thrown in another realm. */
export function isTaggedError(value: unknown): value is TaggedError {
  return value instanceof Error && typeof (value as { tag?: unknown }).tag === 'string'
}
