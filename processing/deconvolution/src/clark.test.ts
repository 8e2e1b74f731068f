import { createWorkerPool } from '@cleanbeam/math/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jointBrightness, planeRoles } from './joint-brightness.ts'
import { type MinorCycleCall, type MinorCycleMethod, minorCycle } from './minor-cycle.ts'
import { MINOR_STOP, type MinorCyclePlane } from './minor-cycle-types.ts'
import { dirtyPlane, repeatableRandom, ringedPsf } from './test-plane.reference.ts'

const SIZE = 48
const CONTROL = { gain: 0.1, maxIterations: 400, cycleThresholdJy: 0.02 }

function testPlane(scale: number, mask: MinorCyclePlane['mask'] = null): MinorCyclePlane {
  const psf = ringedPsf(SIZE, SIZE, 4)
  const residual = dirtyPlane(psf, SIZE, SIZE, [
    [12, 20, scale],
    [28, 9, -0.4 * scale],
    [40, 33, 0.7 * scale],
  ])
  const random = repeatableRandom(6)
  for (let j = 0; j < residual.length; j++) residual[j] += 0.002 * (random() - 0.5)
  return { nx: SIZE, ny: SIZE, psf, residual, mask, model: new Float32Array(SIZE * SIZE) }
}

const total = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0)

describe.each([{ computing: 'plain loops' }, { computing: 'kernels' }])('clark on $computing', ({ computing }) => {
  let kernels: MinorCycleCall['kernels'] = null
  beforeAll(async () => {
    if (computing === 'kernels') kernels = await createWorkerPool({ threads: 2, maximumBytes: 1 << 27 })
  })
  afterAll(() => kernels?.close())
  const clean = (method: MinorCycleMethod, planes: readonly MinorCyclePlane[], limits: typeof CONTROL) =>
    minorCycle(method, planes, limits, { kernels })

  it('finds what hogbom finds', async () => {
    const [ours, theirs] = [testPlane(1), testPlane(1)]
    const [clark] = await clean({ kind: 'clark' }, [ours], CONTROL)
    const [hogbom] = await clean({ kind: 'hogbom' }, [theirs], CONTROL)
    expect(clark.stopCode).toBe(MINOR_STOP.cycleThreshold)
    expect(Math.abs(clark.iterations / hogbom.iterations - 1)).toBeLessThan(0.05)
    expect(total(ours.model)).toBeCloseTo(total(theirs.model), 2)
    const worst = Math.max(...ours.residual.map((value, j) => Math.abs(value - theirs.residual[j])))
    expect(worst, `worst difference of residuals ${worst}`).toBeLessThan(0.02)
  })

  it('keeps residual = dirty − model ⊛ psf to rounding', async () => {
    const plane = testPlane(1)
    const before = plane.residual.slice()
    await clean({ kind: 'clark' }, [plane], CONTROL)
    const components: [number, number, number][] = []
    plane.model.forEach((flux, j) => {
      if (flux !== 0) components.push([j % SIZE, Math.floor(j / SIZE), flux])
    })
    const subtracted = dirtyPlane(plane.psf, SIZE, SIZE, components)
    const worst = Math.max(...plane.residual.map((value, j) => Math.abs(before[j] - subtracted[j] - value)))
    expect(worst, `worst difference ${worst}`).toBeLessThan(2e-6)
  })

  it('cleans only within the mask and skips an empty one', async () => {
    const mask = Uint8Array.from({ length: SIZE * SIZE }, (_, j) => (j % SIZE < 20 ? 1 : 0))
    const plane = testPlane(1, mask)
    const [outcome] = await clean({ kind: 'clark' }, [plane], CONTROL)
    expect(outcome.iterations).toBeGreaterThan(0)
    expect(plane.model.every((value, j) => value === 0 || mask[j] > 0)).toBe(true)
    const [skipped] = await clean({ kind: 'clark' }, [testPlane(1, new Uint8Array(SIZE * SIZE))], CONTROL)
    expect(skipped).toMatchObject({ stopCode: MINOR_STOP.skippedZeroMask, iterations: 0 })
  })

  it('takes each component from all planes, clarkstokes plane by plane', async () => {
    const planes = [testPlane(1), testPlane(0.3)]
    const joint = await clean({ kind: 'clark' }, planes, CONTROL)
    expect(joint).toHaveLength(1)
    const places = planes.map(plane => plane.model.reduce((count, value) => count + (value === 0 ? 0 : 1), 0))
    expect(places[0]).toBe(places[1])
    expect(joint[0].modelFluxJy).toBeCloseTo(total(planes[0].model) + total(planes[1].model), 6)
    expect(joint[0].maskSum).toBe(2 * SIZE * SIZE)
    const single = await clean({ kind: 'clarkstokes' }, [testPlane(1), testPlane(0.3)], CONTROL)
    expect(single).toHaveLength(2)
    expect(single[1].iterations).toBeLessThan(single[0].iterations)
  })

  it('counts no more iterations than allowed', async () => {
    const [outcome] = await clean({ kind: 'clark' }, [testPlane(1)], { ...CONTROL, maxIterations: 7 })
    expect(outcome).toMatchObject({ iterations: 7, stopCode: MINOR_STOP.cycleIterations })
    const [none] = await clean({ kind: 'clark' }, [testPlane(1)], { ...CONTROL, maxIterations: 0 })
    expect(none).toMatchObject({ iterations: 0, stopCode: MINOR_STOP.zeroIterations })
  })
})

describe('jointBrightness', () => {
  const pixel = (...values: number[]) => values.map(value => Float32Array.of(value))

  it('is |I| + √(Q² + U² + V²), and the largest of single correlations', () => {
    expect(jointBrightness(planeRoles(['I', 'Q', 'U', 'V']), pixel(-5, 2, 3, 6), 0)).toBe(12)
    expect(jointBrightness(planeRoles(['Q', 'U']), pixel(3, -4), 0)).toBe(5)
    expect(jointBrightness(planeRoles(['RR', 'LL']), pixel(3, -4), 0)).toBe(4)
    expect(jointBrightness(planeRoles([undefined, undefined]), pixel(-3, 4), 0)).toBe(7)
  })
})
