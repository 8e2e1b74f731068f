import type { ImageCoordinates, ImageCube, ImageShape, JsonObject, RestoringBeam } from '@cleanbeam/types'
import { ImageError } from './image-error.ts'

/** Number of pixels of a shape. */
export function pixelCount(shape: ImageShape): number {
  return shape[0] * shape[1] * shape[2] * shape[3]
}

/** Index of the first pixel of plane (stokes, channel). */
export function planeOffset(shape: ImageShape, stokes: number, channel: number): number {
  return shape[0] * shape[1] * (stokes + shape[2] * channel)
}

/** The pixels of plane (stokes, channel), a view [ny, nx] into the cube. */
export function planeOf(cube: ImageCube, stokes: number, channel: number): Float32Array {
  const start = planeOffset(cube.shape, stokes, channel)
  return cube.pixels.subarray(start, start + cube.shape[0] * cube.shape[1])
}

/** The beam of plane (stokes, channel), or null when the image has none. */
export function beamOf(cube: ImageCube, stokes: number, channel: number): RestoringBeam | null {
  if (cube.beams.length === 0) return null
  return cube.beams.length === 1 ? cube.beams[0] : cube.beams[stokes + cube.shape[2] * channel]
}

/** What {@link createImage} takes besides shape and coordinates; anything left out is empty. */
export interface ImageParts {
  readonly pixels?: Float32Array
  readonly mask?: Uint8Array | null
  readonly unit?: string
  readonly beams?: readonly RestoringBeam[]
  readonly miscInfo?: JsonObject
  readonly history?: readonly string[]
}

/**
 * A cube of the given shape, zero where no pixels are given.
 * @throws ImageError when the lengths of pixels, mask, beams or Stokes do not fit the shape.
 */
export function createImage(shape: ImageShape, coordinates: ImageCoordinates, parts: ImageParts = {}): ImageCube {
  const n = pixelCount(shape)
  const pixels = parts.pixels ?? new Float32Array(n)
  const mask = parts.mask ?? null
  const beams = parts.beams ?? []
  const expectLength = (what: string, expected: string, got: number): never => {
    throw new ImageError(`expected ${expected} ${what} for shape [${shape.join(', ')}], got ${got}`, { what, got })
  }
  if (pixels.length !== n) expectLength('pixels', `${n}`, pixels.length)
  if (mask && mask.length !== n) expectLength('mask values', `${n}`, mask.length)
  if (coordinates.stokes.length !== shape[2]) expectLength('Stokes', `${shape[2]}`, coordinates.stokes.length)
  const nPlane = shape[2] * shape[3]
  if (beams.length > 1 && beams.length !== nPlane) expectLength('beams', `0, 1 or ${nPlane}`, beams.length)
  return {
    shape,
    pixels,
    mask,
    coordinates,
    unit: parts.unit ?? '',
    beams,
    miscInfo: parts.miscInfo ?? {},
    history: parts.history ?? [],
  }
}
