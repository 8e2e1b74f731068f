import { describe, expect, it } from 'vitest'
import {
  angleUnit,
  formatAngle,
  formatBeam,
  formatCount,
  formatFrequency,
  formatSi,
  formatSignificant,
  formatTick,
} from './number-format.ts'

const MAS = Math.PI / 180 / 3600e3

describe('numbers with units', () => {
  it.each([
    [0.00199, 'Jy', '1.99 mJy'],
    [-0.0021, 'Jy', '−2.10 mJy'],
    [1.349, 'Jy/beam', '1.35 Jy/beam'],
    [0.9999, 'Jy', '1.00 Jy'],
    [9.43e-7, 'Jy', '943 nJy'],
    [0, 'Jy', '0 Jy'],
    [Number.NaN, 'Jy', '–'],
    [1500, '', '1500'],
  ])('%d %s reads %s', (value, unit, text) => {
    expect(formatSi(value, unit)).toBe(text)
  })

  it('keep digits left of the point', () => {
    expect(formatSignificant(41872, 3)).toBe('41900')
    expect(formatCount(41872)).toBe('41\u2009872')
    expect(formatCount(-1234567)).toBe('−1\u2009234\u2009567')
  })

  it('on ticks carry the prefix', () => {
    expect(formatTick(0.02, 0.02)).toBe('20m')
    expect(formatTick(-0.0005, 0.0005)).toBe('−500µ')
    expect(formatTick(1.5, 0.5)).toBe('1.5')
    expect(formatTick(0, 0)).toBe('0')
    expect(formatTick(1e-12, 0.1)).toBe('0')
  })

  it('choose the unit of an angle', () => {
    expect(formatAngle(1.94 * MAS)).toBe('1.94 mas')
    expect(formatAngle(12300 * MAS)).toBe('12.3″')
    expect(angleUnit(0.0004 * MAS).unit).toBe('µas')
  })

  it('describe beams and frequencies', () => {
    expect(formatBeam({ majorRad: 1.94 * MAS, minorRad: 1.055 * MAS, positionAngleRad: -0.0167 })).toBe(
      '1.94 × 1.05 mas, −1°',
    )
    expect(formatBeam({ majorRad: 12.4e3 * MAS, minorRad: 900 * MAS, positionAngleRad: 1.2 })).toBe('12.4 × 0.9″, 69°')
    expect(formatFrequency(8.109104e9)).toBe('8.109 GHz')
  })
})
