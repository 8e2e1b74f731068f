import fc from 'fast-check'
import { expect, it } from 'vitest'
import { convolvingBeam } from './convolving-beam.ts'

const beam = (majorRad: number, minorRad: number, positionAngleRad: number) => ({
  majorRad,
  minorRad,
  positionAngleRad,
})

it('is the difference of widths in quadrature for parallel beams', () => {
  const kernel = convolvingBeam(beam(3, 2, 0.3), beam(5, 4, 0.3))
  expect(kernel?.majorRad).toBeCloseTo(4, 12)
  expect(kernel?.minorRad).toBeCloseTo(Math.sqrt(12), 12)
  expect(kernel?.positionAngleRad).toBeCloseTo(0.3, 12)
})

it('does not exist towards a beam that is smaller in some direction', () => {
  expect(convolvingBeam(beam(3, 2, 0), beam(5, 1.9, 0))).toBeNull()
  expect(convolvingBeam(beam(3, 2, 0), beam(3, 2, 0))).toBeNull()
  expect(convolvingBeam(beam(3, 1, 0), beam(3.1, 1.1, Math.PI / 2))).toBeNull()
})

it('adds up to the target whatever the angles', () => {
  const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true })
  fc.assert(
    fc.property(angle, angle, (fromAngle, toAngle) => {
      const from = beam(2, 1, fromAngle)
      const to = beam(5, 3, toAngle)
      const kernel = convolvingBeam(from, to)
      if (kernel === null) return false
      // The kernel is the difference, so no other kernel is left between from ⊛ kernel and the target.
      const areaSquared = (b: typeof from) => (b.majorRad * b.minorRad) ** 2
      const trace = (b: typeof from) => b.majorRad ** 2 + b.minorRad ** 2
      return Math.abs(trace(kernel) + trace(from) - trace(to)) < 1e-9 && areaSquared(kernel) < areaSquared(to)
    }),
  )
})
