import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeImage, FitsHeader, readImagePixels } from '../index.ts'
import { openFits, writeFileAtomically } from '../node.ts'

describe('files on disk', () => {
  let folder: string
  const pixels = Float32Array.from({ length: 64 }, (_, i) => i / 3)
  const parts = encodeImage({ shape: [8, 8], pixels, header: new FitsHeader() })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cleanbeam-fits-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are written beside and renamed, and read back', async () => {
    const path = join(folder, 'a.fits')
    await writeFile(path, 'an older file')
    await writeFileAtomically(path, parts)
    expect(await readdir(folder)).toEqual(['a.fits'])
    const file = await openFits(path)
    expect((await readImagePixels(file, file.hdus[0], 'float32')).pixels).toEqual(pixels)
    await file.close()
  })

  it('may be compressed', async () => {
    const path = join(folder, 'b.fits.gz')
    await writeFile(path, gzipSync(Buffer.concat(parts)))
    const file = await openFits(path)
    expect((await readImagePixels(file, file.hdus[0], 'float32')).pixels).toEqual(pixels)
    await file.close()
    await writeFile(path, (await readFile(path)).subarray(0, 60))
    await expect(openFits(path)).rejects.toThrow(/complete gzip file/)
  })

  it('change their state key when they change', async () => {
    const path = join(folder, 'c.fits')
    await writeFileAtomically(path, parts)
    const first = await openFits(path)
    await writeFileAtomically(path, parts)
    const second = await openFits(path)
    expect(second.stateKey).not.toBe(first.stateKey)
    await first.close()
    await second.close()
  })

  it('are refused by path when they cannot be read or written', async () => {
    await expect(openFits(join(folder, 'none.fits'))).rejects.toThrow(/no such file \(.*none.fits\)/)
    await mkdir(join(folder, 'dir'))
    await expect(openFits(join(folder, 'dir'))).rejects.toThrow(/a directory/)
    await expect(writeFileAtomically(join(folder, 'missing', 'x.fits'), parts)).rejects.toThrow(/no such folder/)
    expect(await readdir(folder)).not.toContain('x.fits')
  })
})
