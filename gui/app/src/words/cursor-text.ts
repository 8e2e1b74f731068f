import type { DirectionCoordinate } from '@cleanbeam/types'
import { cellRad, decimalsFor, formatAngle, formatColons } from '@cleanbeam/viewer/drawing'
import type { DisplaySettings } from '../state/display-settings.ts'
import { skyProjection } from '../state/picture-scene.ts'

const DEGREE = Math.PI / 180

/** Longitude and latitude of a pixel position, with digits enough for a tenth of a pixel. */
export function worldText(
  coordinate: DirectionCoordinate,
  x: number,
  y: number,
  frame: DisplaySettings['frame'] = 'native',
  angles: DisplaySettings['angles'] = 'sexagesimal',
): { readonly longitude: string; readonly latitude: string } | null {
  const world = skyProjection(coordinate, frame, angles).toWorld(x, y)
  if (!world) return null
  const resolution = cellRad(coordinate) / 2
  if (angles === 'offset') return { longitude: formatAngle(world[0], 5), latitude: formatAngle(world[1], 5) }
  const isGalactic = (frame === 'native' ? coordinate.frame : frame) === 'GALACTIC'
  if (angles === 'degrees' || isGalactic) {
    const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(resolution / DEGREE))))
    const longitude = ((world[0] / DEGREE) % 360) + (world[0] < 0 ? 360 : 0)
    return { longitude: `${longitude.toFixed(decimals)}°`, latitude: `${(world[1] / DEGREE).toFixed(decimals)}°` }
  }
  return {
    longitude: formatColons(world[0], 'hours', decimalsFor(resolution, 'hours')),
    latitude: formatColons(world[1], 'degrees', decimalsFor(resolution, 'degrees')),
  }
}
