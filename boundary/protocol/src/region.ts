import { z } from 'zod'
import { pixelPoint } from './scalars.ts'

/**
 * A region drawn on an image, in pixel coordinates (pixel centres on whole numbers, x fastest).
 * A pixel belongs to it when its centre lies inside or on the border.
 *
 * - `box`: corners, in any order.
 * - `ellipse`: semi-axes in pixels; `angleRad` turns the first axis from +x towards +y.
 * - `polygon`: corners in order, closed by itself; freehand outlines are polygons too.
 * - `crtf`: CASA region text, for world coordinates and everything else that format can say.
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
])
export type RegionData = z.infer<typeof regionSchema>
