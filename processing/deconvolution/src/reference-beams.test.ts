import { describe, expect, it } from 'vitest'
import { referencePsfs } from './node/reference-psf.reference.ts'
import { fitRestoringBeam, maxPsfSidelobe } from './restoring-beam-fit.ts'

const RAD = Math.PI / 180

describe('beams and side lobes of CASA’s point spread functions', () => {
  const references = referencePsfs()

  it('has references to compare with', () => {
    expect(references.length).toBeGreaterThanOrEqual(2)
  })

  it('fits the beams that CASA fitted', () => {
    const worst = { axis: 0, angleDeg: 0, where: '' }
    for (const { name, nx, ny, cellDeg, planes, beams } of references) {
      planes.forEach((plane, k) => {
        const beam = fitRestoringBeam(plane, nx, ny, [cellDeg * RAD, cellDeg * RAD])
        if (beam === null) return
        const want = beams[Math.min(k, beams.length - 1)]
        const major = Math.abs(beam.majorRad / (want.majorDeg * RAD) - 1)
        const minor = Math.abs(beam.minorRad / (want.minorDeg * RAD) - 1)
        const angle = Math.abs(Math.sin(beam.positionAngleRad - want.angleDeg * RAD)) / RAD
        if (Math.max(major, minor) > worst.axis) Object.assign(worst, { where: `${name} plane ${k}` })
        worst.axis = Math.max(worst.axis, major, minor)
        worst.angleDeg = Math.max(worst.angleDeg, angle)
      })
    }
    expect(worst.axis, `axes off by ${worst.axis} (${worst.where})`).toBeLessThan(1e-5)
    expect(worst.angleDeg, `angle off by ${worst.angleDeg}`).toBeLessThan(0.01)
  })

  it('measures the side lobes that CASA measured', () => {
    const largest = new Map<string, { want: number; got: number }>()
    for (const { name, nx, ny, cellDeg, planes, maxPsfSidelobe: want } of references) {
      if (want === 0) continue
      const cell: [number, number] = [cellDeg * RAD, cellDeg * RAD]
      const lobes = planes.map(plane => {
        const beam = fitRestoringBeam(plane, nx, ny, cell)
        return beam === null ? 0 : maxPsfSidelobe(plane, nx, ny, cell, beam)
      })
      // A run with several fields reports the largest of all.
      largest.set(name, { want, got: Math.max(largest.get(name)?.got ?? 0, ...lobes) })
    }
    const worst = Math.max(...[...largest.values()].map(({ want, got }) => Math.abs(got / want - 1)))
    expect(largest.size).toBeGreaterThanOrEqual(1)
    expect(worst, `side lobes off by ${worst}`).toBeLessThan(1e-4)
  })
})
