import { describe, expect, it } from 'vitest'
import { ASTRONOMICAL_UNIT_METRES, RAD_PER_DEG, SECONDS_PER_DAY } from './constants.ts'
import { type Ephemeris, ephemerisDirection } from './moving-source.ts'
import { observatoryPosition } from './observatories.ts'
import { toVector } from './vector.ts'

const STEP = 0.0208333333333
const entries = Array.from({ length: 40 }, (_, i) => i)
const list = (value: (i: number) => number) => Float64Array.from(entries, value)
const ephemeris: Ephemeris = {
  frame: 'J2000',
  mjdTt: list(i => 57_174 + i * STEP),
  longitudeRad: list(i => (239.5 + 0.3 * Math.sin(i * 0.12) + 0.001 * i) * RAD_PER_DEG),
  latitudeRad: list(i => (-18.4 + 0.05 * Math.cos(i * 0.1)) * RAD_PER_DEG),
  distanceMetres: list(i => (8.9 + 0.001 * i) * ASTRONOMICAL_UNIT_METRES),
  isGeocentric: true,
}

describe('a moving source', () => {
  // astropy 8: the same entries at TT, less EarthLocation.get_gcrs_posvel of ALMA; degrees.
  it.each([
    [57_174.01, 239.51931397606404, -18.350074302825682],
    [57_174.1, 239.66931155017397, -18.35573989438356],
    [57_174.2345, 239.8037924167125, -18.378628733848014],
    [57_174.5, 239.60008234004562, -18.43684492745943],
    [57_174.75, 239.25854327224022, -18.444579222305926],
  ])('stands at MJD %f where astropy sees it from ALMA', (mjd, longitude, latitude) => {
    const position = observatoryPosition('ALMA') ?? null
    const got = ephemerisDirection(ephemeris, mjd * SECONDS_PER_DAY, position)
    const [u, v] = [
      toVector(got.longitudeRad, got.latitudeRad),
      toVector(longitude * RAD_PER_DEG, latitude * RAD_PER_DEG),
    ]
    const arcsec = (Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]) / RAD_PER_DEG) * 3600
    expect(arcsec).toBeLessThan(1e-3)
  })

  it('passes from 360 degrees to 0', () => {
    const across = { ...ephemeris, longitudeRad: list(i => ((359.9 + 0.02 * i) % 360) * RAD_PER_DEG) }
    const degrees = ephemerisDirection(across, (57_174 + 4.7 * STEP) * SECONDS_PER_DAY, null).longitudeRad / RAD_PER_DEG
    expect(Math.abs(Math.sin((degrees - 359.995) * RAD_PER_DEG)) / RAD_PER_DEG).toBeLessThan(1e-3)
  })

  it('is refused outside its times', () => {
    expect(() => ephemerisDirection(ephemeris, 57_180 * SECONDS_PER_DAY, null)).toThrow(/57174 to 57174\.8/)
  })
})
