import type { RestoringBeam } from '@cleanbeam/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonBeam, encloses } from './common-beam.ts'

const DEGREE = Math.PI / 180
const beam = (majorRad: number, minorRad: number, degrees: number): RestoringBeam => ({
  majorRad,
  minorRad,
  positionAngleRad: degrees * DEGREE,
})

/** What casatools 6.7 image.commonbeam answers; `exact` where one beam encloses the others. */
const CASA: readonly { beams: RestoringBeam[]; common: RestoringBeam; exact: boolean }[] = [
  { beams: [beam(10, 5, 0), beam(9, 4, 10)], common: beam(10, 5, 0), exact: true },
  { beams: [beam(10, 5, 0), beam(10, 5, 30)], common: beam(11.339356807, 6.375528774, 15), exact: false },
  {
    beams: [beam(7.049, 2.8259, 85.2228), beam(7.0888, 4.171, 70.508)],
    common: beam(7.480222856, 4.250744851, 73.6878753),
    exact: true,
  },
  {
    beams: [beam(10, 8, 20), beam(9.8, 8.2, 60), beam(10.2, 7.5, -10)],
    common: beam(10.385084034, 9.516628492, 12.694045281),
    exact: false,
  },
  {
    beams: [beam(9.3658, 7.1567, 84.7006), beam(10.5092, 9.1845, -80.2631), beam(7.585, 3.4204, -55.165)],
    common: beam(10.5092, 9.1845, -80.2631),
    exact: true,
  },
  {
    beams: [beam(9.6839, 6.9127, 9.8527), beam(6.387, 4.4525, -67.4263), beam(8.3652, 6.0376, 49.3389)],
    common: beam(9.834688344, 7.331671542, 15.039221976),
    exact: false,
  },
]

describe('commonBeam', () => {
  it('is that of CASA, which adds 0.1 % where no beam encloses the others', () => {
    for (const { beams, common, exact } of CASA) {
      const found = commonBeam(beams)
      const factor = exact ? 1 : 1.001
      expect(Math.abs((found.majorRad * factor) / common.majorRad - 1)).toBeLessThan(3e-5)
      expect(Math.abs((found.minorRad * factor) / common.minorRad - 1)).toBeLessThan(3e-5)
      expect(Math.abs(found.positionAngleRad - common.positionAngleRad)).toBeLessThan(0.01 * DEGREE)
    }
  })

  const anyBeam = fc
    .record({
      majorRad: fc.double({ min: 1, max: 10, noNaN: true }),
      ratio: fc.double({ min: 0.2, max: 1, noNaN: true }),
      positionAngleRad: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    })
    .map(({ majorRad, ratio, positionAngleRad }) => ({ majorRad, minorRad: ratio * majorRad, positionAngleRad }))

  it('encloses every beam, whatever their order and scale, and none smaller in all directions does', () => {
    fc.assert(
      fc.property(fc.array(anyBeam, { minLength: 1, maxLength: 6 }), beams => {
        const common = commonBeam(beams)
        const grown = { ...common, majorRad: common.majorRad * (1 + 1e-6), minorRad: common.minorRad * (1 + 1e-6) }
        for (const one of beams) expect(encloses(grown, one)).toBe(true)
        const shrunk = { ...common, majorRad: common.majorRad * 0.999, minorRad: common.minorRad * 0.999 }
        expect(beams.every(one => encloses(shrunk, one))).toBe(false)
        const reversed = commonBeam([...beams].reverse())
        const area = common.majorRad * common.minorRad
        expect(Math.abs((reversed.majorRad * reversed.minorRad) / area - 1)).toBeLessThan(1e-6)
        const scaled = commonBeam(
          beams.map(one => ({ ...one, majorRad: one.majorRad * 1e-6, minorRad: one.minorRad * 1e-6 })),
        )
        expect(Math.abs((scaled.majorRad * scaled.minorRad * 1e12) / area - 1)).toBeLessThan(1e-6)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('refuses an empty set', () => {
    expect(() => commonBeam([])).toThrow(/at least one beam/)
  })
})
