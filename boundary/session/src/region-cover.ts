import { parseRegions, type RegionQuantity, type RegionShape, regionOfShape, regionToMask } from '@cleanbeam/image'
import { decodeRuns, type RegionData } from '@cleanbeam/protocol'
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { connectedAbove, pixelsAbove } from './level-region.ts'
import { SessionError } from './session-error.ts'

const pixels = (value: number): RegionQuantity => ({ value, unit: 'pix' })
const point = ([x, y]: readonly [number, number]) => [pixels(x), pixels(y)] as const

/** Which pixels of a plane a region covers, 1 inside; do not change the array. */
export type RegionCover = (stokes: number, channel: number) => Uint8Array

/** The grid a region is put on. */
export interface RegionGrid {
  readonly coordinates: ImageCoordinates
  readonly shape: ImageShape
}

/** What regions that are more than a shape are made from. */
export interface RegionSources {
  /** Pixels of a product. @throws SessionError when there is none, or no such plane */
  product(suffix: string, stokes: number, channel: number): Float32Array
  /** The clean mask of a plane, 1 = clean. */
  mask(stokes: number, channel: number): Uint8Array
  /** A mask or region file on the grid, all planes. @throws SessionError outside the session's folder */
  file(path: string, grid: RegionGrid): Promise<Uint8Array>
}

/**
 * Pixels of an image that a region covers.
 * @throws ImageError when it covers nothing of the image, or its text is no region
 */
export async function coverOf(region: RegionData, grid: RegionGrid, sources: RegionSources): Promise<RegionCover> {
  const { coordinates, shape } = grid
  switch (region.shape) {
    case 'crtf':
      return planesOf(regionToMask(parseRegions(region.text), coordinates, shape), shape)
    case 'file':
      return planesOf(await sources.file(region.path, grid), shape)
    case 'level':
      return levelCover(region, shape, sources)
    case 'plane': {
      requirePlane(shape, region.stokes, region.channel)
      const inside = sources.mask(region.stokes, region.channel).slice()
      return () => inside
    }
    case 'pixels': {
      const inside = ownPixels(region, shape)
      return () => inside
    }
    default: {
      const inside = regionToMask([regionOfShape(imageShape(region))], coordinates, [shape[0], shape[1], 1, 1])
      return () => inside
    }
  }
}

function planesOf(inside: Uint8Array, [nx, ny, nStokes]: ImageShape): RegionCover {
  return (stokes, channel) => {
    const start = nx * ny * (stokes + nStokes * channel)
    return inside.subarray(start, start + nx * ny)
  }
}

function levelCover(
  { suffix, value, seed }: Extract<RegionData, { shape: 'level' }>,
  [nx, ny]: ImageShape,
  sources: RegionSources,
): RegionCover {
  return (stokes, channel) => {
    const plane = sources.product(suffix, stokes, channel)
    if (plane.length !== nx * ny) {
      throw new SessionError(`expected a product of ${nx}×${ny} pixels, got ${plane.length} pixels (${suffix})`)
    }
    return seed === undefined ? pixelsAbove(plane, value) : connectedAbove(plane, nx, ny, value, seed)
  }
}

function ownPixels({ size, runs }: Extract<RegionData, { shape: 'pixels' }>, [nx, ny]: ImageShape): Uint8Array {
  if (size[0] === nx && size[1] === ny) return decodeRuns(runs, nx * ny)
  throw new SessionError(`expected pixels on the grid of the mask, ${nx}×${ny}, got ${size.join('×')}`)
}

function requirePlane([, , nStokes, nChannel]: ImageShape, stokes: number, channel: number): void {
  if (stokes < nStokes && channel < nChannel) return
  throw new SessionError(
    `expected a plane within ${nStokes} Stokes and ${nChannel} channels, got Stokes ${stokes}, channel ${channel}`,
    { stokes, channel },
  )
}

type DrawnRegion = Exclude<RegionData, { shape: 'crtf' | 'level' | 'plane' | 'file' | 'pixels' }>

function imageShape(region: DrawnRegion): RegionShape {
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
