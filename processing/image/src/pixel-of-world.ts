// World coordinates to pixels, for the image tool.
import { parseAngleText, parseFrequencyHz } from '@cleanbeam/measures'
import type { ImageCoordinates } from '@cleanbeam/types'
import { ImageError } from './image-error.ts'
import { channelOfFrequency } from './region/channel-range.ts'
import { skyPlane } from './region/sky-plane.ts'
import { stokesOfWorld } from './world-format.ts'

/**
 * Pixel [x, y, Stokes, channel] of world coordinates: longitude and latitude in radians or as text, Stokes by name or
 * casacore's number, frequency in Hz or as text with its unit. What is left out stays at the reference pixel.
 * @throws ImageError when the direction is not on the projection or the image has no such Stokes
 */
export function pixelOfWorld(coordinates: ImageCoordinates, world: readonly (number | string)[]): number[] {
  const { direction, spectral } = coordinates
  const longitudeRad = angle(world[0] ?? direction.referenceRad[0], 'hours')
  const latitudeRad = angle(world[1] ?? direction.referenceRad[1], 'degrees')
  const at = skyPlane(direction).toPixel({ frame: direction.frame, longitudeRad, latitudeRad })
  if (!at) throw new ImageError('expected a direction on the image, got one on the far side of the sky (topixel)')
  const name = world[2] === undefined ? coordinates.stokes[0] : stokesOfWorld(world[2])
  const stokes = name === undefined ? -1 : coordinates.stokes.indexOf(name)
  if (stokes < 0) {
    throw new ImageError(`expected Stokes among ${coordinates.stokes.join(', ')}, got '${world[2]}' (topixel)`)
  }
  const frequencyHz = world[3] === undefined ? spectral.referenceHz : frequency(world[3])
  return [at[0], at[1], stokes, channelOfFrequency(spectral, frequencyHz)]
}

function angle(value: number | string, colons: 'hours' | 'degrees'): number {
  return typeof value === 'number' ? value : parseAngleText(value, 'world', colons)
}

function frequency(value: number | string): number {
  return typeof value === 'number' ? value : parseFrequencyHz(value, 'world')
}
