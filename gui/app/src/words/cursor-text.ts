import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import { cellRad, decimalsFor, formatColons } from '@cleanbeam/viewer/drawing'

/** Right ascension and declination of a pixel position, with digits enough for a tenth of a pixel. */
export function worldText(
  coordinate: DirectionCoordinate,
  x: number,
  y: number,
): { readonly longitude: string; readonly latitude: string } | null {
  const world = skyTransform(coordinate).toWorld(x, y)
  if (!world) return null
  const resolution = cellRad(coordinate) / 2
  const longitude =
    coordinate.frame === 'GALACTIC'
      ? `${((world[0] * 180) / Math.PI).toFixed(6)}°`
      : formatColons(world[0], 'hours', decimalsFor(resolution, 'hours'))
  return { longitude, latitude: formatColons(world[1], 'degrees', decimalsFor(resolution, 'degrees')) }
}
