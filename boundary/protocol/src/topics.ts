import { z } from 'zod'
import { maskChangeSchema } from './mask.ts'
import { productSchema } from './product.ts'
import { gcleanRecordSchema } from './record.ts'
import { logLineSchema, parametersSchema, phaseSchema, progressSchema, rewindSchema } from './session-state.ts'

/** Events every page of a session receives, in the order they happened; each replaces or extends a part of the snapshot. */
export const TOPICS = {
  phase: phaseSchema,
  /** After each step: the whole history. */
  record: gcleanRecordSchema,
  /** One more line. */
  log: logLineSchema,
  /** A product is new or has new pixels. */
  product: productSchema,
  mask: maskChangeSchema,
  /** Of the running step; null when it is over. */
  progress: progressSchema.nullable(),
  parameters: parametersSchema,
  rewind: rewindSchema,
  /** The server is going away: nothing more will come. */
  goodbye: z.object({ reason: z.string() }),
} as const

export type Topic = keyof typeof TOPICS
export type TopicValue<T extends Topic> = z.output<(typeof TOPICS)[T]>

export function isTopic(name: string): name is Topic {
  return Object.hasOwn(TOPICS, name)
}
