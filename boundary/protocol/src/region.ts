import { z } from 'zod'
import { count, pixelPoint, uint32Array } from './scalars.ts'

/**
 * A region drawn on an image, in pixel coordinates (pixel centres on whole numbers, x fastest).
 * A pixel belongs to it when its centre lies inside or on the border.
 *
 * - `box`: corners, in any order.
 * - `ellipse`: semi-axes in pixels; `angleRad` turns the first axis from +x towards +y.
 * - `polygon`: corners in order, closed by itself; freehand outlines are polygons too.
 * - `crtf`: CASA region text, for world coordinates and everything else that format can say; DS9 region text, too.
 * - `level`: the pixels of a product at or above a value; with a seed only those connected to it (the seed's side of the
 *   level, by edges).
 * - `plane`: what the clean mask of another plane covers.
 * - `file`: a region file (CRTF, DS9) or a mask image on any grid, by its path below the session's folder.
 * - `pixels`: run lengths as `encodeRuns` makes them, on the grid of the mask.
 */
export const regionSchema = z.discriminatedUnion('shape', [
  z.object({ shape: z.literal('box'), corners: z.tuple([pixelPoint, pixelPoint]) }),
  z.object({ shape: z.literal('circle'), centre: pixelPoint, radius: z.number().nonnegative() }),
  z.object({
    shape: z.literal('ellipse'),
    centre: pixelPoint,
    semiAxes: z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
    angleRad: z.number(),
  }),
  z.object({ shape: z.literal('polygon'), points: z.array(pixelPoint).min(3) }),
  z.object({ shape: z.literal('crtf'), text: z.string().min(1) }),
  z.object({
    shape: z.literal('level'),
    suffix: z.string().startsWith('.'),
    /** In the product's unit. */
    value: z.number(),
    seed: pixelPoint.optional(),
  }),
  z.object({ shape: z.literal('plane'), channel: count, stokes: count }),
  z.object({ shape: z.literal('file'), path: z.string().min(1) }),
  z.object({ shape: z.literal('pixels'), size: z.tuple([count, count]), runs: uint32Array }),
])
export type RegionData = z.infer<typeof regionSchema>
