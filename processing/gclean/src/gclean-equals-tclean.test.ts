import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readImage } from '@cleanbeam/image/node'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GcleanInput } from './gclean.ts'
import { gclean } from './gclean-session.ts'
import { openSessionFolder } from './node/session-folder.ts'

const VIS = fileURLToPath(new URL('../../../examples/m87/m87.uvfits', import.meta.url))
const MASK = 'circle[[32pix,32pix],12pix]'

let folder = ''
let base: GcleanInput = { vis: VIS, imagename: '' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-equal-'))
  base = { vis: VIS, imagename: '', imsize: 64, cell: '0.3marcsec', pblimit: -0.01, niter: 60, cycleniter: 20 }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/**
 * Steps through a run with another engine and session for every step, and images restored in the middle, as someone does
 * who comes back every day.
 */
async function cleanInSittings(parameters: GcleanInput): Promise<void> {
  const { imagename } = parameters
  for (let sitting = 0; sitting < 50; sitting++) {
    const session = gclean(createNativeEngine(), parameters, { session: openSessionFolder(imagename) })
    const first = await session.next()
    const isResumed = sitting > 0
    const record = isResumed && first.value?.stopcode === 0 ? (await session.next()).value : first.value
    const ended = record === undefined || record.stopcode !== 0
    if (ended) await session.restore()
    await session.close()
    if (ended) return
  }
  throw new Error('the run did not end')
}

/** One session that restores after its second step and goes on. */
async function cleanWithRestoration(parameters: GcleanInput): Promise<void> {
  const session = gclean(createNativeEngine(), parameters)
  let steps = 0
  for await (const _record of session) if (++steps === 3) await session.restore()
  await session.restore()
  await session.close()
}

async function differing(a: string, b: string, suffixes: readonly string[]): Promise<string[]> {
  const different: string[] = []
  for (const suffix of suffixes) {
    const [left, right] = [await readImage(`${a}${suffix}.fits`), await readImage(`${b}${suffix}.fits`)]
    if (!Buffer.from(left.pixels.buffer).equals(Buffer.from(right.pixels.buffer))) different.push(suffix)
  }
  return different
}

describe('a run in steps', () => {
  it.each<[string, Partial<GcleanInput>]>([
    ['hogbom', { deconvolver: 'hogbom' }],
    ['clark', { deconvolver: 'clark' }],
    ['clarkstokes', { deconvolver: 'clarkstokes' }],
    ['multiscale', { deconvolver: 'multiscale', scales: [0, 3] }],
    ['mem', { deconvolver: 'mem', niter: 12, cycleniter: 4 }],
    ['asp', { deconvolver: 'asp', niter: 20, cycleniter: 8 }],
    ['hogbom with nsigma', { nsigma: 3, niter: 1000 }],
    ['hogbom with weights and taper', { weighting: 'briggs', robust: 0, uvtaper: ['0.5marcsec'] }],
  ])('is bit-equal to tclean: %s', async (_name, changes) => {
    const parameters = { ...base, mask: MASK, ...changes }
    const names = ['whole', 'sittings', 'restored'].map(name => join(folder, name))
    await createNativeEngine().tclean({ ...parameters, imagename: names[0] })
    await cleanInSittings({ ...parameters, imagename: names[1] })
    await cleanWithRestoration({ ...parameters, imagename: names[2] })
    const suffixes = ['.mask', '.model', '.residual', '.image']
    expect(await differing(names[0], names[1], suffixes)).toEqual([])
    expect(await differing(names[0], names[2], suffixes)).toEqual([])
  })

  it('is bit-equal to tclean with Taylor terms', async () => {
    const parameters: GcleanInput = { ...base, mask: MASK, deconvolver: 'mtmfs', nterms: 1, scales: [0, 3] }
    const names = ['whole', 'sittings'].map(name => join(folder, name))
    await createNativeEngine().tclean({ ...parameters, imagename: names[0] })
    await cleanInSittings({ ...parameters, imagename: names[1] })
    expect(await differing(names[0], names[1], ['.model.tt0', '.residual.tt0', '.image.tt0'])).toEqual([])
  })

  it('is bit-equal to tclean with automatic masks', async () => {
    const parameters: GcleanInput = { ...base, usemask: 'auto-multithresh', noisethreshold: 3, negativethreshold: 4 }
    const names = ['whole', 'sittings'].map(name => join(folder, name))
    await createNativeEngine().tclean({ ...parameters, imagename: names[0] })
    await cleanInSittings({ ...parameters, imagename: names[1] })
    expect(await differing(names[0], names[1], ['.mask', '.model', '.residual', '.image'])).toEqual([])
  })

  it('is bit-equal to tclean with outlier fields, and records each of them', async () => {
    const names = ['whole', 'sittings'].map(name => join(folder, name))
    for (const name of names) {
      const lines = [
        `imagename=${name}_out`,
        'imsize=48',
        'cell=0.3marcsec',
        'phasecenter=J2000 12h30m49.4235s +12d23m28.05s',
        'mask=circle[[24pix,24pix],8pix]',
      ]
      writeFileSync(`${name}.txt`, lines.join('\n'))
    }
    const parameters: GcleanInput = { ...base, mask: MASK }
    await createNativeEngine().tclean({ ...parameters, imagename: names[0], outlierfile: `${names[0]}.txt` })
    const own = { ...parameters, imagename: names[1], outlierfile: `${names[1]}.txt` }
    await cleanInSittings(own)
    const suffixes = ['.model', '.residual', '.image', '_out.model', '_out.residual', '_out.image']
    expect(await differing(names[0], names[1], suffixes)).toEqual([])
    const saved = await openSessionFolder(names[1]).load()
    expect(saved?.record?.fields.map(({ imagename }) => imagename)).toEqual([names[1], `${names[1]}_out`])
    expect(saved?.record?.fields[1].chan['0']['0'].iterations.length).toBeGreaterThan(1)
  })
})
