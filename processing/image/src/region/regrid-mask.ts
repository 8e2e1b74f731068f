// A mask image brought to another grid.
import type { ImageCoordinates, ImageCube, ImageShape } from '@cleanbeam/types'
import { pixelCount } from '../image-cube.ts'
import { ImageError } from '../image-error.ts'
import { channelFrequencyHz, channelOfFrequency } from './channel-range.ts'
import { skyPlane } from './sky-plane.ts'

/**
 * A mask image on the grid of another: 1 where the nearest pixel on the sky is not zero and not blank.
 * A mask with one channel or one Stokes plane holds for all of them; others are matched by frequency and by name.
 * @throws ImageError when the mask has several channels or Stokes planes and none of them matches
 */
export function regridMask(mask: ImageCube, coordinates: ImageCoordinates, shape: ImageShape): Uint8Array {
  const out = new Uint8Array(pixelCount(shape))
  const source = sourcePixels(mask, coordinates, shape)
  const nPixel = shape[0] * shape[1]
  const maskPlane = mask.shape[0] * mask.shape[1]
  let matched = 0
  for (let channel = 0; channel < shape[3]; channel++) {
    const fromChannel = matchChannel(mask, coordinates, channel)
    for (let stokes = 0; stokes < shape[2]; stokes++) {
      const fromStokes = mask.shape[2] === 1 ? 0 : mask.coordinates.stokes.indexOf(coordinates.stokes[stokes])
      if (fromChannel < 0 || fromStokes < 0) continue
      matched++
      const from = maskPlane * (fromStokes + mask.shape[2] * fromChannel)
      const to = nPixel * (stokes + shape[2] * channel)
      for (let i = 0; i < nPixel; i++) {
        const at = from + source[i]
        if (source[i] >= 0 && mask.pixels[at] !== 0 && (mask.mask === null || mask.mask[at] !== 0)) out[to + i] = 1
      }
    }
  }
  if (matched > 0) return out
  throw new ImageError(
    `expected a mask with channels or Stokes of the image, got ${mask.shape[3]} channels and Stokes ${mask.coordinates.stokes.join(', ')} elsewhere`,
    { maskShape: [...mask.shape] },
  )
}

/** For each pixel of the plane, the pixel of the mask's plane on the same spot of the sky, or −1. */
function sourcePixels(mask: ImageCube, { direction }: ImageCoordinates, [nx, ny]: ImageShape): Int32Array {
  const source = new Int32Array(nx * ny)
  const [maskNx, maskNy] = mask.shape
  const isSameGrid = JSON.stringify(mask.coordinates.direction) === JSON.stringify(direction)
  const to = skyPlane(direction)
  const from = skyPlane(mask.coordinates.direction)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      let at: readonly [number, number] | null = [x, y]
      if (!isSameGrid) {
        const sky = to.toSky(x, y)
        at = sky && from.toPixel(sky)
      }
      const mx = at ? Math.round(at[0]) : -1
      const my = at ? Math.round(at[1]) : -1
      source[x + nx * y] = mx >= 0 && mx < maskNx && my >= 0 && my < maskNy ? mx + maskNx * my : -1
    }
  }
  return source
}

function matchChannel(mask: ImageCube, coordinates: ImageCoordinates, channel: number): number {
  if (mask.shape[3] === 1) return 0
  const nearest = Math.round(
    channelOfFrequency(mask.coordinates.spectral, channelFrequencyHz(coordinates.spectral, channel)),
  )
  return nearest >= 0 && nearest < mask.shape[3] ? nearest : -1
}
