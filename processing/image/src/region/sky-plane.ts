// Between the sky, in any catalogue frame, and the pixels of an image plane.
import { convertDirection, MJD_J2000, skyTransform } from '@cleanbeam/measures'
import type { Direction, DirectionCoordinate } from '@cleanbeam/types'

/** A position in pixels, counted from 0 at the centre of the first pixel. */
export type PixelPosition = readonly [x: number, y: number]

/** An image plane on the sky; make it once and use it for many points. */
export interface SkyPlane {
  /** Pixel of a direction in any frame, or null where the projection cannot show it. */
  toPixel(direction: Direction): PixelPosition | null
  /** Direction of a pixel in the image's frame, or null where there is no sky. */
  toSky(x: number, y: number): Direction | null
}

/**
 * Prepares an image plane.
 * @throws MeasuresError when its increments or poles make no sense
 */
export function skyPlane(coordinate: DirectionCoordinate): SkyPlane {
  const transform = skyTransform(coordinate)
  const { frame } = coordinate
  return {
    toPixel(direction) {
      // B1950 turns slowly against the others; casatools' regions take the epoch J2000.
      const { longitudeRad, latitudeRad } = convertDirection(direction, frame, MJD_J2000)
      return transform.toPixel(longitudeRad, latitudeRad)
    },
    toSky(x, y) {
      const world = transform.toWorld(x, y)
      return world && { frame, longitudeRad: world[0], latitudeRad: world[1] }
    },
  }
}

/** The direction at a distance from another one, along a great circle that leaves it at a position angle. */
export function offsetDirection(from: Direction, distanceRad: number, positionAngleRad: number): Direction {
  const sinDistance = Math.sin(distanceRad)
  const cosDistance = Math.cos(distanceRad)
  const sinLatitude = Math.sin(from.latitudeRad)
  const cosLatitude = Math.cos(from.latitudeRad)
  const north = sinDistance * Math.cos(positionAngleRad)
  const east = sinDistance * Math.sin(positionAngleRad)
  const outward = cosDistance * cosLatitude - north * sinLatitude
  const up = cosDistance * sinLatitude + north * cosLatitude
  return {
    frame: from.frame,
    longitudeRad: from.longitudeRad + Math.atan2(east, outward),
    latitudeRad: Math.atan2(up, Math.hypot(outward, east)),
  }
}
