import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RAD_PER_ARCSEC, RAD_PER_DEG, RAD_PER_HOUR } from './constants.ts'
import { formatDeclination, formatRightAscension, parseAngleText, parseDirection } from './sexagesimal.ts'

describe('sexagesimal text', () => {
  it('writes right ascension and declination', () => {
    const ra = (12 + 30 / 60 + 49.42338 / 3600) * RAD_PER_HOUR
    const dec = (12 + 23 / 60 + 28.0439 / 3600) * RAD_PER_DEG
    expect(formatRightAscension(ra, 4)).toBe('12h30m49.4234s')
    expect(formatRightAscension(ra - 2 * Math.PI, 2, 'colons')).toBe('12:30:49.42')
    expect(formatDeclination(dec, 3)).toBe('+12d23m28.044s')
    expect(formatDeclination(-dec, 1, 'casa')).toBe('-12.23.28.0')
    expect(formatDeclination(-dec / 1000, 0, 'colons')).toBe('-00:00:45')
  })

  it('carries rounded seconds over', () => {
    expect(formatRightAscension((23 + 59 / 60 + 59.9996 / 3600) * RAD_PER_HOUR, 3)).toBe('00h00m00.000s')
    expect(formatDeclination(-(89 + 59 / 60 + 59.96 / 3600) * RAD_PER_DEG, 1)).toBe('-90d00m00.0s')
  })

  it('reads what it writes, in every style', () => {
    const angle = fc.double({ min: -Math.PI / 2, max: Math.PI / 2, noNaN: true })
    fc.assert(
      fc.property(angle, fc.constantFrom('letters', 'colons', 'casa'), (rad, style) => {
        const dec = parseAngleText(formatDeclination(rad, 6, style), 'dec', 'degrees')
        expect(Math.abs(dec - rad)).toBeLessThan(1e-6 * RAD_PER_ARCSEC)
        const ra = parseAngleText(formatRightAscension(rad, 7, style), 'ra', 'hours')
        expect(Math.abs(Math.sin((ra - rad) / 2))).toBeLessThan(1e-6 * RAD_PER_ARCSEC)
      }),
      { seed: 1 },
    )
  })

  it.each([
    'J2000 12h30m49.42s +12d23m28s',
    'J2000 12:30:49.42 +12.23.28',
    '12:30:49.42, +12:23:28',
    'fk5 187.70591666666667deg 12.391111111111111deg',
  ])('reads %s', text => {
    const direction = parseDirection(text)
    expect(direction.frame).toBe('J2000')
    expect(direction.longitudeRad).toBeCloseTo((12 + 30 / 60 + 49.42 / 3600) * RAD_PER_HOUR, 12)
    expect(direction.latitudeRad).toBeCloseTo((12 + 23 / 60 + 28 / 3600) * RAD_PER_DEG, 12)
  })

  it('reads the other frames', () => {
    expect(parseDirection('GALACTIC 76.1deg -5.7deg')).toMatchObject({ frame: 'GALACTIC' })
    expect(parseDirection('B1950 19h59m30.5s -40d40m30s').latitudeRad).toBeCloseTo(-40.675 * RAD_PER_DEG, 12)
  })

  it.each(['', 'J2000 12h30m', 'J2000 12h30m +95d', 'J2000 12.5 13.5', 'J2000 12h61m +3d', 'AZEL 1deg 2deg', '1 2 3'])(
    'refuses %j by name',
    text => {
      expect(() => parseDirection(text, 'phasecenter')).toThrow(/phasecenter/)
    },
  )
})
