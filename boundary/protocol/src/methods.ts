import { z } from 'zod'
import { IMAGE_METHODS, statisticsSchema } from './image-methods.ts'
import { maskEditSchema, maskPlaneSchema, maskStateSchema } from './mask.ts'
import { defineMethod } from './method.ts'
import { planeParams } from './product.ts'
import { gcleanRecordSchema, returnDictionarySchema } from './record.ts'
import { regionSchema } from './region.ts'
import { count, float32Array, float64Array, integer, jsonObject, real } from './scalars.ts'
import { snapshotSchema } from './session-state.ts'

const none = z.object({})
const field = z.object({ field: count.default(0) })

/** gclean.update's answer: [0, ''] or [-1, why]. */
const updateAnswer = z.tuple([integer, z.string()])

/** What a step or a run answers: the last record, and whether nothing more can be done with these parameters. */
const stepAnswer = z.object({ record: gcleanRecordSchema.nullable(), done: z.boolean() })

const tile = z.object({
  generation: count,
  /** Pixels in this tile; smaller than the tile size at the upper edges. */
  width: count,
  height: count,
  /** [height, width], x fastest; the image's unit; NaN where blanked. Level n reduces 2ⁿ × 2ⁿ pixels to one. */
  pixels: float32Array,
})
export type Tile = z.infer<typeof tile>

const histogram = z.object({
  generation: count,
  nPixel: count,
  minimum: real,
  maximum: real,
  /** Lower edge of the first and upper edge of the last bin. */
  range: z.tuple([real, real]),
  /** Pixels per bin, all of one width. */
  counts: z.array(count),
  /** Values at the percentiles asked for. */
  percentiles: z.array(real),
})
export type PlaneHistogram = z.infer<typeof histogram>

const SESSION_METHODS = {
  /** Which session this is, in a few bytes. */
  'session.identity': defineMethod(
    'control',
    none,
    z.object({ sessionId: z.string(), engine: z.object({ name: z.string(), version: z.string() }) }),
  ),
  'session.snapshot': defineMethod('control', none, snapshotSchema),
  /** Restores (unless told not to) and ends the session; the running cycle is completed first. */
  'session.finish': defineMethod(
    'control',
    z.object({ restore: z.boolean().default(true) }),
    z.object({ images: z.record(z.string(), z.string()), returndict: returnDictionarySchema.nullable() }),
  ),
} as const

const GCLEAN_METHODS = {
  /** `cycles` steps (default 1), each one model and one residual update; the very first makes PSF and residual. */
  'gclean.next': defineMethod('control', z.object({ cycles: z.number().int().positive().default(1) }), stepAnswer),
  /** Steps until a global stop criterion is met or somebody stops it. */
  'gclean.run': defineMethod('control', none, stepAnswer),
  /** Ends a run after the current major cycle; answers at once. */
  'gclean.stop': defineMethod('control', none, z.null()),
  /** Ends the current cycle now; the products of the last complete step stay. Answers once it has ended. */
  'gclean.abort': defineMethod('control', none, z.null()),
  'gclean.update': defineMethod('control', z.object({ parameters: jsonObject }), updateAnswer),
  /** Writes the restored image; the answer maps product names ('image', 'pbcor', 'alpha' …) to paths. */
  'gclean.restore': defineMethod('control', none, z.record(z.string(), z.string())),
  /**
   * Goes back to the state after an earlier major cycle (0: the dirty image), one of `rewind.cycles` of the snapshot;
   * the next step continues from there. The mask stays as it is.
   */
  'gclean.rewind': defineMethod('control', z.object({ cycle: count }), stepAnswer),
  /** How much disk the kept states may take. */
  'gclean.keep': defineMethod('control', z.object({ limitBytes: real }), z.null()),
  /** The tclean and deconvolve calls as text, since the last step or all of them. */
  'gclean.cmds': defineMethod('control', z.object({ history: z.boolean().default(false) }), z.array(z.string())),
} as const

