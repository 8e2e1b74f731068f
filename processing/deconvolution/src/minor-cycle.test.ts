import { createWorkerPool } from '@cleanbeam/math/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { naiveHogbom } from './hogbom.reference.ts'
import { type MinorCycleCall, minorCycle } from './minor-cycle.ts'
import { MINOR_STOP, type MinorCycleControl, type MinorCyclePlane } from './minor-cycle-types.ts'
import { dirtyPlane, repeatableRandom, ringedPsf } from './test-plane.reference.ts'

const HOGBOM = { kind: 'hogbom' } as const

function testPlane(nx = 40, ny = 36, mask: MinorCyclePlane['mask'] = null): MinorCyclePlane {
  const psf = ringedPsf(nx, ny, 4)
  const residual = dirtyPlane(psf, nx, ny, [
    [12, 20, 1],
    [28, 9, -0.4],
    [35, 33, 0.7],
  ])
  const random = repeatableRandom(4)
  for (let j = 0; j < residual.length; j++) residual[j] += 0.01 * (random() - 0.5)
  return { nx, ny, psf, residual, mask, model: new Float32Array(nx * ny) }
}

function copy(plane: MinorCyclePlane): MinorCyclePlane {
  return { ...plane, residual: plane.residual.slice(), model: plane.model.slice() }
}

const control = (changes: Partial<MinorCycleControl> = {}): MinorCycleControl => ({
  gain: 0.1,
  maxIterations: 200,
  cycleThresholdJy: 0.02,
  ...changes,
})

