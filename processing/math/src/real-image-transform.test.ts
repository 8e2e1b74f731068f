import { describe, expect, it } from 'vitest'
import { createHermitianGrid, fillGuards, foldGuards } from './hermitian-grid.ts'
import { createPacer } from './pacer.ts'
import { createRealImageTransform, gridToImage, imageToGrid } from './real-image-transform.ts'
import { seededRandom } from './seeded-random.reference.ts'

interface Entry {
  k: number
  l: number
  re: number
  im: number
}

function randomEntries(nX: number, nY: number, guard: number, count: number, seed: number): Entry[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => ({
    k: Math.floor(random() * (nX / 2 + 1 + 2 * guard)) - guard,
    l: Math.floor(random() * nY),
    re: random() - 0.5,
    im: random() - 0.5,
  }))
}

describe.each([
  { nx: 12, ny: 10, nX: 24, nY: 20, guard: 3 },
  { nx: 9, ny: 7, nX: 18, nY: 16, guard: 2 },
  { nx: 1, ny: 1, nX: 16, nY: 16, guard: 3 },
])('real image $nx × $ny in a grid of $nX × $nY', ({ nx, ny, nX, nY, guard }) => {
  const transform = createRealImageTransform(nx, ny, nX, nY)
  const entries = randomEntries(nX, nY, guard, 60, nx)

  it('is the real part of the direct sum over what was added to the grid', async () => {
    const grid = createHermitianGrid(nX, nY, guard)
    for (const { k, l, re, im } of entries) {
      grid.re[(k + guard) * nY + l] += re
      grid.im[(k + guard) * nY + l] += im
    }
    foldGuards(grid)
    const image = new Float64Array(nx * ny)
    await gridToImage(transform, grid, image, createPacer())
    let worst = 0
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let want = 0
        for (const { k, l, re, im } of entries) {
          const angle = -2 * Math.PI * ((k * (x - (nx >> 1))) / nX + (l * (y - (ny >> 1))) / nY)
          want += re * Math.cos(angle) - im * Math.sin(angle)
        }
        worst = Math.max(worst, Math.abs(image[x + nx * y] - want))
      }
    }
    expect(worst, `worst difference ${worst}`).toBeLessThan(2e-13)
  })

  it('has imageToGrid as its adjoint', async () => {
    const random = seededRandom(99)
    const image = Float64Array.from({ length: nx * ny }, () => random() - 0.5)
    const grid = createHermitianGrid(nX, nY, guard)
    await imageToGrid(transform, image, grid, createPacer())
    fillGuards(grid)
    let worst = 0
    for (let k = -guard; k <= nX / 2 + guard; k++) {
      for (let l = 0; l < nY; l++) {
        let re = 0
        let im = 0
        for (let y = 0; y < ny; y++) {
          for (let x = 0; x < nx; x++) {
            const angle = 2 * Math.PI * ((k * (x - (nx >> 1))) / nX + (l * (y - (ny >> 1))) / nY)
            re += image[x + nx * y] * Math.cos(angle)
            im += image[x + nx * y] * Math.sin(angle)
          }
        }
        const at = (k + guard) * nY + l
        worst = Math.max(worst, Math.abs(grid.re[at] - re), Math.abs(grid.im[at] - im))
      }
    }
    expect(worst, `worst difference ${worst}`).toBeLessThan(1e-13)
  })
})
