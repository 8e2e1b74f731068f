import { z } from 'zod'
import { errorBodySchema, progressSchema } from './session-state.ts'

/** Identifies a request for as long as the channel lives; chosen by the caller, unique within its channel. */
const id = z.number().int().positive()
const anything = z.unknown()

/** The six kinds of message. Unknown fields are ignored, an unknown kind is refused. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id, method: z.string(), params: anything }),
  z.object({ kind: z.literal('result'), id, value: anything }),
  z.object({ kind: z.literal('error'), id, error: errorBodySchema }),
  z.object({ kind: z.literal('progress'), id, progress: progressSchema }),
  z.object({ kind: z.literal('event'), topic: z.string(), value: anything }),
  z.object({ kind: z.literal('cancel'), id }),
])
export type Message = z.infer<typeof messageSchema>
export type MessageKind = Message['kind']
