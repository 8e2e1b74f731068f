import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisLabels, decimalsFor, formatColons, sexagesimalParts } from './sexagesimal.ts'

const HOUR = Math.PI / 12
const DEG = Math.PI / 180
const MAS = DEG / 3600e3
const M87 = { ra: 187.705930754 * DEG, dec: 12.391123286 * DEG }

describe('sexagesimal text', () => {
  it('agrees with astropy on M87', () => {
    // SkyCoord(187.705930754, 12.391123286, unit='deg').to_string('hmsdms', precision=6)
    expect(formatColons(M87.ra, 'hours', 6)).toBe('12:30:49.423381')
    expect(formatColons(M87.dec, 'degrees', 6)).toBe('+12:23:28.043830')
  })

  it('carries rounding over to minutes and hours', () => {
    expect(formatColons(HOUR - 1e-10, 'hours', 2)).toBe('01:00:00.00')
    expect(formatColons(24 * HOUR - 1e-10, 'hours', 1)).toBe('00:00:00.0')
    expect(formatColons(-(30 * DEG) + 1e-12, 'degrees', 1)).toBe('−30:00:00.0')
    expect(formatColons(-1e-14, 'degrees', 2)).toBe('+00:00:00.00')
  })

  it('reads back to what was written', () => {
    fc.assert(
      fc.property(fc.double({ min: -1.57, max: 1.57, noNaN: true }), angle => {
        const { sign, whole, minutes, seconds } = sexagesimalParts(angle, 'degrees', 4)
        const size = Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600
        expect(Math.abs((sign === '−' ? -size : size) * DEG - angle)).toBeLessThan((0.51e-4 * DEG) / 3600)
      }),
    )
  })
})

describe('axis labels', () => {
  it('say once what is common: 28.044″ below +12°23′', () => {
    const step = 2 * MAS
    const ticks = [28.04, 28.042, 28.044].map(s => (12 + 23 / 60 + s / 3600) * DEG)
    expect(axisLabels(ticks, step, 'degrees')).toEqual({ prefix: '+12°23′', labels: ['28.040″', '28.042″', '28.044″'] })
  })

  it('keep the minutes where they differ', () => {
    const ticks = [59 * 60 + 30, 3600, 3600 + 30].map(s => (s / 3600) * HOUR)
    expect(axisLabels(ticks, HOUR / 120, 'hours').labels).toEqual(['00ʰ59ᵐ30ˢ', '01ʰ00ᵐ00ˢ', '01ʰ00ᵐ30ˢ'])
  })

  it('leave out seconds and minutes that are always zero', () => {
    expect(axisLabels([DEG, 2 * DEG], DEG, 'degrees')).toEqual({ prefix: '', labels: ['+01°', '+02°'] })
    expect(axisLabels([DEG + DEG / 6, DEG + DEG / 3], DEG / 6, 'degrees')).toEqual({
      prefix: '+01°',
      labels: ['10′', '20′'],
    })
    expect(axisLabels([], 1, 'hours')).toEqual({ prefix: '', labels: [] })
  })

  it('have the digits of their step', () => {
    expect(decimalsFor(MAS, 'degrees')).toBe(3)
    expect(decimalsFor(0.0005 * 15 * 1000 * MAS, 'hours')).toBe(4)
    expect(decimalsFor(DEG, 'degrees')).toBe(0)
  })
})
