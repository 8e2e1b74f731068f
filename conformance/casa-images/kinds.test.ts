import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openImage, readImage, writeImage } from '@cleanbeam/image/node'
import type { ImageTool, PixelChunk } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Recorded {
  readonly names: string[]
  readonly units: string[]
  readonly px: number[][]
  readonly w: number[][]
  readonly v: number[]
  readonly masks: string[]
  readonly dm: string[]
  readonly st: [npts: number, sum: number]
}

const refs = join(import.meta.dirname, '../refs')
const { images } = JSON.parse(readFileSync(join(refs, 'oracles/image-kinds.json'), 'utf8')) as {
  images: Record<string, Recorded>
}
const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-kinds-'))
beforeAll(() => execFileSync('tar', ['xzf', join(refs, 'native/casatools-kinds.tar.gz'), '-C', folder]))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Our axis (x, y, Stokes, channel) of an axis of the image. */
function axisOf(name: string): number {
  if (name === 'Stokes') return 2
  if (name === 'Frequency') return 3
  return /Declination|Latitude/.test(name) ? 1 : 0
}

async function compare(tool: ImageTool, casa: Recorded, pixelTolerance: number): Promise<void> {
  const axes = casa.names.map(axisOf)
  for (const [k, pixel] of casa.px.entries()) {
    const ours = [0, 0, 0, 0]
    axes.forEach((axis, i) => {
      ours[axis] = pixel[i]
    })
    const { numeric } = await tool.toworld(ours)
    axes.forEach((axis, i) => {
      const expected = casa.w[k][i] * (casa.units[i] === "'" ? Math.PI / 10_800 : 1)
      const error = axis === 0 ? 2 * Math.sin((numeric[0] - expected) / 2) : numeric[axis] - expected
      expect(Math.abs(error), `${casa.names[i]} of pixel ${pixel}`).toBeLessThanOrEqual(1e-14 * Math.max(1, expected))
    })
    const { pixels } = (await tool.getchunk({ blc: ours, trc: ours })) as PixelChunk
    expect(Math.abs(pixels[0] - casa.v[k])).toBeLessThanOrEqual(pixelTolerance)
  }
  const statistics = await tool.statistics()
  expect(statistics.npts[0]).toBe(casa.st[0])
  expect(Math.abs(statistics.sum[0] - casa.st[1])).toBeLessThanOrEqual(pixelTolerance * statistics.npts[0])
}

describe('images of all kinds that casatools makes', () => {
  it.each(Object.keys(images))('%s', async name => {
    const path = join(folder, name)
    const tool = await openImage(path)
    expect(await tool.maskhandler('get')).toEqual(images[name].masks)
    expect(await tool.maskhandler('default')).toEqual(images[name].dm)
    // Double precision becomes single.
    const tolerance = name.includes('double') ? 1e-6 : 0
    await compare(tool, images[name], tolerance)
    const copy = join(folder, `copy of ${name}`)
    await writeImage(copy, await readImage(path), { format: 'casa' })
    await compare(await openImage(copy), images[name], tolerance)
  })
})
