import { describe, expect, it } from 'vitest'
import { checkTcleanParameters } from './check-parameters.ts'
import { spectralDefinition } from './spectral-plan.ts'
import { uvTaper, weightingOptions } from './weighting-plan.ts'

const parameters = (change: object) =>
  checkTcleanParameters({ vis: 'a.ms', imagename: 'a', imsize: 64, cell: '1arcsec', ...change })

describe('spectralDefinition', () => {
  it.each([
    [
      { start: 4, width: '2' },
      { kind: 'channel', channel: 4 },
      { kind: 'channel', channel: 2 },
    ],
    [
      { start: '1.4GHz', width: '-2MHz' },
      { kind: 'frequency', hz: 1.4e9 },
      { kind: 'frequency', hz: -2e6 },
    ],
    [
      { start: '-60km/s', width: '10km/s' },
      { kind: 'velocity', metresPerSecond: -6e4 },
      { kind: 'velocity', metresPerSecond: 1e4 },
    ],
    [{}, null, null],
  ])('reads %j', (change, start, width) => {
    expect(spectralDefinition(parameters({ specmode: 'cube', ...change }))).toMatchObject({
      mode: 'cube',
      start,
      width,
    })
  })

  it('names the parameter it cannot read', () => {
    expect(() => spectralDefinition(parameters({ specmode: 'cube', start: '3kg' }))).toThrow(/start/)
    expect(() => spectralDefinition(parameters({ specmode: 'cube', width: 0 }))).toThrow(/width other than 0/)
  })
})

describe('weighting parameters', () => {
  it('reads tapers on the sky and in the uv plane', () => {
    const arcsec = Math.PI / 180 / 3600
    expect(uvTaper(['30arcsec', '20arcsec', '45deg'])).toEqual({
      majorRad: 30 * arcsec,
      minorRad: 20 * arcsec,
      positionAngleRad: Math.PI / 4,
    })
    // Half width at half maximum of 5 klambda: exp(−π²θ²u²/(4 ln 2)) is a half there.
    const taper = uvTaper('5klambda')
    expect(Math.exp((-(Math.PI ** 2) * (taper?.majorRad ?? 0) ** 2 * 5000 ** 2) / (4 * Math.LN2))).toBeCloseTo(0.5, 12)
    expect(uvTaper('')).toBeNull()
    expect(() => uvTaper('-5arcsec')).toThrow(/positive/)
  })

  it('gives superuniform a box of three cells when none is asked for', () => {
    expect(weightingOptions(parameters({ weighting: 'superuniform' }))).toEqual({ kind: 'uniform', npixels: 3 })
    expect(weightingOptions(parameters({ weighting: 'superuniform', npixels: 6 }))).toMatchObject({ npixels: 6 })
  })
})
