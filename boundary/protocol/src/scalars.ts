import type { JsonObject, JsonValue } from '@cleanbeam/types'
import { z } from 'zod'

/** Any double, NaN and infinities included: blanked pixels and empty statistics have them. */
export const real = z.custom<number>(value => typeof value === 'number', 'expected a number')

/** A whole number ≥ 0: counts, pixel and plane indices, generations. */
export const count = z.number().int().nonnegative()

/** A whole number. */
export const integer = z.number().int()

/** Plain JSON data whose content this layer does not look into. */
export const json = z.custom<JsonValue>(
  value => value !== undefined && typeof value !== 'function',
  'expected JSON data',
)

/** A JSON object whose content this layer does not look into. */
export const jsonObject = z.custom<JsonObject>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a JSON object',
)

/** A pair of pixel coordinates: pixel (0, 0) has its centre at [0, 0], as CASA counts. */
export const pixelPoint = z.tuple([z.number(), z.number()])

/** Which planes along an axis: a list of indices, or all of them. */
export const planes = z.union([z.literal('all'), z.array(count)])
export type Planes = z.infer<typeof planes>

export const float32Array = z.custom<Float32Array>(value => value instanceof Float32Array, 'expected a Float32Array')
export const float64Array = z.custom<Float64Array>(value => value instanceof Float64Array, 'expected a Float64Array')
export const uint8Array = z.custom<Uint8Array>(value => value instanceof Uint8Array, 'expected a Uint8Array')
export const uint32Array = z.custom<Uint32Array>(value => value instanceof Uint32Array, 'expected a Uint32Array')
