// Beams of a PSF cube and the restored image made with them.

import {
  beamAreaPixels,
  commonBeam,
  fitRestoringBeam,
  maxPsfSidelobe,
  type RestorationPlane,
  restorePlane,
} from '@cleanbeam/deconvolution'
import type { CallOptions, ImageShape, RestoringBeam } from '@cleanbeam/types'
import { convolvingBeam } from './convolving-beam.ts'
import { TcleanError } from './tclean-error.ts'

type CellRad = readonly [x: number, y: number]

/**
 * The beam of every plane. A plane without data takes that of the nearest plane with one.
 * @returns empty when no plane has data
 */
export function fitBeams(psf: Float32Array, shape: ImageShape, cellRad: CellRad, cutoff: number): RestoringBeam[] {
  const [nx, ny] = shape
  const nPlane = shape[2] * shape[3]
  const fitted = Array.from({ length: nPlane }, (_, i) =>
    fitRestoringBeam(psf.subarray(i * nx * ny, (i + 1) * nx * ny), nx, ny, cellRad, { cutoff }),
  )
  const filled = fitted.map((beam, i) => beam ?? nearestBeam(fitted, i))
  return filled.filter(beam => beam !== null)
}

function nearestBeam(beams: readonly (RestoringBeam | null)[], plane: number): RestoringBeam | null {
  for (let distance = 1; distance < beams.length; distance++) {
    const beam = beams[plane - distance] ?? beams[plane + distance] ?? null
    if (beam) return beam
  }
  return null
}

/** The largest side lobe over all planes, float32 as CASA keeps it; 0 without beams. */
export function largestSidelobe(
  psf: Float32Array,
  shape: ImageShape,
  cellRad: CellRad,
  beams: readonly RestoringBeam[],
): number {
  const [nx, ny] = shape
  let largest = 0
  for (let i = 0; i < beams.length; i++) {
    const plane = psf.subarray(i * nx * ny, (i + 1) * nx * ny)
    if (plane[Math.floor(nx / 2) + nx * Math.floor(ny / 2)] === 0) continue
    largest = Math.max(largest, maxPsfSidelobe(plane, nx, ny, cellRad, beams[i]))
  }
  return Math.fround(largest)
}

/** What a restored cube is made of. */
export interface RestorationInput {
  readonly shape: ImageShape
  readonly cellRad: CellRad
  /** Jy/pixel. */
  readonly model: Float32Array
  /** Jy/beam of `fittedBeams`. */
  readonly residual: Float32Array
  /** One per plane. */
  readonly fittedBeams: readonly RestoringBeam[]
  /** null: each plane is restored with its fitted beam. */
  readonly requested: RestoringBeam | 'common' | null
}

export interface RestoredCube {
  /** Jy/beam. */
  readonly pixels: Float32Array
  /** One per plane, or a single one where all are the same by request. */
  readonly beams: readonly RestoringBeam[]
}

/**
 * Model convolved with the beam plus residual, for every plane.
 *
 * With a beam larger than the fitted one in every direction the residual is smoothed to it too, so that both parts are
 * in the same Jy/beam; with any other the residual is only rescaled by the ratio of beam areas.
 * @throws TcleanError when there is no beam because no plane has data
 */
export async function restoreCube(input: RestorationInput, call: CallOptions = {}): Promise<RestoredCube> {
  const { shape, cellRad, fittedBeams, requested } = input
  const [nx, ny] = shape
  const nPlane = shape[2] * shape[3]
  if (fittedBeams.length !== nPlane) {
    throw new TcleanError(
      `expected a beam for each of ${nPlane} planes, got ${fittedBeams.length}: no data were imaged`,
    )
  }
  const common = requested === 'common' ? commonBeam(fittedBeams) : requested
  const pixels = new Float32Array(input.model.length)
  for (let i = 0; i < nPlane; i++) {
    const at = i * nx * ny
    const plane = (cube: Float32Array) => cube.subarray(at, at + nx * ny)
    const beam = common ?? fittedBeams[i]
    const residual =
      common === null || sameBeam(common, fittedBeams[i])
        ? plane(input.residual)
        : await toBeam(plane(input.residual), nx, ny, cellRad, fittedBeams[i], common, call)
    pixels.set(await restoreAround({ nx, ny, cellRad, model: plane(input.model), residual, beam }, call), at)
  }
  return { pixels, beams: common ? [common] : fittedBeams }
}

