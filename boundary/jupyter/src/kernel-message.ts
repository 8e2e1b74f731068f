import type { JsonObject } from '@cleanbeam/types'
import { z } from 'zod'

/** The kernel's sockets that carry messages. */
export const KERNEL_CHANNELS = ['shell', 'control', 'iopub', 'stdin'] as const
export type KernelChannel = (typeof KERNEL_CHANNELS)[number]

/** Version of Jupyter's messaging specification that we write into headers. */
export const MESSAGING_VERSION = '5.4'

/**
 * Header of a kernel message.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#message-header
 */
export const kernelHeaderSchema = z.looseObject({
  msg_id: z.string(),
  session: z.string(),
  username: z.string().default(''),
  date: z.string().default(''),
  msg_type: z.string(),
  version: z.string().default(''),
})
export type KernelHeader = z.infer<typeof kernelHeaderSchema>

const jsonObject = z.custom<JsonObject>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a JSON object',
)

/** The four JSON parts of a kernel message; `parent_header` is {} for requests. */
export const kernelPartsSchema = z.object({
  header: kernelHeaderSchema,
  parent_header: z.union([kernelHeaderSchema, z.object({}).strict()]),
  metadata: jsonObject,
  content: jsonObject,
})

/** A kernel message, whatever carries it. */
export interface KernelMessage extends z.infer<typeof kernelPartsSchema> {
  readonly buffers: readonly Uint8Array[]
}

/** A request of ours. */
export function kernelRequest(
  session: string,
  type: string,
  content: JsonObject,
  buffers: readonly Uint8Array[] = [],
): KernelMessage {
  const header = {
    msg_id: crypto.randomUUID(),
    session,
    username: 'cleanbeam',
    date: new Date().toISOString(),
    msg_type: type,
    version: MESSAGING_VERSION,
  }
  return { header, parent_header: {}, metadata: {}, content, buffers }
}
