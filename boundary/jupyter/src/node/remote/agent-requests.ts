import { z } from 'zod'

const text = z.string()
const settings = z.object({
  /** tclean's parameters, paths as they are on the host. */
  parameters: z.record(text, z.json()),
  engine: z.enum(['native', 'casa']),
  /** How products are kept; default: as the host does. */
  format: z.enum(['fits', 'casa', 'both']).optional(),
})

/** What runs in a session process. */
export type SessionSettingsOnHost = z.infer<typeof settings>

/** What the near side asks of the host: JSON over standard input, so that nothing needs quoting. */
export const agentRequestSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('start'),
    id: text,
    packageId: text,
    settings,
    /** Words before the session's command, such as `srun -u`; empty: it runs on the host itself. */
    via: z.array(text),
    /** Start a Jupyter kernel, signing with this key, in which the near side opens the session. */
    kernelKey: text.optional(),
  }),
  /** The session that was opened in a kernel, for those who attach later. */
  z.object({ op: z.literal('adopt'), id: text, kernelSession: text }),
  z.object({ op: z.literal('list') }),
  z.object({ op: z.literal('status'), id: text }),
  z.object({ op: z.literal('result'), id: text }),
  z.object({ op: z.literal('stop'), id: text }),
])
export type AgentRequest = z.infer<typeof agentRequestSchema>

/** Begins the one line of the agent's answer; start-up files of shells may print before. */
export const ANSWER_MARK = '@answer '
