import type { ImageShape } from '@cleanbeam/types'
import type { MajorCycle } from './major-cycle.ts'
import type { MosaicOptions } from './mosaic-options.ts'

/** Below this share of its largest value the weight image counts as 0: nothing was observed there. */
const LEAST_WEIGHT = 1e-6

/**
 * Gives the images of a mosaic their normalisation. Those of `inner` are Σ_p beam_p·(dirty image of pointing p)/Σ weight,
 * and its models are the sky; PSFs are 1 at the middle.
 * @param weight - Σ weight·beam²/Σ weight, [channel, y, x]
 */
export function normaliseMosaic(
  inner: MajorCycle,
  weight: Float32Array,
  normalisation: MosaicOptions['normalisation'],
): MajorCycle {
  const { shape, nTerm } = inner
  const power = relativeWeight(weight, shape)
  const fromSky = { flatnoise: 0.5, flatsky: 0, pbsquare: 1 }[normalisation]
  const toSky = power.map(value => (value > 0 ? value ** -fromSky : 0))
  const factor = power.map((value, j) => {
    if (!(value > 0)) return 0
    return value ** fromSky / weight[j]
  })
  return {
    ...inner,
    weight: () => expand(weight, shape, 1),
    primaryBeam: () =>
      expand(
        power.map(value => Math.sqrt(value)),
        shape,
        1,
      ),
    async makePsf(call) {
      const psf = await inner.makePsf(call)
      scaleToCentre(psf, shape)
      return psf
    },
    async makeResidual(model, call, others) {
      const sky = model === null ? null : times(model, toSky, shape, nTerm)
      return times(await inner.makeResidual(sky, call, others), factor, shape, nTerm)
    },
    makeInstantResidual: async () => null,
    dispose: () => inner.dispose(),
  }
}

/** W/max W of every channel; 0 where there is next to none. */
function relativeWeight(weight: Float32Array, [nx, ny, , nChannel]: ImageShape): Float64Array {
  const relative = new Float64Array(weight.length)
  for (let channel = 0; channel < nChannel; channel++) {
    const start = channel * nx * ny
    let most = 0
    for (let j = start; j < start + nx * ny; j++) most = Math.max(most, weight[j])
    for (let j = start; j < start + nx * ny; j++) {
      const share = most > 0 ? weight[j] / most : 0
      relative[j] = share > LEAST_WEIGHT ? share : 0
    }
  }
  return relative
}

/** Repeats [channel, y, x] over Stokes planes and terms. */
function expand(planes: ArrayLike<number>, shape: ImageShape, nTerm: number): Float32Array {
  const [nx, ny, nStokes, nChannel] = shape
  const length = nx * ny
  const cube = new Float32Array(length * nStokes * nChannel * nTerm)
  for (let plane = 0; plane < nStokes * nChannel * nTerm; plane++) {
    const channel = Math.floor(plane / nStokes) % nChannel
    for (let j = 0; j < length; j++) cube[plane * length + j] = planes[channel * length + j]
  }
  return cube
}

function times(cube: Float32Array, factor: ArrayLike<number>, shape: ImageShape, nTerm: number): Float32Array {
  const factors = expand(factor, shape, nTerm)
  for (let j = 0; j < factors.length; j++) factors[j] *= cube[j]
  return factors
}

/** Divides PSFs of all terms by the middle of the first term's. */
function scaleToCentre(psf: Float32Array, [nx, ny, nStokes, nChannel]: ImageShape): void {
  const length = nx * ny
  const nPlane = nStokes * nChannel
  const centre = (nx >> 1) + nx * (ny >> 1)
  const scales = Array.from({ length: nPlane }, (_, plane) => psf[plane * length + centre])
  for (let j = 0; j < psf.length; j++) {
    const scale = scales[Math.floor(j / length) % nPlane]
    if (scale > 0) psf[j] /= scale
  }
}
