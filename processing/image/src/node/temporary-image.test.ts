import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageCube, ImageTool, PixelChunk } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImage, writeImage } from './image-file.ts'
import { openImage } from './image-tool.ts'
import { temporaryImage, temporaryImageOfShape } from './temporary-image.ts'

const archive = fileURLToPath(
  new URL('../../../../conformance/refs/native/lc_cube_velocity_lsrk.tar.gz', import.meta.url),
)
let folder: string
let path: string
let cube: ImageCube
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temporary-image-'))
  execFileSync('tar', ['xzf', archive, '-C', folder])
  const unmasked = await readImage(join(folder, 'lc_cube_velocity_lsrk.image'))
  const mask = Uint8Array.from(unmasked.pixels, (_, i) => (i % 7 === 0 ? 0 : 1))
  path = join(folder, 'masked.image')
  await writeImage(path, { ...unmasked, mask }, { format: 'casa' })
  cube = await readImage(path)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Everything the tool answers about an image, but its name and the time of writing. */
async function answers(tool: ImageTool): Promise<string[]> {
  const region = 'circle[[30pix,30pix],8pix]'
  const { name: _, ...summary } = await tool.summary()
  const { DATE: __, ...header } = await tool.fitsheader()
  const all = [
    await tool.shape(),
    await tool.maskhandler('get'),
    await tool.maskhandler('default'),
    await tool.coordsys(),
    await tool.toworld([3, 4, 0, 2]),
    await tool.getregion(region, { getmask: true }),
    header,
    await tool.getchunk({ blc: [10, 11, 0, 1], trc: [20, 19, 0, 2] }),
    await tool.statistics({ axes: [0, 1], robust: true }),
    await tool.statistics({ region }),
    summary,
    await tool.restoringbeam(),
  ]
  return all.map(answer => JSON.stringify(answer))
}

describe('temporary images', () => {
  it('answer as the image on disk does', async () => {
    const [ours, onDisk] = [await answers(temporaryImage(cube)), await answers(await openImage(path))]
    expect(ours.flatMap((answer, i) => (answer === onDisk[i] ? [] : [`answer ${i}: ${answer.slice(0, 300)}`]))).toEqual(
      [],
    )
  })

  it('change without touching disk or the cube they were made of, and are saved in both formats', async () => {
    const tool = temporaryImage(cube)
    await tool.putchunk({ shape: [2, 1, 1, 1], pixels: Float64Array.of(5, 6) }, [7, 8, 0, 1])
    const { pixels } = (await tool.getchunk({ blc: [7, 8, 0, 1], trc: [8, 8, 0, 1] })) as PixelChunk
    expect([...pixels]).toEqual([5, 6])
    expect(await readImage(path)).toEqual(cube)
    for (const name of ['saved.image', 'saved.fits']) {
      const saved = join(folder, name)
      await tool.save(saved)
      await expect(tool.save(saved)).rejects.toThrow(/overwrite/)
      await tool.save(saved, { overwrite: true })
      const again = await openImage(saved)
      expect((await again.statistics()).sum).toEqual((await tool.statistics()).sum)
      expect(existsSync(join(saved, 'table.dat'))).toBe(name === 'saved.image')
    }
    expect((await readImage(join(folder, 'saved.image'))).pixels).toEqual((await tool.cube()).pixels)
  })

  it('keep several masks', async () => {
    const tool = temporaryImage(cube)
    const masked = (await tool.statistics()).npts[0]
    await tool.maskhandler('copy', ['mask0', 'second'])
    await tool.maskhandler('set', [''])
    expect((await tool.statistics()).npts[0]).toBeGreaterThan(masked)
    expect((await tool.statistics({ region: 'second' })).npts[0]).toBe(masked)
    await tool.maskhandler('rename', ['second', 'third'])
    await tool.maskhandler('set', ['third'])
    expect((await tool.statistics()).npts[0]).toBe(masked)
    await expect(tool.maskhandler('copy', ['third', 'mask0'])).rejects.toThrow(/exists/)
    await tool.maskhandler('delete', [])
    expect([await tool.maskhandler('get'), await tool.maskhandler('default')]).toEqual([['T'], ['']])
  })

  it('begin with zeros when made of a shape', async () => {
    const tool = temporaryImageOfShape([4, 5, 1, 2], { ...cube.coordinates, stokes: ['I'] })
    expect((await tool.statistics()).sum).toEqual([0])
    await tool.putchunk(Array.from({ length: 40 }, (_, i) => i))
    expect((await tool.statistics()).sum).toEqual([780])
  })
})
