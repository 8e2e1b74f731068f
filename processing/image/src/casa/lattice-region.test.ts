import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ArrayValue, TableRecord } from '@cleanbeam/casatable'
import { openTable } from '@cleanbeam/casatable/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCasaRegion } from '../node/casa-image-file.ts'
import { openImage } from '../node/image-tool.ts'
import { latticeRegionPixels } from './lattice-region.ts'

// Made by casacore 3.5.0 with conformance/casa-images/make_region_images.cc; the keyword `truth` is casacore's answer.
const archive = fileURLToPath(new URL('../../../../conformance/refs/native/region-masks.tar.gz', import.meta.url))
let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lattice-regions-'))
  execFileSync('tar', ['xzf', archive, '-C', folder])
  path = join(folder, 'regions.image')
})
afterAll(() => rmSync(folder, { recursive: true }))

const KINDS =
  'ball box circle complement difference ellipse intersection nested pixels polygon stretched turned union'.split(' ')

function truthOf(name: string): Uint8Array {
  const table = openTable(path)
  const truth = (table.keywords.record('truth').get(name) as ArrayValue).data as Uint8Array
  table.close()
  return truth
}

describe('regions stored with an image', () => {
  it.each(KINDS)('%s covers the pixels casacore finds', name => {
    const [ours, truth] = [readCasaRegion(path, name), truthOf(name)]
    const differs = Array.from(truth.keys()).filter(i => ours[i] !== truth[i])
    expect(
      differs.map(i => `x ${i % 20} y ${Math.floor(i / 20) % 16} channel ${Math.floor(i / 320)}: ${ours[i]}`),
    ).toEqual([])
    expect(truth.includes(1) && truth.includes(0)).toBe(true)
  })

  it('are masks and regions of the image tool', async () => {
    const tool = await openImage(path)
    expect((await tool.maskhandler('get')).toSorted()).toEqual(KINDS)
    expect(await tool.maskhandler('default')).toEqual(['nested'])
    const count = (name: string) => truthOf(name).reduce((sum, value) => sum + value, 0)
    expect((await tool.statistics()).npts).toEqual([count('nested')])
    const both = truthOf('polygon').reduce((sum, value, i) => sum + (value & truthOf('nested')[i]), 0)
    for (const region of ['polygon', 'regions.image:polygon'])
      expect((await tool.statistics({ region })).npts).toEqual([both])
    await tool.maskhandler('copy', ['union', 'again'])
    await tool.maskhandler('set', ['again'])
    expect((await tool.statistics()).npts).toEqual([count('union')])
    await tool.maskhandler('delete', ['again'])
    await tool.maskhandler('set', ['nested'])
  })

  it('that are not of pixels, or do not fit, are refused by name', () => {
    const context = {
      shape: [20, 16, 1, 3],
      where: 'here',
      pagedMask: () => ({ shape: [1], inside: new Uint8Array(1) }),
    }
    const world = new TableRecord().set('name', 'string', 'WCPolygon')
    expect(() => latticeRegionPixels(world, context)).toThrow(/WCPolygon.*CRTF/)
    const box = new TableRecord().set('name', 'string', 'LCBox').set('oneRel', 'bool', true)
    for (const shape of [
      [20, 16],
      [20, 16, 1, 4],
      [2 ** 30, 2 ** 30, 1, 1],
      [0, 1, 1, 1],
    ]) {
      box
        .setVector('shape', 'float64', shape)
        .setVector(
          'blc',
          'float64',
          shape.map(() => 1),
        )
        .setVector('trc', 'float64', shape)
      expect(() => latticeRegionPixels(box, context)).toThrow(/expected a (lattice|region)/)
    }
  })
})
