import type { Direction } from '@cleanbeam/types'

/** Direction cosines of a direction as seen from another of the same frame. */
export function directionCosines(direction: Direction, centre: Direction): [l: number, m: number] {
  const { longitudeRad, latitudeRad } = direction
  const away = longitudeRad - centre.longitudeRad
  return [
    Math.cos(latitudeRad) * Math.sin(away),
    Math.sin(latitudeRad) * Math.cos(centre.latitudeRad) -
      Math.cos(latitudeRad) * Math.sin(centre.latitudeRad) * Math.cos(away),
  ]
}
