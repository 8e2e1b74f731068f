import {
  createHermitianGrid,
  createPacer,
  createRealImageTransform,
  goodFftSize,
  gridToImage,
  imageToGrid,
} from '@cleanbeam/math'
import type { CallOptions, RestoringBeam } from '@cleanbeam/types'

/** One plane to restore; arrays hold nx·ny values, x fastest. */
export interface RestorationPlane {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [x: number, y: number]
  /** Jy/pixel. */
  readonly model: Float32Array
  /** Jy/beam. */
  readonly residual: Float32Array
  readonly beam: RestoringBeam
}

/** Area of a Gaussian beam in pixels: π·major·minor/(4 ln 2) over the area of a pixel. */
export function beamAreaPixels(beam: RestoringBeam, cellRad: readonly [number, number]): number {
  return (Math.PI * beam.majorRad * beam.minorRad) / (4 * Math.LN2 * cellRad[0] * cellRad[1])
}

/** Beam widths beyond the edge of the plane that the convolution needs to be free of wrapping to 1e-9. */
const PADDING_BEAMS = 2.8

/**
 * The restored image: model convolved with the beam (peak 1, so Jy/pixel become Jy/beam) plus residual.
 *
 * Convolution with the sampled Gaussian by FFT, on a grid padded by some beam widths, so that a component keeps its
 * peak whatever the beam's size.
 * @returns a new array, Jy/beam
 */
export async function restorePlane(plane: RestorationPlane, call: CallOptions = {}): Promise<Float32Array> {
  const { nx, ny, cellRad, model, residual, beam } = plane
  const restored = residual.slice()
  if (model.every(value => value === 0)) return restored
  const pacer = createPacer(call)
  const padding = PADDING_BEAMS * beam.majorRad
  const gridX = goodFftSize(nx + Math.min(nx, Math.ceil(padding / cellRad[0])) + 2)
  const gridY = goodFftSize(ny + Math.min(ny, Math.ceil(padding / cellRad[1])) + 2)
  const transform = createRealImageTransform(nx, ny, gridX, gridY)
  const grid = createHermitianGrid(gridX, gridY, 0)
  await imageToGrid(transform, Float64Array.from(model), grid, pacer)
  const response = await beamResponse(plane, gridX, gridY, pacer)
  for (let j = 0; j < response.length; j++) {
    grid.re[j] *= response[j]
    grid.im[j] *= response[j]
  }
  const convolved = new Float64Array(nx * ny)
  await gridToImage(transform, grid, convolved, pacer)
  const scale = 1 / (gridX * gridY)
  for (let j = 0; j < restored.length; j++) restored[j] += convolved[j] * scale
  return restored
}

/** Transform of the sampled Gaussian on the padded grid; real, since the Gaussian is symmetric. */
async function beamResponse(
  plane: RestorationPlane,
  gridX: number,
  gridY: number,
  pacer: ReturnType<typeof createPacer>,
): Promise<Float64Array> {
  const { beam, cellRad } = plane
  const sin = Math.sin(beam.positionAngleRad)
  const cos = Math.cos(beam.positionAngleRad)
  const gaussian = new Float64Array(gridX * gridY)
  for (let y = 0; y < gridY; y++) {
    const north = (y - gridY / 2) * cellRad[1]
    for (let x = 0; x < gridX; x++) {
      const east = -(x - gridX / 2) * cellRad[0]
      const along = (east * sin + north * cos) / beam.majorRad
      const across = (east * cos - north * sin) / beam.minorRad
      const exponent = 4 * Math.LN2 * (along * along + across * across)
      gaussian[x + gridX * y] = exponent < 50 ? Math.exp(-exponent) : 0
    }
  }
  const grid = createHermitianGrid(gridX, gridY, 0)
  await imageToGrid(createRealImageTransform(gridX, gridY, gridX, gridY), gaussian, grid, pacer)
  return grid.re
}
