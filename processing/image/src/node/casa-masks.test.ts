import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageTool, PixelChunk } from '@cleanbeam/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openImage } from './image-tool.ts'
import { imhead } from './tasks/imhead.ts'

const archive = fileURLToPath(
  new URL('../../../../conformance/refs/native/lc_cube_velocity_lsrk.tar.gz', import.meta.url),
)
let folder: string
let path: string
let tool: ImageTool
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casa-masks-'))
  execFileSync('tar', ['xzf', archive, '-C', folder])
  path = join(folder, 'lc_cube_velocity_lsrk.image')
  tool = await openImage(path)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('pixel masks of a CASA image', () => {
  // The steps and answers are those of casatools 6.7.0 on the same image.
  it('answer as maskhandler does', async () => {
    const state = async () => [await tool.maskhandler('get'), await tool.maskhandler('default')]
    expect(await state()).toEqual([['mask0'], ['mask0']])
    expect(await tool.maskhandler('copy', ['mask0', 'second'])).toEqual(['T'])
    expect(await state()).toEqual([['mask0', 'second'], ['mask0']])
    await tool.maskhandler('set', ['second'])
    expect(await state()).toEqual([['mask0', 'second'], ['second']])
    await tool.maskhandler('rename', ['second', 'third'])
    expect(await state()).toEqual([['mask0', 'third'], ['third']])
    await tool.maskhandler('set', [''])
    expect(await state()).toEqual([['mask0', 'third'], ['']])
    await expect(tool.maskhandler('set', ['nope'])).rejects.toThrow(/mask0, third, got 'nope'/)
    await tool.maskhandler('delete', ['third'])
    expect(await state()).toEqual([['mask0'], ['']])
    await tool.maskhandler('rename', ['mask0', 'third'])
    expect(await state()).toEqual([['third'], ['']])
    await expect(tool.maskhandler('copy', ['third', 'third'])).rejects.toThrow(/exists/)
    await expect(tool.maskhandler('copy', ['third', '../x'])).rejects.toThrow(/2 mask names/)
    await tool.maskhandler('copy', ['third', 'a'])
    await tool.maskhandler('set', ['a'])
    await tool.maskhandler('delete', ['a'])
    expect(await state()).toEqual([['third'], ['']])
    expect((await tool.summary()).masks).toEqual(['third'])
  })

  it('decide which pixels count', async () => {
    const masked = (await tool.statistics()).npts
    await tool.maskhandler('set', [''])
    const all = (await tool.statistics()).npts
    expect(all).toEqual([62_208])
    await tool.maskhandler('set', ['mask0'])
    expect((await tool.statistics()).npts).toEqual(masked)
  })

  it('stay when pixels or the header change', async () => {
    await tool.maskhandler('copy', ['mask0', 'other'])
    await tool.maskhandler('set', ['other'])
    await tool.putchunk([7], [3, 4, 0, 5])
    expect([...((await tool.getchunk({ blc: [3, 4, 0, 5], trc: [3, 4, 0, 5] })) as PixelChunk).pixels]).toEqual([7])
    await imhead({ imagename: path, mode: 'put', hdkey: 'observer', hdvalue: 'someone' })
    expect(await tool.maskhandler('get')).toEqual(['mask0', 'other'])
    expect(await tool.maskhandler('default')).toEqual(['other'])
  })
})
