import { describe, expect, it } from 'vitest'
import { besselJ1 } from './bessel-j1.ts'
import { primaryBeamProfiles } from './node/primary-beam-profiles.reference.ts'
import { primaryBeamPower } from './primary-beam.ts'

const RAD_PER_ARCMIN = Math.PI / 10_800

describe('besselJ1', () => {
  it.each([
    [0, 0],
    [1, 0.44005058574493355],
    [3.8317059702075125, 0],
    [10, 0.04347274616886144],
    [50, -0.09751182812517514],
  ])('J1(%f) = %f', (x, want) => {
    expect(besselJ1(x)).toBeCloseTo(want, 13)
  })
})

describe('primary beams', () => {
  it('are 1 at the centre, fall to a half where expected, and end', () => {
    const power = primaryBeamPower('NOWHERE', 25)
    expect(power(0, 1.4e9)).toBe(1)
    expect(power((21.48 / 1.4) * RAD_PER_ARCMIN, 1.4e9)).toBeCloseTo(0.5, 2)
    expect(power((60 / 1.4) * RAD_PER_ARCMIN, 1.4e9)).toBe(0)
    expect(primaryBeamPower('NOWHERE', 0)(1e-3, 1.4e9)).toBe(primaryBeamPower('NOWHERE', 25)(1e-3, 1.4e9))
  })

  it('take the polynomial of the nearest band, whatever the case of the name', () => {
    const angle = 5 * RAD_PER_ARCMIN
    expect(primaryBeamPower('evla', 25)(angle, 1.5e9)).toBe(primaryBeamPower('EVLA', 25)(angle, 1.5e9))
    expect(primaryBeamPower('ALMA', 7)(1e-5, 1e11)).toBeGreaterThan(primaryBeamPower('ALMA', 12)(1e-5, 1e11))
  })

  const profiles = primaryBeamProfiles()
  it.skipIf(profiles.length === 0)('agree with the profiles of CASA within 2e-3', () => {
    let worst = 0
    let where = ''
    for (const { telescope, dishMetres, frequencyGhz, cellArcmin, profile } of profiles) {
      const power = primaryBeamPower(telescope, dishMetres)
      profile.forEach((want, j) => {
        const error = Math.abs(power(j * cellArcmin * RAD_PER_ARCMIN, frequencyGhz * 1e9) - want)
        if (error > worst) {
          worst = error
          where = `${telescope} ${frequencyGhz} GHz, ${j * cellArcmin} arcmin`
        }
      })
    }
    expect(worst, `off by ${worst} at ${where}`).toBeLessThan(2e-3)
  })
})
