import { describe, expect, it } from 'vitest'
import { fitRestoringBeam, maxPsfSidelobe } from './restoring-beam-fit.ts'
import { gaussianPlane } from './test-plane.reference.ts'

const CELL: readonly [number, number] = [1e-6, 1e-6]

describe('fitRestoringBeam', () => {
  it.each([
    [30, 12, Math.PI / 2, 1e-6],
    [28, 20, 0.3, 1e-6],
    // Smaller lobes are resampled, as CASA does; cubic convolution narrows them a little.
    [20, 5, -1.2, 2e-3],
    [12, 7, 0.3, 1e-3],
    [14, 14, 0, 1e-3],
  ])('finds a Gaussian of %f × %f pixels at %f rad', (major, minor, angle, tolerance) => {
    const beam = fitRestoringBeam(gaussianPlane(96, 80, major, minor, angle), 96, 80, CELL)
    expect(beam).not.toBeNull()
    expect(Math.abs(beam!.majorRad / CELL[0] / major - 1)).toBeLessThan(tolerance)
    expect(Math.abs(beam!.minorRad / CELL[0] / minor - 1)).toBeLessThan(tolerance)
    if (major > minor) expect(Math.abs(Math.sin(beam!.positionAngleRad - angle))).toBeLessThan(tolerance)
  })

  it.each([
    [3.2, 2.6, 0.5],
    [2.4, 2.2, 1],
  ])('finds a beam of %f × %f pixels to 2 %', (major, minor, angle) => {
    const beam = fitRestoringBeam(gaussianPlane(64, 64, major, minor, angle), 64, 64, CELL)!
    expect(Math.abs(beam.majorRad / CELL[0] / major - 1)).toBeLessThan(0.02)
    expect(Math.abs(beam.minorRad / CELL[0] / minor - 1)).toBeLessThan(0.02)
    expect(Math.abs(Math.sin(beam.positionAngleRad - angle))).toBeLessThan(0.05)
  })

  it('answers null for a plane without data and for NaN', () => {
    expect(fitRestoringBeam(new Float32Array(32 * 32), 32, 32, CELL)).toBeNull()
    expect(fitRestoringBeam(new Float32Array(32 * 32).fill(Number.NaN), 32, 32, CELL)).toBeNull()
  })

  it('says what is wrong with a PSF that has no lobe, and with a cutoff out of range', () => {
    const spike = new Float32Array(1)
    spike[0] = 1
    expect(() => fitRestoringBeam(spike, 1, 1, CELL)).toThrow(/main lobe/)
    expect(() => fitRestoringBeam(gaussianPlane(32, 32, 5, 5, 0), 32, 32, CELL, { cutoff: 1.2 })).toThrow(/psfcutoff/)
  })

  it('measures the larger of the highest side lobe and the deepest negative', () => {
    const psf = gaussianPlane(96, 96, 14, 10, 0.4)
    const beam = fitRestoringBeam(psf, 96, 96, CELL)!
    expect(maxPsfSidelobe(psf, 96, 96, CELL, beam)).toBeLessThan(1e-4)
    psf[5] = 0.2
    expect(maxPsfSidelobe(psf, 96, 96, CELL, beam)).toBeCloseTo(0.2, 6)
    psf[90] = -0.3
    expect(maxPsfSidelobe(psf, 96, 96, CELL, beam)).toBeCloseTo(0.3, 6)
  })
})
