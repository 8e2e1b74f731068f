import { describe, expect, it } from 'vitest'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'
import { principalResiduals, spectralImages } from './spectral-images.ts'

const RUN = 'wb_mtmfs_nt2'
const read = (suffix: string) => readFitsPlanes(referencePath(RUN, suffix) as string)

describe('spectral images', () => {
  it.skipIf(referencePath(RUN, '.alpha') === null)('alpha and its error are those of CASA, pixel by pixel', () => {
    const { nx, ny } = read('.image.tt0')
    const plane = (suffix: string) => read(suffix).planes[0]
    const psf = ['.psf.tt0', '.psf.tt1', '.psf.tt2'].map(plane)
    const restored = ['.image.tt0', '.image.tt1'].map(plane)
    const principal = principalResiduals(['.residual.tt0', '.residual.tt1'].map(plane), psf, nx, ny)
    const { alpha, alphaError, beta, valid } = spectralImages(restored, principal)
    const [wanted, wantedError] = ['.alpha', '.alpha.error'].map(plane)
    expect(beta).toBeNull()
    let worst = 0
    let worstError = 0
    let differing = 0
    valid.forEach((value, j) => {
      if ((value === 1) !== Number.isFinite(wanted[j])) differing++
      if (value === 0 || !Number.isFinite(wanted[j])) return
      worst = Math.max(worst, Math.abs(alpha[j] - wanted[j]))
      worstError = Math.max(worstError, Math.abs(alphaError[j] / wantedError[j] - 1))
    })
    expect(differing).toBe(0)
    expect(worst).toBeLessThan(5e-6)
    expect(worstError).toBeLessThan(1e-3)
  })

  it('gives the curvature with three terms, and nothing where the primary beam is low', () => {
    const plane = (value: number) => new Float32Array(4).fill(value)
    const alpha = -0.7
    const beta = 0.2
    const restored = [plane(2), plane(2 * alpha), plane(2 * (beta + (alpha * (alpha - 1)) / 2))]
    const principal = [plane(0.1), plane(0.02), plane(0)]
    const images = spectralImages(restored, principal, Uint8Array.from([1, 1, 0, 1]))
    expect([...images.valid]).toEqual([1, 1, 0, 1])
    expect(Math.abs(images.alpha[0] - alpha)).toBeLessThan(1e-6)
    expect(Math.abs((images.beta as Float32Array)[3] - beta)).toBeLessThan(1e-6)
    expect(Math.abs(images.alphaError[0] - Math.hypot(0.01, 0.035))).toBeLessThan(1e-6)
    expect(images.alpha[2]).toBe(0)
  })

  it('refuses a single term and terms that the data do not fix', () => {
    const plane = new Float32Array(4).fill(1)
    expect(() => spectralImages([plane], [plane])).toThrow(/at least two/)
    expect(() => principalResiduals([plane, plane], [plane, plane, plane], 2, 2)).toThrow(/singular/)
  })
})
