// What is said over comms of the session's target besides the channel's own bytes: data without buffers.
import { errorBodySchema } from '@cleanbeam/protocol'
import { z } from 'zod'

const jsonRecord = z.record(z.string(), z.json())

/** Data of comm_open: what the comm is for. */
export const commPurposeSchema = z.discriminatedUnion('role', [
  /** Starts a session; the comm then says how it fares. */
  z.object({ role: z.literal('session'), settings: z.looseObject({ parameters: jsonRecord }) }),
  /** The same for one that runs. */
  z.object({ role: z.literal('attach'), session: z.string() }),
  /** A connection to a session: the channel's messages follow, one buffer each. */
  z.object({ role: z.literal('channel'), session: z.string() }),
])
export type CommPurpose = z.infer<typeof commPurposeSchema>
export type SessionSettingsData = Extract<CommPurpose, { role: 'session' }>['settings']

/** Kernel → client, on comms of role session and attach. */
export const sessionNoticeSchema = z.union([
  z.object({ opened: z.object({ session: z.string() }) }),
  z.object({ refused: errorBodySchema }),
  /** A client has finished the session; its result. */
  z.object({ finished: jsonRecord }),
  /** It ended otherwise. */
  z.object({ failed: errorBodySchema }),
  z.object({ closed: z.literal(true) }),
])
export type SessionNotice = z.infer<typeof sessionNoticeSchema>

/** Client → kernel: end the session. */
export const sessionOrderSchema = z.object({ close: z.literal(true) })
