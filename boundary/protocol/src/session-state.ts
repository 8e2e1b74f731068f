import { z } from 'zod'
import { maskStateSchema } from './mask.ts'
import { productSchema } from './product.ts'
import { gcleanRecordSchema } from './record.ts'
import { count, json, jsonObject, real } from './scalars.ts'

/** An error as it crosses the wire. */
export const errorBodySchema = z.object({ tag: z.string(), message: z.string(), fields: jsonObject })
export type ErrorBody = z.infer<typeof errorBodySchema>

/**
 * What the session is doing.
 * - `opening`: the engine starts, nothing can be done yet
 * - `idle`: waits for the user
 * - `stepping`: one call of next() (the first makes PSF and residual)
 * - `running`: cycles until a stop criterion is met
 * - `stopping`: ends after the current major cycle
 * - `aborting`: the current cycle is being thrown away
 * - `restoring`: writes the restored image
 * - `finished`: the session is over; products can still be looked at
 */
export const phaseNameSchema = z.enum([
  'opening',
  'idle',
  'stepping',
  'running',
  'stopping',
  'aborting',
  'restoring',
  'finished',
])
export type PhaseName = z.infer<typeof phaseNameSchema>

export const phaseSchema = z.object({
  name: phaseNameSchema,
  /** When it began, milliseconds since 1970 UTC. */
  sinceMs: real,
  /** One sentence for the status line. */
  message: z.string(),
  /** True once a global stop criterion has been met: the next step does nothing until a parameter changes. */
  converged: z.boolean(),
  /** The image has been restored since the last change of the model. */
  restored: z.boolean(),
  /** Why the last step, run or restoration failed; null after a success. */
  error: errorBodySchema.nullable(),
})
export type PhaseState = z.infer<typeof phaseSchema>

export const progressSchema = z.object({ what: z.string(), done: real, total: real })
export type ProgressState = z.infer<typeof progressSchema>

export const logLineSchema = z.object({
  /** Counts from 0 without gaps over the whole session. */
  index: count,
  /** Milliseconds since 1970 UTC. */
  timeMs: real,
  /** `command`: a tclean or deconvolve call as text. */
  level: z.enum(['info', 'warning', 'error', 'command']),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>

/** A parameter the user may change between steps. */
export const updatableSchema = z.object({
  name: z.string(),
  kind: z.enum(['integer', 'number', 'quantity', 'boolean']),
  /** Unit of a bare number, '' for none ('Jy' for threshold). */
  unit: z.string(),
  minimum: z.number().nullable(),
  /** What it says in a sentence. */
  description: z.string(),
  /** Which panel it belongs to. */
  group: z.enum(['iteration', 'cycle', 'automask']),
  /** CASA's default; null = computed when not given. */
  default: z.union([z.number(), z.string(), z.boolean(), z.null()]),
  /** What is in force now; for niter and nmajor what remains; null = not set (cyclethreshold: computed). */
  value: z.union([z.number(), z.string(), z.boolean(), z.null()]),
})
export type UpdatableInfo = z.infer<typeof updatableSchema>

export const parametersSchema = z.object({
  /** All of tclean's parameters as they are in force. */
  parameters: z.record(z.string(), json.optional()),
  updatable: z.array(updatableSchema),
})
export type ParametersState = z.infer<typeof parametersSchema>

/** The states the session can go back to. */
export const rewindSchema = z.object({
  /** Major cycles whose state is kept, ascending; 0 is the dirty image. */
  cycles: z.array(count),
  usedBytes: real,
  limitBytes: real,
})
export type RewindState = z.infer<typeof rewindSchema>

/** Everything a page needs to draw itself; events that follow it continue from it. */
export const snapshotSchema = z.object({
  protocol: z.number().int(),
  sessionId: z.string(),
  engine: z.object({ name: z.string(), version: z.string() }),
  /** Image name of each field, the main one first. */
  fields: z.array(z.object({ imagename: z.string() })).min(1),
  /** Pixels along the side of a tile. */
  tileSize: count,
  phase: phaseSchema,
  progress: progressSchema.nullable(),
  ...parametersSchema.shape,
  record: gcleanRecordSchema.nullable(),
  products: z.array(productSchema),
  /** One per field. */
  masks: z.array(maskStateSchema),
  log: z.array(logLineSchema),
  /** When each step of the record ended, milliseconds since 1970 UTC; NaN where a step was made before this session. */
  stepTimesMs: z.array(real).optional(),
  /** Absent: the session cannot go back. */
  rewind: rewindSchema.optional(),
})
export type SessionSnapshot = z.infer<typeof snapshotSchema>
