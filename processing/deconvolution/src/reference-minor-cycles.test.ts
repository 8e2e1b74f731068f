import { describe, expect, it } from 'vitest'
import { type MinorCycleMethod, minorCycle } from './minor-cycle.ts'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'

/** First minor cycles of recorded runs: planes from the dirty image, then what CASA counted. */
const RUNS: readonly {
  run: string
  dirty: string
  method: MinorCycleMethod
  gain: number
  cycleThresholdJy: number
  maxIterations: number
  mask?: boolean
  iterations: readonly number[]
  modelFluxJy: readonly number[]
}[] = [
  {
    run: 'ps_IQUV_hogbom',
    dirty: 'ps_IQUV_hogbom__dirty',
    method: { kind: 'hogbom' },
    gain: 0.1,
    cycleThresholdJy: 0.0623669,
    maxIterations: 200,
    iterations: [49, 20, 21, 17],
    modelFluxJy: [1.4828802, 0.1972657, -0.0516216, -0.1025527],
  },
  {
    run: 'tp_mfs_uniform_maskregion',
    dirty: 'tp_mfs_uniform_maskregion__dirty',
    method: { kind: 'hogbom' },
    gain: 0.1,
    cycleThresholdJy: 0.0590765,
    maxIterations: 100,
    mask: true,
    iterations: [25],
    modelFluxJy: [0.6136388],
  },
  {
    run: 'tp_mfs_RR_superuniform',
    dirty: 'tp_mfs_RR_superuniform__dirty',
    method: { kind: 'clark' },
    gain: 0.1,
    cycleThresholdJy: 0.1397627,
    maxIterations: 100,
    iterations: [35],
    modelFluxJy: [1.4111253],
  },
  {
    run: 'ps_IQUV_clarkstokes',
    dirty: 'ps_IQUV_clarkstokes__dirty',
    method: { kind: 'clarkstokes' },
    gain: 0.1,
    cycleThresholdJy: 0.1144827,
    maxIterations: 200,
    iterations: [37, 10, 9, 6],
    modelFluxJy: [1.375432, 0.1958753, -0.0532399, -0.0940539],
  },
  {
    run: 'li_IQUV_clark',
    dirty: 'li_IQUV_clark__dirty',
    method: { kind: 'clark' },
    gain: 0.1,
    cycleThresholdJy: 0.0822911,
    maxIterations: 200,
    mask: true,
    iterations: [44],
    modelFluxJy: [1.2699503],
  },
]

describe('first minor cycles of recorded runs', () => {
  for (const reference of RUNS) {
    const paths = [
      referencePath(reference.dirty, '.residual'),
      referencePath(reference.dirty, '.psf'),
      referencePath(reference.run, '.mask'),
    ]
    const usable = paths[0] !== null && paths[1] !== null
    it.skipIf(!usable)(`${reference.run}: as many iterations and as much flux as CASA`, async () => {
      const { nx, ny, planes: residuals } = readFitsPlanes(paths[0] as string)
      const { planes: psfs } = readFitsPlanes(paths[1] as string)
      const masks = reference.mask ? readFitsPlanes(paths[2] as string).planes : null
      const planes = residuals.map((residual, k) => ({
        nx,
        ny,
        residual: residual.map(value => (Number.isFinite(value) ? value : 0)),
        psf: psfs[k],
        mask: masks === null ? null : masks[k],
        model: new Float32Array(nx * ny),
      }))
      const outcomes = await minorCycle(reference.method, planes, reference)
      expect(outcomes).toHaveLength(reference.iterations.length)
      outcomes.forEach((outcome, k) => {
        const slack = 0
        expect(Math.abs(outcome.iterations - reference.iterations[k])).toBeLessThanOrEqual(slack)
        const tolerance = reference.method.kind === 'hogbom' ? 1e-5 : 5e-3
        expect(Math.abs(outcome.modelFluxJy - reference.modelFluxJy[k])).toBeLessThan(tolerance)
      })
    })
  }
})
