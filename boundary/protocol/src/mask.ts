import { z } from 'zod'
import { regionSchema } from './region.ts'
import { count, planes, uint32Array } from './scalars.ts'

/** State of the clean mask of one field. */
export const maskStateSchema = z.object({
  field: count,
  /** 0 while there is no mask; grows whenever mask pixels change, by whomever. */
  generation: count,
  /** Pixels set, over all planes. */
  nPixel: count,
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  /** Edits that are not on disk yet: they are written before the next cycle. */
  nPending: count,
})
export type MaskState = z.infer<typeof maskStateSchema>

/** What made the mask change. */
export const maskChangeSchema = maskStateSchema.extend({
  cause: z.enum(['edit', 'undo', 'redo', 'engine', 'disk']),
  channels: planes,
  stokes: planes,
})
export type MaskChange = z.infer<typeof maskChangeSchema>

const NEEDS_REGION: readonly string[] = ['add', 'erase', 'set']

/**
 * One edit. `add` and `erase` change the pixels of the region, `set` replaces the planes by the region, `clear` empties
 * the planes, `invert` flips the planes (within the region, when one is given), `grow` and `shrink` move the border of
 * what is set by `radiusPixels`.
 */
export const maskEditSchema = z
  .object({
    op: z.enum(['add', 'erase', 'set', 'clear', 'invert', 'grow', 'shrink']),
    region: regionSchema.optional(),
    channels: planes.default('all'),
    stokes: planes.default('all'),
    field: count.default(0),
    /** For grow and shrink: pixels within this distance of a pixel that is (not) set. */
    radiusPixels: z.number().positive().max(4096).optional(),
  })
  .refine(edit => edit.region !== undefined || !NEEDS_REGION.includes(edit.op), {
    message: 'expected a region for add, erase and set',
    path: ['region'],
  })
  .refine(edit => edit.radiusPixels !== undefined || (edit.op !== 'grow' && edit.op !== 'shrink'), {
    message: 'expected radiusPixels for grow and shrink',
    path: ['radiusPixels'],
  })
export type MaskEdit = z.input<typeof maskEditSchema>
/** An edit with its defaults filled in. */
export type CompleteMaskEdit = z.output<typeof maskEditSchema>

/** One mask plane as run lengths, see `encodeRuns`. */
export const maskPlaneSchema = z.object({
  generation: count,
  /** [nx, ny]. */
  shape: z.tuple([count, count]),
  runs: uint32Array,
})
export type MaskPlane = z.infer<typeof maskPlaneSchema>