/** Beam widths within which a component still shows in single precision. */
const RING_BEAMS = 2.5

/**
 * The restored plane as CASA makes it, on a torus: what a component at an edge loses there comes in at the opposite one.
 * Planes without components near their edges need no such care.
 */
async function restoreAround(plane: RestorationPlane, call: CallOptions): Promise<Float32Array> {
  const { nx, ny, cellRad, model, residual, beam } = plane
  const px = Math.min(nx, Math.ceil((RING_BEAMS * beam.majorRad) / cellRad[0]))
  const py = Math.min(ny, Math.ceil((RING_BEAMS * beam.majorRad) / cellRad[1]))
  if (!hasComponentsNearEdges(model, nx, ny, px, py)) return restorePlane(plane, call)
  const [wideNx, wideNy] = [nx + 2 * px, ny + 2 * py]
  const wide = new Float32Array(wideNx * wideNy)
  for (let y = 0; y < wideNy; y++) {
    const row = nx * ((y - py + ny) % ny)
    for (let x = 0; x < wideNx; x++) wide[x + wideNx * y] = model[((x - px + nx) % nx) + row]
  }
  const empty = new Float32Array(wide.length)
  const restored = await restorePlane({ nx: wideNx, ny: wideNy, cellRad, model: wide, residual: empty, beam }, call)
  return residual.map((value, i) => value + restored[(i % nx) + px + wideNx * (Math.floor(i / nx) + py)])
}

function hasComponentsNearEdges(model: Float32Array, nx: number, ny: number, px: number, py: number): boolean {
  for (let i = 0; i < model.length; i++) {
    if (model[i] === 0) continue
    const x = i % nx
    const y = Math.floor(i / nx)
    if (x < px || y < py || x >= nx - px || y >= ny - py) return true
  }
  return false
}

function sameBeam(a: RestoringBeam, b: RestoringBeam): boolean {
  return a.majorRad === b.majorRad && a.minorRad === b.minorRad && a.positionAngleRad === b.positionAngleRad
}

/** A residual brought from Jy per beam `from` to Jy per beam `to`. */
async function toBeam(
  residual: Float32Array,
  nx: number,
  ny: number,
  cellRad: CellRad,
  from: RestoringBeam,
  to: RestoringBeam,
  call: CallOptions,
): Promise<Float32Array> {
  const areaRatio = beamAreaPixels(to, cellRad) / beamAreaPixels(from, cellRad)
  const kernel = convolvingBeam(from, to)
  if (kernel === null) return residual.map(value => value * areaRatio)
  // restorePlane convolves with a sampled Gaussian of peak 1; dividing by its sum makes it one of unit sum.
  const scale = areaRatio / sampledSum(kernel, cellRad)
  const scaled = residual.map(value => (Number.isNaN(value) ? 0 : value * scale))
  return restoreAround({ nx, ny, cellRad, model: scaled, residual: new Float32Array(nx * ny), beam: kernel }, call)
}

/** Beam widths beyond which a Gaussian adds less than 1e-12 to a sum. */
const REACH_BEAMS = 3.2

/** Sum of a beam's samples at the pixels: its area when it is wide, 1 when it is narrower than a pixel. */
function sampledSum({ majorRad, minorRad, positionAngleRad }: RestoringBeam, [dx, dy]: CellRad): number {
  const sin = Math.sin(positionAngleRad)
  const cos = Math.cos(positionAngleRad)
  const reachX = Math.ceil((REACH_BEAMS * majorRad) / dx)
  const reachY = Math.ceil((REACH_BEAMS * majorRad) / dy)
  let sum = 0
  for (let y = -reachY; y <= reachY; y++) {
    for (let x = -reachX; x <= reachX; x++) {
      const along = (-x * dx * sin + y * dy * cos) / majorRad
      const across = (-x * dx * cos - y * dy * sin) / minorRad
      sum += Math.exp(-4 * Math.LN2 * (along * along + across * across))
    }
  }
  return sum
}
