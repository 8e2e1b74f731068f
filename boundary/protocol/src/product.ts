import type { ImageCoordinates, RestoringBeam } from '@cleanbeam/types'
import { z } from 'zod'
import { count } from './scalars.ts'

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

/** A restoring beam (full widths, radians; position angle from north through east). */
export const beamSchema: z.ZodType<RestoringBeam> = z.object({
  majorRad: z.number(),
  minorRad: z.number(),
  positionAngleRad: z.number(),
})

/** Image coordinates; the parts are checked to be there, their content is trusted to the writer of the image. */
export const coordinatesSchema = z.custom<ImageCoordinates>(
  value =>
    isObject(value) &&
    isObject((value as ImageCoordinates).direction) &&
    Array.isArray((value as ImageCoordinates).stokes) &&
    isObject((value as ImageCoordinates).spectral),
  'expected image coordinates {direction, stokes, spectral, observation}',
)

/** An image product as it stands on disk. */
export const productSchema = z.object({
  /** Which field of the run, 0 for the main one, outliers after it. */
  field: count,
  /** CASA's product suffix, with its dot: '.residual', '.psf', '.image', '.mask', '.pb', '.image.tt0' … */
  suffix: z.string().startsWith('.'),
  path: z.string(),
  /** Grows by one whenever the product's pixels change; part of every tile's address. */
  generation: count,
  /** [nx, ny, nStokes, nChannel]. */
  shape: z.tuple([count, count, count, count]),
  /** 'Jy/beam', 'Jy/pixel', '' … */
  unit: z.string(),
  coordinates: coordinatesSchema,
  /** Empty, one for all planes, or one per plane at index stokes + nStokes·channel. */
  beams: z.array(beamSchema),
})
export type ProductInfo = z.infer<typeof productSchema>

/** Names one plane of one product. */
export const planeParams = z.object({
  suffix: z.string().startsWith('.'),
  field: count.default(0),
  channel: count.default(0),
  stokes: count.default(0),
})
export type PlaneParams = z.input<typeof planeParams>
