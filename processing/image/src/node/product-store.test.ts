import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageCube } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createImage } from '../image-cube.ts'
import { readImage, writeImage } from './image-file.ts'
import { loadMask } from './mask-source.ts'
import { openProductStore } from './product-store.ts'

const refs = fileURLToPath(new URL('../../../../conformance/refs/image/', import.meta.url))
let folder: string
let image: ImageCube
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'product-store-'))
  image = await readImage(`${refs}lc_cube_velocity_lsrk.image.fits.gz`)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('product store', () => {
  it('answers what was written, and rereads only what changed on disk', async () => {
    const store = openProductStore(join(folder, 'new', 'try'))
    expect(await store.list()).toEqual({})
    expect(await store.readIfPresent('.residual')).toBeNull()
    await store.write('.residual', image)
    await store.write('.image.pbcor', image)
    await writeImage(join(folder, 'new', 'try.2.image.fits'), image)
    expect(await store.read('.residual')).toBe(image)
    expect(Object.keys(await store.list())).toEqual(['.image.pbcor', '.residual'])
    expect(readdirSync(join(folder, 'new')).filter(name => !name.endsWith('.fits'))).toEqual([])

    const key = await store.stateKey('.residual')
    const changed = { ...image, pixels: image.pixels.map(value => value + 1) }
    await writeImage(store.path('.residual'), changed)
    expect(await store.stateKey('.residual')).not.toBe(key)
    const reread = await store.read('.residual')
    expect(reread.pixels).toEqual(changed.pixels)
    expect(await store.read('.residual')).toBe(reread)
    utimesSync(store.path('.residual'), 1, 1)
    expect(await store.read('.residual')).not.toBe(reread)

    await store.remove('.residual')
    expect(await store.exists('.residual')).toBe(false)
    await expect(store.read('.residual')).rejects.toThrow(/no such file/)
  })

  it('says why a folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(openProductStore(join(folder, 'file', 'x')).write('.psf', image)).rejects.toThrow()
  })
})

describe('loadMask', () => {
  const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0)

  it('takes text, region files, and several sources', async () => {
    const path = join(folder, 'r.crtf')
    writeFileSync(path, '#CRTFv0\ncircle[[36pix,33pix],6pix]\n-circle[[36pix,33pix],3pix]\n')
    const { coordinates, shape } = image
    expect(count(await loadMask(path, coordinates, shape))).toBe(84 * 12)
    expect(count(await loadMask([path, 'circle[[36pix,33pix],3pix]'], coordinates, shape))).toBe(113 * 12)
    await expect(loadMask(join(folder, 'none'), coordinates, shape)).rejects.toThrow(/got neither/)
    writeFileSync(path, 'something else')
    await expect(loadMask(path, coordinates, shape)).rejects.toThrow(/a region file/)
  })

  it('brings mask images of other grids to the image by the nearest pixel on the sky', async () => {
    // Half the cell size, one channel, Stokes I: a disc of 8 pixels radius around pixel (20, 30).
    const { coordinates } = image
    const { direction } = coordinates
    const fine = {
      ...coordinates,
      direction: {
        ...direction,
        incrementRad: [direction.incrementRad[0] / 2, direction.incrementRad[1] / 2] as const,
        referencePixel: [direction.referencePixel[0] * 2, direction.referencePixel[1] * 2] as const,
      },
    }
    const pixels = Float32Array.from({ length: 144 * 144 }, (_, i) =>
      Math.hypot((i % 144) - 40, Math.floor(i / 144) - 60) <= 16.2 ? 1 : 0,
    )
    const path = join(folder, 'mask.fits')
    await writeImage(path, createImage([144, 144, 1, 1], fine, { pixels }))
    const mask = await loadMask(path, coordinates, image.shape)
    const expected = Uint8Array.from(mask, (_, i) => {
      const [x, y] = [i % 72, Math.floor(i / 72) % 72]
      return Math.hypot(x - 20, y - 30) <= 8.1 ? 1 : 0
    })
    expect(mask).toEqual(expected)
    expect(count(mask)).toBeGreaterThan(0)
  })
})
