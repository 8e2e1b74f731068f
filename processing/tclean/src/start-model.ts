// A model image brought to the grid of another image, flux kept.

import { channelFrequencyHz, channelOfFrequency, pixelCount, skyPlane } from '@cleanbeam/image'
import type { ImageCoordinates, ImageCube, ImageShape } from '@cleanbeam/types'
import { TcleanError } from './tclean-error.ts'

/**
 * The model on the grid of the image, Jy/pixel of that grid.
 *
 * On the same grid pixels are copied, so that point components stay what they are. On any other the model is taken as a
 * brightness: interpolated between pixels (bilinear) and scaled by the ratio of pixel areas. A model with one channel or
 * Stokes plane other than the image's is matched by frequency (nearest channel) and by name; what has no match is empty.
 * @throws TcleanError when nothing of the model falls into the image
 */
export function regridModel(
  model: ImageCube,
  coordinates: ImageCoordinates,
  shape: ImageShape,
  path: string,
): Float32Array {
  const out = new Float32Array(pixelCount(shape))
  const planes = matchPlanes(model, coordinates, shape)
  if (planes.length === 0) {
    throw new TcleanError(
      `expected a model with Stokes and channels of the image (${coordinates.stokes.join(', ')}), got ${model.coordinates.stokes.join(', ')} and ${model.shape[3]} channels elsewhere (${path})`,
      { path },
    )
  }
  const values = zeroBlanks(model)
  const sameGrid = isSameGrid(model, coordinates, shape)
  const weights = sameGrid ? null : samplePositions(model, coordinates, shape)
  const nPixel = shape[0] * shape[1]
  const nModelPixel = model.shape[0] * model.shape[1]
  for (const { from, to } of planes) {
    const source = values.subarray(from * nModelPixel, (from + 1) * nModelPixel)
    const target = out.subarray(to * nPixel, (to + 1) * nPixel)
    if (weights === null) target.set(source)
    else interpolate(source, model.shape[0], weights, target)
  }
  return out
}

interface PlanePair {
  readonly from: number
  readonly to: number
}

function matchPlanes(model: ImageCube, coordinates: ImageCoordinates, shape: ImageShape): PlanePair[] {
  const pairs: PlanePair[] = []
  for (let channel = 0; channel < shape[3]; channel++) {
    const fromChannel = matchChannel(model, coordinates, channel)
    for (let stokes = 0; stokes < shape[2]; stokes++) {
      const fromStokes = model.coordinates.stokes.indexOf(coordinates.stokes[stokes])
      if (fromChannel < 0 || fromStokes < 0) continue
      pairs.push({ from: fromStokes + model.shape[2] * fromChannel, to: stokes + shape[2] * channel })
    }
  }
  return pairs
}

/** A continuum model holds for every channel. */
function matchChannel(model: ImageCube, coordinates: ImageCoordinates, channel: number): number {
  if (model.shape[3] === 1) return 0
  const frequencyHz = channelFrequencyHz(coordinates.spectral, channel)
  const nearest = Math.round(channelOfFrequency(model.coordinates.spectral, frequencyHz))
  return nearest >= 0 && nearest < model.shape[3] ? nearest : -1
}

function zeroBlanks({ pixels, mask }: ImageCube): Float32Array {
  return pixels.map((value, i) => (Number.isFinite(value) && (mask === null || mask[i] !== 0) ? value : 0))
}

/** FITS headers round angles; a ten thousandth of a pixel is the same place. */
const SAME_PLACE_PIXELS = 1e-4

function isSameGrid(model: ImageCube, coordinates: ImageCoordinates, shape: ImageShape): boolean {
  if (model.shape[0] !== shape[0] || model.shape[1] !== shape[1]) return false
  const to = skyPlane(coordinates.direction)
  const from = skyPlane(model.coordinates.direction)
  const corners = [
    [0, 0],
    [shape[0] - 1, 0],
    [0, shape[1] - 1],
    [shape[0] - 1, shape[1] - 1],
  ] as const
  return corners.every(([x, y]) => {
    const sky = to.toSky(x, y)
    const at = sky && from.toPixel(sky)
    return at !== null && Math.hypot(at[0] - x, at[1] - y) < SAME_PLACE_PIXELS
  })
}

/** For every pixel of the image: x and y in the model, NaN outside, and the ratio of pixel areas. */
interface SamplePositions {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly areaRatio: number
  readonly nySource: number
}

function samplePositions(model: ImageCube, { direction }: ImageCoordinates, [nx, ny]: ImageShape): SamplePositions {
  const to = skyPlane(direction)
  const from = skyPlane(model.coordinates.direction)
  const x = new Float64Array(nx * ny).fill(Number.NaN)
  const y = new Float64Array(nx * ny).fill(Number.NaN)
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const sky = to.toSky(i, j)
      const at = sky && from.toPixel(sky)
      if (!at) continue
      x[i + nx * j] = at[0]
      y[i + nx * j] = at[1]
    }
  }
  const area = ([dx, dy]: readonly [number, number]) => Math.abs(dx * dy)
  const areaRatio = area(direction.incrementRad) / area(model.coordinates.direction.incrementRad)
  return { x, y, areaRatio, nySource: model.shape[1] }
}

function interpolate(source: Float32Array, nx: number, positions: SamplePositions, target: Float32Array): void {
  const { x, y, areaRatio, nySource } = positions
  const pixel = (i: number, j: number) => (i >= 0 && i < nx && j >= 0 && j < nySource ? source[i + nx * j] : 0)
  for (let k = 0; k < target.length; k++) {
    if (Number.isNaN(x[k])) continue
    const i = Math.floor(x[k])
    const j = Math.floor(y[k])
    const fx = x[k] - i
    const fy = y[k] - j
    const lower = pixel(i, j) * (1 - fx) + pixel(i + 1, j) * fx
    const upper = pixel(i, j + 1) * (1 - fx) + pixel(i + 1, j + 1) * fx
    target[k] = areaRatio * (lower * (1 - fy) + upper * fy)
  }
}
