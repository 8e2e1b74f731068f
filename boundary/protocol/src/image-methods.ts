import type { MaskChunk, PixelChunk, RestoringBeam, StatisticsRecord } from '@cleanbeam/types'
import { z } from 'zod'
import { defineMethod } from './method.ts'
import { beamSchema, coordinatesSchema } from './product.ts'
import { count, float64Array, integer, jsonObject, real, uint8Array } from './scalars.ts'

/** The image a call is about: a product of the session, or a path below the session's folder. */
const image = {
  suffix: z.string().startsWith('.').optional(),
  field: count.default(0),
  path: z.string().optional(),
}

const pixelChunk: z.ZodType<PixelChunk> = z.object({ shape: z.array(count), pixels: float64Array })
const maskChunk: z.ZodType<MaskChunk> = z.object({ shape: z.array(count), mask: uint8Array })
const chunk: z.ZodType<PixelChunk | MaskChunk> = z.union([pixelChunk, maskChunk])
const numbers = z.array(real)

/** CASA's statistics record. */
export const statisticsSchema: z.ZodType<StatisticsRecord> = z.object({
  blc: numbers,
  blcf: z.string(),
  trc: numbers,
  trcf: z.string(),
  npts: numbers,
  sum: numbers,
  sumsq: numbers,
  mean: numbers,
  sigma: numbers,
  rms: numbers,
  min: numbers,
  max: numbers,
  minpos: numbers,
  minposf: z.string(),
  maxpos: numbers,
  maxposf: z.string(),
  flux: numbers.optional(),
  median: numbers.optional(),
  medabsdevmed: numbers.optional(),
  q1: numbers.optional(),
  q3: numbers.optional(),
  quartile: numbers.optional(),
})

const summary = z.object({
  name: z.string(),
  shape: z.tuple([count, count, count, count]),
  unit: z.string(),
  coordinates: coordinatesSchema,
  beams: z.array(beamSchema),
  masks: z.array(z.string()),
  defaultMask: z.string(),
  object: z.string(),
})

const beams: z.ZodType<RestoringBeam | RestoringBeam[] | null> = z.union([beamSchema, z.array(beamSchema), z.null()])

/** The image tool of the process API, one method per function, CASA's names. */
export const IMAGE_METHODS = {
  'image.shape': defineMethod('control', z.object(image), numbers),
  'image.maskhandler': defineMethod(
    'control',
    z.object({
      ...image,
      op: z.enum(['get', 'default', 'set', 'delete', 'rename', 'copy']),
      names: z.array(z.string()).optional(),
    }),
    z.array(z.string()),
  ),
  'image.coordsys': defineMethod('control', z.object(image), coordinatesSchema),
  'image.toworld': defineMethod(
    'control',
    z.object({ ...image, pixel: numbers }),
    z.object({ numeric: numbers, string: z.array(z.string()) }),
  ),
  'image.topixel': defineMethod(
    'control',
    z.object({ ...image, world: z.array(z.union([real, z.string()])) }),
    numbers,
  ),
  'image.getregion': defineMethod(
    'data',
    z.object({
      ...image,
      region: z.string().default(''),
      getmask: z.boolean().optional(),
      mask: z.string().optional(),
    }),
    chunk,
  ),
  'image.fitsheader': defineMethod('control', z.object(image), jsonObject),
  'image.getchunk': defineMethod(
    'data',
    z.object({
      ...image,
      blc: z.array(integer).optional(),
      trc: z.array(integer).optional(),
      inc: z.array(integer).optional(),
      getmask: z.boolean().optional(),
      dropdeg: z.boolean().optional(),
    }),
    chunk,
  ),
  'image.putchunk': defineMethod(
    'data',
    z.object({
      ...image,
      pixels: float64Array,
      /** Of the pixels; left out: they fill whole axes from blc on. */
      shape: z.array(count).optional(),
      blc: z.array(integer).optional(),
      inc: z.array(integer).optional(),
    }),
    z.null(),
  ),
  'image.statistics': defineMethod(
    'control',
    z.object({
      ...image,
      axes: z.array(integer).optional(),
      region: z.string().optional(),
      mask: z.string().optional(),
      robust: z.boolean().optional(),
    }),
    statisticsSchema,
  ),
  'image.summary': defineMethod('control', z.object(image), summary),
  'image.restoringbeam': defineMethod(
    'control',
    z.object({ ...image, channel: integer.optional(), polarisation: integer.optional() }),
    beams,
  ),
  'image.exportfits': defineMethod(
    'control',
    z.object({
      ...image,
      fitsimage: z.string().min(1),
      overwrite: z.boolean().optional(),
      velocity: z.boolean().optional(),
    }),
    z.null(),
  ),
} as const
