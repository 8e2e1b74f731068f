import { describe, expect, it } from 'vitest'
import { RAD_PER_ARCSEC } from './constants.ts'
import {
  parseAngleRad,
  parseDurationSeconds,
  parseFluxJy,
  parseFrequencyHz,
  parseLengthMetres,
  parseQuantity,
  parseVelocityMetresPerSecond,
  parseWavelengths,
} from './quantity.ts'

describe('quantities', () => {
  it.each([
    ['30arcsec', 30],
    ['0.1marcsec', 1e-4],
    ['0.1mas', 1e-4],
    ['2.5uarcsec', 2.5e-6],
    ['1.5 arcmin', 90],
    ['0.25deg', 900],
    ["2'", 120],
    ['10"', 10],
    ['-3e-1arcsec', -0.3],
    ['1rad', 648_000 / Math.PI],
  ])('%s is %f arcsec', (text, arcsec) => {
    expect(parseAngleRad(text, 'cell') / RAD_PER_ARCSEC).toBeCloseTo(arcsec, 12)
  })

  it('takes a bare number in the unit of the parameter', () => {
    expect(parseAngleRad(15, 'cell')).toBeCloseTo(15 * RAD_PER_ARCSEC, 15)
    expect(parseFluxJy(0.002, 'threshold')).toBe(0.002)
    expect(parseDurationSeconds(10, 'interval')).toBe(10)
  })

  it('reads the other dimensions', () => {
    expect(parseFluxJy('2mJy', 'threshold')).toBeCloseTo(0.002, 15)
    expect(parseFluxJy('3MJy', 'threshold')).toBe(3e6)
    expect(parseFluxJy('1uJy/beam', 'threshold')).toBeCloseTo(1e-6, 18)
    expect(parseFrequencyHz('1.420405752GHz', 'restfreq')).toBeCloseTo(1_420_405_752, 3)
    expect(parseVelocityMetresPerSecond('-70km/s', 'start')).toBe(-70_000)
    expect(parseLengthMetres('1.2km', 'uvrange')).toBe(1200)
    expect(parseWavelengths('2klambda', 'uvrange')).toBe(2000)
    expect(parseQuantity('10%', 'uvrange').dimension).toBe('percent')
  })

  it('refuses text without a unit, with the remedy', () => {
    expect(() => parseAngleRad('15', 'cell')).toThrow(
      /expected an angle.*for cell, got the text '15' without a unit.*'30arcsec'.*number without quotes for arcsec/,
    )
    expect(() => parseFluxJy('0.1', 'threshold')).toThrow(/threshold.*without a unit/)
    expect(parseFluxJy('0', 'threshold')).toBe(0)
  })

  it.each(['abc', '', '5 parsec', '3mJy', '1.2.3arcsec', 'arcsec', '5 ARCSEC'])(
    'refuses %j as an angle by name',
    text => {
      expect(() => parseAngleRad(text, 'cell')).toThrow(/for cell/)
    },
  )

  it('refuses bare and infinite numbers where they have no meaning', () => {
    expect(() => parseFrequencyHz(1.4e9, 'reffreq')).toThrow(/reffreq.*bare number/)
    expect(() => parseAngleRad(Number.NaN, 'cell')).toThrow(/finite/)
    expect(() => parseFluxJy(Number.POSITIVE_INFINITY, 'threshold')).toThrow(/finite/)
  })
})
