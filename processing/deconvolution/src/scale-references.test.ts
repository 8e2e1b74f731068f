import { describe, expect, it } from 'vitest'
import { minorCycle } from './minor-cycle.ts'
import { mtmfsMinorCycle } from './mtmfs.ts'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'

const finite = (plane: Float32Array) => plane.map(value => (Number.isFinite(value) ? value : 0))

describe('first minor cycles of recorded multi-scale runs', () => {
  const paths = ['.residual', '.psf'].map(suffix => referencePath('ex_multiscale_natural__dirty', suffix))
  it.skipIf(paths.includes(null))('ex_multiscale_natural: flux and peak as CASA reports them', async () => {
    const { nx, ny, planes } = readFitsPlanes(paths[0] as string)
    const psf = readFitsPlanes(paths[1] as string).planes[0]
    const model = new Float32Array(nx * ny)
    const [outcome] = await minorCycle(
      { kind: 'multiscale', scalesPixels: [0, 5, 12], smallScaleBias: 0.2 },
      [{ nx, ny, residual: finite(planes[0]), psf, mask: null, model }],
      { gain: 0.1, maxIterations: 60, cycleThresholdJy: 0.0531164 },
    )
    expect(outcome.iterations).toBe(60)
    expect(outcome.stopCode).toBe(1)
    expect(Math.abs(outcome.modelFluxJy - 2.8370228)).toBeLessThan(2e-6)
    expect(Math.abs(outcome.peakResidualJy - 0.0858722)).toBeLessThan(1e-6)
  })

  /** What CASA 6.7's deconvolve reported for the same dirty image with other parameters. */
  const OTHER = [
    {
      scales: [0, 5, 12],
      bias: 0.6,
      niter: 60,
      limitJy: 0,
      iterations: 4,
      code: 5,
      fluxJy: 0.149201,
      peakJy: 0.268283,
    },
    {
      scales: [0, 5, 12],
      bias: 0.2,
      niter: 300,
      limitJy: 0.2,
      iterations: 24,
      code: 2,
      fluxJy: null,
      peakJy: 0.197558,
    },
    {
      scales: [0, 5, 12],
      bias: 0.2,
      niter: 300,
      limitJy: 0.05,
      iterations: 100,
      code: 5,
      fluxJy: null,
      peakJy: 0.066653,
    },
    {
      scales: [0, 4, 10, 24],
      bias: -0.3,
      niter: 150,
      limitJy: 0,
      iterations: 150,
      code: 1,
      fluxJy: 4.035184,
      peakJy: 0.055984,
    },
    {
      scales: [0, 5, 12],
      bias: 0.9,
      niter: 60,
      limitJy: 0,
      iterations: 60,
      code: 1,
      fluxJy: 1.824233,
      peakJy: 0.100239,
    },
    { scales: [0, 50], bias: 0, niter: 5, limitJy: 0, iterations: 5, code: 1, fluxJy: 0.1311215, peakJy: null },
  ]
  for (const { scales, bias, niter, limitJy, iterations, code, fluxJy, peakJy } of OTHER) {
    it.skipIf(paths.includes(null))(`scales ${scales}, bias ${bias}, limit ${limitJy}: as CASA`, async () => {
      const { nx, ny, planes } = readFitsPlanes(paths[0] as string)
      const psf = readFitsPlanes(paths[1] as string).planes[0]
      const [outcome] = await minorCycle(
        { kind: 'multiscale', scalesPixels: scales, smallScaleBias: bias },
        [{ nx, ny, residual: finite(planes[0]), psf, mask: null, model: new Float32Array(nx * ny) }],
        { gain: 0.1, maxIterations: niter, cycleThresholdJy: limitJy },
      )
      expect(outcome.iterations).toBe(iterations)
      expect(outcome.stopCode).toBe(code)
      if (fluxJy !== null) expect(Math.abs(outcome.modelFluxJy - fluxJy)).toBeLessThan(2e-6)
      if (peakJy !== null) expect(Math.abs(outcome.peakResidualJy - peakJy)).toBeLessThan(2e-6)
    })
  }

  const suffixes = ['.residual.tt0', '.residual.tt1', '.psf.tt0', '.psf.tt1', '.psf.tt2']
  const terms = suffixes.map(suffix => referencePath('wb_mtmfs_nt2__dirty', suffix))
  it.skipIf(terms.includes(null))('wb_mtmfs_nt2: flux and peak as CASA reports them', async () => {
    const { nx, ny } = readFitsPlanes(terms[0] as string)
    const [r0, r1, p0, p1, p2] = terms.map(path => finite(readFitsPlanes(path as string).planes[0]))
    const model = [new Float32Array(nx * ny), new Float32Array(nx * ny)]
    const outcome = await mtmfsMinorCycle(
      { nx, ny, residual: [r0, r1], psf: [p0, p1, p2], mask: null, model },
      { scalesPixels: [0, 6, 15], smallScaleBias: 0 },
      { gain: 0.1, maxIterations: 80, cycleThresholdJy: 0.0489817 },
    )
    expect(outcome.iterations).toBe(80)
    expect(outcome.stopCode).toBe(1)
    expect(Math.abs(outcome.modelFluxJy - 3.3103747)).toBeLessThan(2e-5)
    expect(Math.abs(outcome.peakResidualJy - 0.0604951)).toBeLessThan(2e-5)
  })
})