const MASK_METHODS = {
  'mask.edit': defineMethod('control', maskEditSchema, maskStateSchema),
  'mask.undo': defineMethod('control', field, maskStateSchema),
  'mask.redo': defineMethod('control', field, maskStateSchema),
  'mask.get': defineMethod(
    'data',
    z.object({ field: count.default(0), channel: count.default(0), stokes: count.default(0) }),
    maskPlaneSchema,
  ),
  /** The mask the automatic algorithm would make of the present residual with these parameters; nothing is changed. */
  'mask.preview': defineMethod(
    'data',
    z.object({
      field: count.default(0),
      channel: count.default(0),
      stokes: count.default(0),
      parameters: jsonObject,
    }),
    maskPlaneSchema,
  ),
  /** Writes the mask as an image below the session's folder; the suffix decides: `.fits`, or a CASA image. */
  'mask.save': defineMethod(
    'control',
    z.object({ field: count.default(0), path: z.string().min(1), overwrite: z.boolean().default(false) }),
    z.object({ path: z.string() }),
  ),
} as const

const PLANE_METHODS = {
  /**
   * A tile of a plane. `generation` is what the page believes to be current; when it is not any more the call fails
   * with tag 'StaleGeneration' (a `product` event with the new one is on its way or has arrived).
   */
  'tile.get': defineMethod(
    'data',
    planeParams.extend({
      generation: count,
      level: count,
      tx: count,
      ty: count,
      /** How a block of pixels becomes one: their mean, or the brightest, which keeps point sources in sight. */
      reduce: z.enum(['mean', 'max']).default('mean'),
    }),
    tile,
  ),
  'plane.statistics': defineMethod(
    'control',
    planeParams.extend({
      region: regionSchema.optional(),
      /** Only pixels inside or outside the clean mask. */
      within: z.enum(['plane', 'mask', 'unmasked']).default('plane'),
    }),
    statisticsSchema,
  ),
  'plane.histogram': defineMethod(
    'control',
    planeParams.extend({
      nBin: z.number().int().min(1).max(65536).default(256),
      /** Default: minimum and maximum of the plane. */
      range: z.tuple([z.number(), z.number()]).optional(),
      /** In per cent, 0 to 100. */
      percentiles: z.array(z.number().min(0).max(100)).default([]),
    }),
    histogram,
  ),
  /** Histogram over all channels of one Stokes: one range of colours for a whole cube. */
  'cube.histogram': defineMethod(
    'control',
    z.object({
      suffix: z.string().startsWith('.'),
      field: count.default(0),
      stokes: count.default(0),
      nBin: z.number().int().min(1).max(65536).default(256),
      percentiles: z.array(z.number().min(0).max(100)).default([]),
    }),
    histogram,
  ),
  /** One value per channel of each product, over the pixels of a region or of the mask; NaN where all are blank. */
  'spectrum.get': defineMethod(
    'control',
    z.object({
      suffixes: z.array(z.string().startsWith('.')).min(1),
      field: count.default(0),
      stokes: count.default(0),
      region: regionSchema.optional(),
      within: z.enum(['plane', 'mask']).default('plane'),
      statistic: z.enum(['mean', 'sum', 'maximum', 'minimum', 'rms']).default('mean'),
    }),
    z.object({
      spectra: z.array(
        z.object({
          suffix: z.string(),
          generation: count,
          unit: z.string(),
          /** [channel]. */
          values: float64Array,
          /** Pixels that counted, [channel]. */
          nPixel: z.array(count),
        }),
      ),
    }),
  ),
} as const

/** Every method of protocol version 1. */
export const METHODS = {
  ...SESSION_METHODS,
  ...GCLEAN_METHODS,
  ...MASK_METHODS,
  ...PLANE_METHODS,
  ...IMAGE_METHODS,
} as const

export type MethodName = keyof typeof METHODS
/** What a caller gives: fields with a default may be left out. */
export type MethodParams<M extends MethodName> = z.input<(typeof METHODS)[M]['params']>
/** What a handler receives: defaults filled in. */
export type MethodArguments<M extends MethodName> = z.output<(typeof METHODS)[M]['params']>
export type MethodResult<M extends MethodName> = z.output<(typeof METHODS)[M]['result']>

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}