describe.each([{ computing: 'plain loops' }, { computing: 'kernels' }])('hogbom on $computing', ({ computing }) => {
  let kernels: MinorCycleCall['kernels'] = null
  beforeAll(async () => {
    if (computing === 'kernels') kernels = await createWorkerPool({ threads: 2, maximumBytes: 1 << 27 })
  })
  afterAll(() => kernels?.close())
  const clean = (
    planes: readonly MinorCyclePlane[],
    limits: MinorCycleControl | readonly MinorCycleControl[],
    call: MinorCycleCall = {},
  ) => minorCycle(HOGBOM, planes, limits, { kernels, ...call })

  it.each<[string, MinorCyclePlane['mask']]>([
    ['without a mask', null],
    ['within a mask', Float32Array.from({ length: 40 * 36 }, (_, j) => (j % 40 < 20 ? 1 : 0))],
    ['within a byte mask', Uint8Array.from({ length: 40 * 36 }, (_, j) => (j % 3 === 0 ? 1 : 0))],
  ])('does what the naive clean does, %s', async (_name, mask) => {
    const ours = testPlane(40, 36, mask)
    const naive = copy(ours)
    const [outcome] = await clean([ours], control())
    const found = naiveHogbom(naive, control({ maxIterations: 201 }))
    expect(outcome.iterations).toBe(Math.min(found, 200))
    expect(outcome.iterations).toBeGreaterThan(10)
    const worst = Math.max(...ours.residual.map((value, j) => Math.abs(value - naive.residual[j])))
    expect(worst, `worst difference ${worst}`).toBeLessThan(1e-6)
    expect(Math.max(...ours.model.map((value, j) => Math.abs(value - naive.model[j])))).toBeLessThan(1e-6)
    if (mask !== null) expect(ours.model.every((value, j) => value === 0 || mask[j] > 0)).toBe(true)
  })

  it('reports peaks, flux and mask, before and after', async () => {
    const mask = new Float32Array(40 * 36)
    mask.fill(1, 0, 40 * 18)
    const plane = testPlane(40, 36, mask)
    plane.model[3] = 0.25
    const peak = (inMask: boolean) =>
      plane.residual.reduce((top, value, j) => (!inMask || mask[j] > 0 ? Math.max(top, Math.abs(value)) : top), 0)
    const before = { masked: peak(true), all: peak(false) }
    const [outcome] = await clean([plane], control())
    expect(outcome.startPeakResidualJy).toBe(before.masked)
    expect(outcome.startPeakResidualNoMaskJy).toBe(before.all)
    expect(outcome.peakResidualJy).toBe(peak(true))
    expect(outcome.peakResidualNoMaskJy).toBe(peak(false))
    expect(outcome.startModelFluxJy).toBe(0.25)
    expect(outcome.modelFluxJy).toBeCloseTo(
      plane.model.reduce((sum, value) => sum + value, 0),
      12,
    )
    expect(outcome.maskSum).toBe(40 * 18)
  })

  it('recovers the flux of an isolated source', async () => {
    const psf = ringedPsf(32, 32, 3)
    const plane = {
      nx: 32,
      ny: 32,
      psf,
      residual: dirtyPlane(psf, 32, 32, [[10, 15, 2]]),
      mask: null,
      model: new Float32Array(1024),
    }
    const [outcome] = await clean([plane], control({ maxIterations: 1000, cycleThresholdJy: 1e-4 }))
    expect(plane.model[10 + 32 * 15]).toBeCloseTo(2, 3)
    expect(outcome.peakResidualJy).toBeLessThanOrEqual(1e-4)
  })

  it.each<[string, Partial<MinorCycleControl>, number]>([
    ['the iteration limit', { maxIterations: 5 }, MINOR_STOP.cycleIterations],
    ['the cycle threshold', { maxIterations: 5000 }, MINOR_STOP.cycleThreshold],
    ['the n-sigma limit above it', { maxIterations: 5000, nsigmaThresholdJy: 0.05 }, MINOR_STOP.nsigma],
    ['the cycle threshold above n-sigma', { maxIterations: 5000, nsigmaThresholdJy: 0.01 }, MINOR_STOP.cycleThreshold],
    ['no iterations allowed', { maxIterations: 0 }, MINOR_STOP.zeroIterations],
    ['divergence', { gain: 2.2, maxIterations: 30 }, MINOR_STOP.divergence],
  ])('stops for %s', async (_name, changes, code) => {
    const [outcome] = await clean([testPlane()], control(changes))
    expect(outcome.stopCode).toBe(code)
  })

  it('takes one component more than the limit it reports, as CASA does', async () => {
    const [ours, naive] = [testPlane(), testPlane()]
    const [outcome] = await clean([ours], control({ maxIterations: 9 }))
    naiveHogbom(naive, control({ maxIterations: 10 }))
    expect(outcome.iterations).toBe(9)
    expect(Math.max(...ours.model.map((value, j) => Math.abs(value - naive.model[j])))).toBeLessThan(1e-6)
  })

  it('skips an empty mask and passes over blanked pixels', async () => {
    const plane = testPlane(40, 36, new Uint8Array(40 * 36))
    const [outcome] = await clean([plane], control())
    expect(outcome).toMatchObject({ stopCode: MINOR_STOP.skippedZeroMask, iterations: 0, maskSum: 0 })
    const blanked = testPlane()
    blanked.residual[100] = Number.NaN
    const [after] = await clean([blanked], control())
    expect(after.stopCode).toBe(MINOR_STOP.cycleThreshold)
    expect(Number.isFinite(after.peakResidualNoMaskJy)).toBe(true)
  })

  it('cleans planes one by one, each to the same limits', async () => {
    const planes = [testPlane(), testPlane()]
    planes[1].residual.forEach((value, j) => {
      planes[1].residual[j] = value / 2
    })
    const outcomes = await clean(planes, control())
    expect(outcomes).toHaveLength(2)
    expect(outcomes[1].iterations).toBeLessThan(outcomes[0].iterations)
  })

  it('cleans planes of one call as it does each alone, each by its own limits', async () => {
    const planes = [testPlane(), testPlane(64, 20), testPlane(30, 70, new Uint8Array(2100).fill(1, 300, 900))]
    const limits = [control(), control({ maxIterations: 12 }), control({ cycleThresholdJy: 0.1 })]
    const alone = planes.map(copy)
    const expected = []
    for (const [index, plane] of alone.entries()) expected.push(...(await clean([plane], limits[index])))
    expect(await clean(planes, limits)).toEqual(expected)
    for (const [index, plane] of planes.entries()) {
      expect(plane.residual).toEqual(alone[index].residual)
      expect(plane.model).toEqual(alone[index].model)
    }
    expect(expected.map(({ iterations }) => iterations)).toContain(12)
    await expect(clean(planes, limits.slice(1))).rejects.toThrow(/3 controls, one per plane, got 2/)
  })

  it('refuses sizes that disagree and gains that make no sense', async () => {
    const plane = testPlane()
    await expect(clean([{ ...plane, psf: new Float32Array(4) }], control())).rejects.toThrow(/psf/)
    await expect(clean([plane], control({ gain: 0 }))).rejects.toThrow(/gain, got 0/)
    await expect(clean([plane], control({ cycleThresholdJy: Number.NaN }))).rejects.toThrow(/NaN/)
  })

  it('gives way to others and stops when asked to', async () => {
    const plane = testPlane(512, 512)
    const stop = new AbortController()
    const asked = performance.now()
    const running = clean([plane], control({ maxIterations: 1e6, cycleThresholdJy: 0 }), {
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(new Error('enough')), 100)
    await expect(running).rejects.toThrow('enough')
    expect(performance.now() - asked).toBeLessThan(3000)
  })
})
