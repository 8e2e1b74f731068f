import type { ImageCoordinates, RestoringBeam } from '@cleanbeam/types'

/** Side of the fake images, pixels. */
export const FAKE_SIZE = 256

const MAS = Math.PI / 180 / 3600e3

/** Eight by four and a half pixels. */
export const FAKE_BEAM: RestoringBeam = { majorRad: 1.6 * MAS, minorRad: 0.9 * MAS, positionAngleRad: -0.15 }

/** 0.2 mas pixels around M87. */
export const FAKE_COORDINATES: ImageCoordinates = {
  direction: {
    frame: 'J2000',
    projection: 'SIN',
    projectionParameters: [0, 0],
    referenceRad: [(187.705930754 * Math.PI) / 180, (12.391123286 * Math.PI) / 180],
    referencePixel: [FAKE_SIZE / 2, FAKE_SIZE / 2],
    incrementRad: [-0.2 * MAS, 0.2 * MAS],
    pc: [1, 0, 0, 1],
    longPoleRad: Math.PI,
    latPoleRad: (12.391123286 * Math.PI) / 180,
  },
  stokes: ['I'],
  spectral: {
    frame: 'LSRK',
    referenceHz: 8.109e9,
    referencePixel: 0,
    incrementHz: 1.6e7,
    restFrequencyHz: 8.109e9,
  },
  observation: {
    telescope: 'VLBA',
    observer: 'BL137',
    dateMjd: 53901.87,
    telescopePositionMetres: null,
    object: 'M87',
    pointing: null,
  },
}

/** Planes of a small jet that can really be cleaned; the same for the same seed. */
export interface FakeSky {
  /** PSF on twice the grid, its peak in the middle: what is subtracted. */
  readonly widePsf: Float32Array
  readonly psf: Float32Array
  readonly residual: Float32Array
  readonly model: Float32Array
}

/** A dirty image of a core and 25 knots with noise of 2 mJy/beam. */
export function createFakeSky(seed = 1): FakeSky {
  const n = FAKE_SIZE
  const widePsf = Float32Array.from({ length: 4 * n * n }, (_, i) =>
    psfAt((i % (2 * n)) - n, Math.floor(i / (2 * n)) - n),
  )
  const psf = new Float32Array(n * n)
  const residual = new Float32Array(n * n)
  const random = randomNormal(seed)
  for (let i = 0; i < n * n; i++) {
    psf[i] = psfAt((i % n) - n / 2, Math.floor(i / n) - n / 2)
    residual[i] = 0.002 * random()
  }
  for (let k = 0; k < 26; k++) {
    const flux = k === 0 ? 1.1 : 0.09 * Math.exp(-k / 9)
    addPsf(widePsf, residual, Math.round(n / 2 + 2.9 * k), Math.round(n / 2 + 1.15 * k + 3 * Math.sin(k / 3)), flux)
  }
  return { widePsf, psf, residual, model: new Float32Array(n * n) }
}

/**
 * Hogbom's minor cycle inside a mask (Högbom, A&AS 15, 417, 1974).
 * @returns iterations done and the largest residual left
 */
export function cleanFakeSky(
  sky: FakeSky,
  mask: Uint8Array,
  settings: { niter: number; gain: number; thresholdJy: number },
): { iterations: number; peak: number } {
  let done = 0
  for (;;) {
    const at = maskedPeak(sky.residual, mask)
    const peak = Math.abs(sky.residual[at])
    if (done >= settings.niter || peak <= settings.thresholdJy) return { iterations: done, peak }
    const component = settings.gain * sky.residual[at]
    sky.model[at] += component
    addPsf(sky.widePsf, sky.residual, at % FAKE_SIZE, Math.floor(at / FAKE_SIZE), -component)
    done++
  }
}

/** Largest absolute residual inside a mask, Jy/beam. */
export function maskedPeakJy(sky: FakeSky, mask: Uint8Array): number {
  return Math.abs(sky.residual[maskedPeak(sky.residual, mask)])
}

/** Model convolved with the Gaussian beam, plus residual. */
export function restoreFakeSky(sky: FakeSky): Float32Array {
  const n = FAKE_SIZE
  const image = Float32Array.from(sky.residual)
  sky.model.forEach((flux, at) => {
    if (flux === 0) return
    const [x0, y0] = [at % n, Math.floor(at / n)]
    for (let y = Math.max(0, y0 - 16); y < Math.min(n, y0 + 17); y++) {
      for (let x = Math.max(0, x0 - 16); x < Math.min(n, x0 + 17); x++)
        image[x + n * y] += flux * beamAt(x - x0, y - y0)
    }
  })
  return image
}

function maskedPeak(residual: Float32Array, mask: Uint8Array): number {
  let at = 0
  let peak = -1
  for (let i = 0; i < residual.length; i++) {
    const size = Math.abs(residual[i])
    if (mask[i] !== 0 && size > peak) [at, peak] = [i, size]
  }
  return at
}

function addPsf(widePsf: Float32Array, plane: Float32Array, x0: number, y0: number, flux: number): void {
  const n = FAKE_SIZE
  for (let y = 0; y < n; y++) {
    const row = n - x0 + 2 * n * (y - y0 + n)
    for (let x = 0; x < n; x++) plane[x + n * y] += flux * widePsf[row + x]
  }
}

function beamAt(dx: number, dy: number): number {
  const angle = FAKE_BEAM.positionAngleRad
  const along = dy * Math.cos(angle) - dx * Math.sin(angle)
  const across = dx * Math.cos(angle) + dy * Math.sin(angle)
  return Math.exp(-4 * Math.LN2 * ((along / 8) ** 2 + (across / 4.5) ** 2))
}

function psfAt(dx: number, dy: number): number {
  const wave = Math.cos(dx / 5.5 + dy / 13) * Math.cos(dy / 8 - dx / 21)
  return beamAt(dx, dy) + 0.09 * wave * (1 - beamAt(dx / 2, dy / 2)) * Math.exp(-(dx * dx + dy * dy) / 9000)
}

/** Box–Muller on a linear congruential generator (Numerical Recipes constants). */
function randomNormal(seed: number): () => number {
  let state = seed >>> 0
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
