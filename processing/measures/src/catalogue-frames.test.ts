import { readFileSync } from 'node:fs'
import type { DirectionFrame } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { convertDirection } from './catalogue-frames.ts'
import { toVector } from './vector.ts'

interface DirectionCase extends Record<string, unknown> {
  mjd_utc: number
  j2000_rad: [number, number]
}
type Oracle = { directions_rad: DirectionCase[] }

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../conformance/refs/oracles/${name}`, import.meta.url), 'utf8')) as Oracle
/** Recorded answers, and others of the same casatools: 1980 to 2025, further observatories. */
const [oracle, more] = [read('measures.json'), read('measures-more.json')]

function separationArcsec(a: readonly number[], b: readonly number[]): number {
  const u = toVector(a[0], a[1])
  const v = toVector(b[0], b[1])
  return Math.hypot(u[0] - v[0], u[1] - v[1], u[2] - v[2]) * (648_000 / Math.PI)
}

describe('catalogue frames', () => {
  const cases: [DirectionFrame, number][] = [
    ['ICRS', 1e-4],
    ['GALACTIC', 1e-4],
    ['B1950', 1e-4],
  ]
  it.each(cases)('%s agrees with casatools within %f arcsec', (frame, tolerance) => {
    const errors = [...oracle.directions_rad, ...more.directions_rad].map(each => {
      const [longitudeRad, latitudeRad] = each.j2000_rad
      const got = convertDirection({ frame: 'J2000', longitudeRad, latitudeRad }, frame, each.mjd_utc)
      return separationArcsec([got.longitudeRad, got.latitudeRad], each[frame] as number[])
    })
    const worst = Math.max(...errors)
    expect(errors).toHaveLength(218)
    expect(worst, `worst error ${worst} arcsec`).toBeLessThan(tolerance)
  })

  it('comes back from every frame', () => {
    for (const each of oracle.directions_rad) {
      for (const [frame] of cases) {
        const [longitudeRad, latitudeRad] = each.j2000_rad
        const there = convertDirection({ frame: 'J2000', longitudeRad, latitudeRad }, frame, each.mjd_utc)
        const back = convertDirection(there, 'J2000', each.mjd_utc)
        expect(separationArcsec([back.longitudeRad, back.latitudeRad], each.j2000_rad)).toBeLessThan(1e-4)
      }
    }
  })
})
