// A whole session with CASA as engine, on this machine and on another one: the recorded course, and the page's calls.

import { cpSync, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findCasaPython } from '@cleanbeam/casa/node'
import type { SessionClient } from '@cleanbeam/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectToServer, untilIdle } from '../remote/far-client.ts'
import { type FarSession, runFar, startFar } from '../remote/far-command.ts'
import { HOST, sshdIsMissing, startTestHost, type TestHost } from '../remote/sshd.ts'
import { circlesOf, readSequence, SHARED } from './recorded-sequence.ts'

const { ms, params, calls } = readSequence('g_tp_cube_hogbom')
const options = Object.entries(params).flatMap(([name, value]) => [`--${name}`, String(value)])

describe.skipIf(!existsSync(SHARED) || sshdIsMissing())('a session with CASA as engine', () => {
  let host: TestHost
  let session: FarSession | null = null

  beforeAll(async () => {
    host = await startTestHost({ env: { CLEANBEAM_CASA_PYTHON: await findCasaPython() } })
    for (const folder of [host.home, host.folder]) cpSync(join(SHARED, 'ms', ms), join(folder, ms), { recursive: true })
    // CASA looks for its data tables by the configuration in the home folder.
    const configuration = join(homedir(), '.casa')
    if (existsSync(configuration)) cpSync(configuration, join(host.home, '.casa'), { recursive: true })
    expect(runFar(host, ['remote', 'install', HOST]).status).toBe(0)
  })
  afterAll(async () => {
    session?.signal('SIGKILL')
    if (host) runFar(host, ['remote', 'stop', HOST, '--all'])
    host?.stop()
  })

  it.each([
    ['on this machine', '', () => host.folder],
    ['on another host, over ssh', `${HOST}:`, () => host.home],
  ])('%s takes the recorded course', async (_where, prefix, folder) => {
    session = await startFar(host, ['iclean', `${prefix}${ms}`, '--imagename', 'casa', '--engine', 'casa', ...options])
    const client = connectToServer(session.url)
    await untilIdle(client)
    await follow(client)
    const { engine, log, products } = await client.call('session.snapshot', {})
    expect(engine.name).toBe('casa')
    expect(engine.version).toMatch(/^\d+\.\d+/)
    expect(log.some(({ text }) => /tclean\(/.test(text))).toBe(true)
    expect(products.map(({ suffix }) => suffix)).toEqual(
      expect.arrayContaining(['.image', '.psf', '.residual', '.mask']),
    )
    expect(readdirSync(join(folder(), 'casa.image'))).toContain('table.dat')
    await client.call('session.finish', { restore: false })
    expect(await session.ended).toBe(0)
    expect(readdirSync(folder()).filter(name => name.endsWith('.log'))).toEqual([])
  })
})

/** Steps, mask edits and updates as recorded. */
async function follow(client: SessionClient): Promise<void> {
  let isFirst = true
  for (const call of calls) {
    if ('mask' in call) {
      for (const [i, { x, y, radius }] of circlesOf(call.mask).entries()) {
        const region = { shape: 'circle', centre: [x, y], radius } as const
        await client.call('mask.edit', { op: i === 0 ? 'set' : 'add', region, channels: 'all', stokes: 'all' } as never)
      }
    } else if (call.step[0] === 'restore') await client.call('gclean.restore', {})
    else if (call.step[0] === 'update') await client.call('gclean.update', { parameters: call.step[1] })
    else if ('yielded' in call) {
      // The session has made the first step by itself.
      if (!isFirst) await client.call('gclean.next', {})
      isFirst = false
      const { record } = await client.call('session.snapshot', {})
      const [, stopcode, , nmajorleft, niterleft, { chan }] = call.yielded
      expect(record).toMatchObject({ stopcode, nmajorleft, niterleft })
      for (const [channel, planes] of Object.entries(chan)) {
        const ours = record?.chan[channel]['0'].peakRes.at(-1)
        expect(ours).toBeCloseTo(planes['0'].peakRes.at(-1) as number, 6)
      }
    }
  }
}
