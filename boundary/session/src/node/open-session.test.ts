import { copyFile, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, memoryTransportPair } from '@cleanbeam/channel'
import { decodeRuns, type SessionClient, type SessionSnapshot } from '@cleanbeam/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionHost } from '../session-host.ts'
import { openSession } from './open-session.ts'

const UVFITS = join(import.meta.dirname, '../../../../examples/m87/m87.uvfits')

let folder: string
let host: SessionHost

const parameters = (imagename: string) => ({
  vis: join(folder, 'm87.uvfits'),
  imagename,
  imsize: 128,
  cell: '0.2marcsec',
  weighting: 'briggs',
  robust: 0.5,
  niter: 300,
  cycleniter: 50,
  threshold: '1mJy',
})

function join_(host: SessionHost): SessionClient {
  return connectSession({
    async connect() {
      const [near, far] = memoryTransportPair()
      host.accept(far)
      return near
    },
    limits: { heartbeatMs: 0 },
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cleanbeam-session-'))
  await copyFile(UVFITS, join(folder, 'm87.uvfits'))
  host = await openSession({ parameters: parameters(join(folder, 'm87')), firstStep: false })
})
afterEach(() => host.close('test over'))

describe('a session on M87', () => {
  it('runs', async () => {
    const client = join_(host)
    const phases: string[] = []
    client.on('phase', ({ name }) => phases.push(name))
    const first = await client.call('gclean.next', {})
    expect(first.record?.stopcode).toBe(0)
    const snapshot: SessionSnapshot = await client.call('session.snapshot', {})
    console.log(
      snapshot.products.map(p => `${p.suffix} ${p.generation} ${p.shape} ${p.unit}`),
      snapshot.log.map(l => l.level + ' ' + l.text),
      snapshot.masks,
      snapshot.phase,
    )
    const state = await client.call('mask.edit', {
      op: 'add',
      region: {
        shape: 'box',
        corners: [
          [50, 50],
          [78, 78],
        ],
      },
    })
    console.log(state)
    const plane = await client.call('mask.get', {})
    expect(decodeRuns(plane.runs, 128 * 128).reduce((a, b) => a + b, 0)).toBe(29 * 29)
    const second = await client.call('gclean.next', {})
    console.log(second.record)
    const run = await client.call('gclean.run', {})
    console.log(run.record?.stopcode, run.record?.stopDescription, run.done)
    const images = await client.call('gclean.restore', {})
    console.log(images, phases)
    const stats = await client.call('plane.statistics', { suffix: '.image' })
    console.log(stats)
    const tile = await client.call('tile.get', { suffix: '.image', generation: 1, level: 0, tx: 0, ty: 0 })
    console.log(tile.width, tile.height)
  })
})
