import { convertDirection } from '@cleanbeam/measures'
import type { DirectionFrame } from '@cleanbeam/types'
import type { SkyProjection } from './sky-projection.ts'

/** A projection whose directions are given in another frame than the image's. */
export function inFrame(projection: SkyProjection, own: DirectionFrame, wanted: DirectionFrame): SkyProjection {
  if (own === wanted) return projection
  return {
    toWorld(x, y) {
      const world = projection.toWorld(x, y)
      if (!world) return null
      const { longitudeRad, latitudeRad } = convertDirection(
        { frame: own, longitudeRad: world[0], latitudeRad: world[1] },
        wanted,
      )
      return [longitudeRad < 0 ? longitudeRad + 2 * Math.PI : longitudeRad, latitudeRad]
    },
    toPixel(longitudeRad, latitudeRad) {
      const direction = convertDirection({ frame: wanted, longitudeRad, latitudeRad }, own)
      return projection.toPixel(direction.longitudeRad, direction.latitudeRad)
    },
  }
}

/**
 * Offsets from a direction: east as (λ − λ₀) cos β₀ and north as β − β₀, radians; what the axes of a small field show.
 */
export function offsetsFrom(projection: SkyProjection, originRad: readonly [number, number]): SkyProjection {
  const cos = Math.cos(originRad[1])
  return {
    toWorld(x, y) {
      const world = projection.toWorld(x, y)
      if (!world) return null
      const east = world[0] - originRad[0]
      return [(east - 2 * Math.PI * Math.round(east / (2 * Math.PI))) * cos, world[1] - originRad[1]]
    },
    toPixel: (east, north) => projection.toPixel(originRad[0] + east / cos, originRad[1] + north),
  }
}
