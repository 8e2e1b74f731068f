import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SECONDS_PER_DAY } from './constants.ts'
import { observatoryPosition } from './observatories.ts'
import { convertMeasuredDirection, geodeticLatitude, type MeasuredFrame } from './observed-direction.ts'
import { ut1ToUtc, utcToUt1 } from './universal-time.ts'
import { toVector } from './vector.ts'

interface DirectionCase extends Record<string, unknown> {
  mjd_utc: number
  observatory: string
  j2000_rad: [number, number]
}
type Oracle = { directions_rad: DirectionCase[]; epochs_days: { mjd_utc: number; UT1: number }[] }

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../conformance/refs/oracles/${name}`, import.meta.url), 'utf8')) as Oracle
/** Recorded answers, and others of the same casatools: 1980 to 2025, further observatories. */
const [oracle, more] = [read('measures.json'), read('measures-more.json')]

function contextOf(each: DirectionCase) {
  const positionMetres = observatoryPosition(each.observatory)
  if (positionMetres === undefined) throw new Error(`no position for ${each.observatory}`)
  return { epochMjdSeconds: each.mjd_utc * SECONDS_PER_DAY, positionMetres }
}

function separationArcsec(a: readonly number[], b: readonly number[]): number {
  const u = toVector(a[0], a[1])
  const v = toVector(b[0], b[1])
  return Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]) * (648_000 / Math.PI)
}

const TOLERANCE_ARCSEC: [MeasuredFrame, number][] = [
  ['ICRS', 1e-4],
  ['GALACTIC', 1e-4],
  ['SUPERGAL', 1e-4],
  ['ECLIPTIC', 1e-6],
  ['B1950', 1e-4],
  ['JMEAN', 1e-6],
  ['JTRUE', 0.03],
  ['APP', 0.03],
  // Polar motion reaches 0.5 arcsec, diurnal aberration 0.3, 15 ms of UT1 0.2.
  ['HADEC', 1],
  ['AZEL', 1],
]

describe('directions as observed', () => {
  it.each(TOLERANCE_ARCSEC)('%s agrees with casatools within %f arcsec', (frame, tolerance) => {
    const errors = [...oracle.directions_rad, ...more.directions_rad].map(each => {
      const [longitudeRad, latitudeRad] = each.j2000_rad
      const got = convertMeasuredDirection({ frame: 'J2000', longitudeRad, latitudeRad }, frame, contextOf(each))
      return separationArcsec([got.longitudeRad, got.latitudeRad], each[frame] as number[])
    })
    const worst = Math.max(...errors)
    expect(errors).toHaveLength(218)
    expect(worst, `worst error ${worst} arcsec in case ${errors.indexOf(worst)}`).toBeLessThan(tolerance)
  })

  it('comes back from every frame', () => {
    for (const each of oracle.directions_rad.slice(0, 30)) {
      for (const [frame] of [...TOLERANCE_ARCSEC, ['AZELGEO'] as [MeasuredFrame]]) {
        const [longitudeRad, latitudeRad] = each.j2000_rad
        const there = convertMeasuredDirection({ frame: 'J2000', longitudeRad, latitudeRad }, frame, contextOf(each))
        const back = convertMeasuredDirection(there, 'J2000', contextOf(each))
        const error = separationArcsec([back.longitudeRad, back.latitudeRad], each.j2000_rad)
        expect(error, frame).toBeLessThan(1e-4)
      }
    }
  })

  it('knows UT1 within 0.02 s', () => {
    const errors = oracle.epochs_days.map(each => Math.abs(utcToUt1(each.mjd_utc) - each.UT1) * SECONDS_PER_DAY)
    expect(Math.max(...errors)).toBeLessThan(0.02)
    expect(ut1ToUtc(utcToUt1(57_000.3))).toBeCloseTo(57_000.3, 10)
  })

  it('knows the geodetic latitude of the VLA', () => {
    const position = observatoryPosition('EVLA')
    expect((geodeticLatitude(position ?? [0, 0, 0]) * 180) / Math.PI).toBeCloseTo(34.078749, 4)
  })
})
