// Between the sky and the pixels of an image plane.
import type { Direction, DirectionCoordinate } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'

/** Pixel of a direction, in any frame, or null when the projection does not show it. */
export function skyToPixel(coordinate: DirectionCoordinate, direction: Direction): readonly [number, number] | null {
  if (coordinate.projection !== 'SIN' || direction.frame !== coordinate.frame) {
    throw new ImageError(
      `expected a SIN image and a direction in its frame, got ${coordinate.projection} and ${direction.frame}`,
    )
  }
  const [lon0, lat0] = coordinate.referenceRad
  const dLon = direction.longitudeRad - lon0
  const lat = direction.latitudeRad
  const n = Math.sin(lat) * Math.sin(lat0) + Math.cos(lat) * Math.cos(lat0) * Math.cos(dLon)
  if (n <= 0) return null
  const l = Math.cos(lat) * Math.sin(dLon)
  const m = Math.sin(lat) * Math.cos(lat0) - Math.cos(lat) * Math.sin(lat0) * Math.cos(dLon)
  return [
    coordinate.referencePixel[0] + l / coordinate.incrementRad[0],
    coordinate.referencePixel[1] + m / coordinate.incrementRad[1],
  ]
}

/** Direction of a pixel, in the image's frame, or null outside the projection. */
export function pixelToSky(coordinate: DirectionCoordinate, x: number, y: number): Direction | null {
  const l = (x - coordinate.referencePixel[0]) * coordinate.incrementRad[0]
  const m = (y - coordinate.referencePixel[1]) * coordinate.incrementRad[1]
  const r2 = l * l + m * m
  if (r2 > 1) return null
  const n = Math.sqrt(1 - r2)
  const [lon0, lat0] = coordinate.referenceRad
  return {
    frame: coordinate.frame,
    longitudeRad: lon0 + Math.atan2(l, n * Math.cos(lat0) - m * Math.sin(lat0)),
    latitudeRad: Math.asin(m * Math.cos(lat0) + n * Math.sin(lat0)),
  }
}
