import type { z } from 'zod'

/**
 * Which queue an answer travels in: `control` overtakes `data`, so that a stop or a record never waits behind tiles.
 * Order is kept within a lane.
 */
export type Lane = 'control' | 'data'

/** A method of the session: what it takes, what it answers, and the lane its answer travels in. */
export interface MethodDefinition<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly lane: Lane
  readonly params: P
  readonly result: R
}

export function defineMethod<P extends z.ZodType, R extends z.ZodType>(
  lane: Lane,
  params: P,
  result: R,
): MethodDefinition<P, R> {
  return { lane, params, result }
}
