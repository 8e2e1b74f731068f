import { parseRegions, type RegionQuantity, type RegionShape, regionOfShape, regionToMask } from '@cleanbeam/image'
import type { RegionData } from '@cleanbeam/protocol'
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'

const pixels = (value: number): RegionQuantity => ({ value, unit: 'pix' })
const point = ([x, y]: readonly [number, number]) => [pixels(x), pixels(y)] as const

/** Which pixels a region covers: the same in every plane, or its own in each. */
export type RegionCover =
  | { readonly kind: 'plane'; readonly inside: Uint8Array }
  | { readonly kind: 'cube'; readonly inside: Uint8Array }

/**
 * Pixels of an image that a region covers, 1 inside.
 * @throws ImageError when it covers nothing of the image, or its text is no region
 */
export function coverOf(region: RegionData, coordinates: ImageCoordinates, shape: ImageShape): RegionCover {
  if (region.shape === 'crtf') {
    return { kind: 'cube', inside: regionToMask(parseRegions(region.text), coordinates, shape) }
  }
  const planeShape: ImageShape = [shape[0], shape[1], 1, 1]
  return { kind: 'plane', inside: regionToMask([regionOfShape(imageShape(region))], coordinates, planeShape) }
}

function imageShape(region: Exclude<RegionData, { shape: 'crtf' }>): RegionShape {
  switch (region.shape) {
    case 'box':
      return { kind: 'box', corners: [point(region.corners[0]), point(region.corners[1])] }
    case 'circle':
      return { kind: 'circle', centre: point(region.centre), radius: pixels(region.radius) }
    case 'ellipse': {
      // CRTF's first semi-axis lies along +y turned by the angle, ours along +x.
      const [alongX, alongY] = region.semiAxes
      const semiAxes = [pixels(alongY), pixels(alongX)] as const
      return { kind: 'ellipse', centre: point(region.centre), semiAxes, angleRad: region.angleRad }
    }
    case 'polygon':
      return { kind: 'poly', vertices: region.points.map(point) }
  }
}
