// A host with CASA and no Node.js: gclean here, its engine there, over five forwarded sockets of a Jupyter kernel.

import { cpSync, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findCasaPython } from '@cleanbeam/casa/node'
import type { SessionClient } from '@cleanbeam/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectToServer, untilIdle } from '../remote/far-client.ts'
import { type FarSession, sshOf, startFar } from '../remote/far-command.ts'
import {
  bareEnvironment,
  HOST,
  nodeCannotBeHidden,
  sshdIsMissing,
  startTestHost,
  type TestHost,
} from '../remote/sshd.ts'
import { readSequence, SHARED } from './recorded-sequence.ts'

const { ms, params } = readSequence('g_tp_cube_hogbom')
const options = Object.entries(params).flatMap(([name, value]) => [`--${name}`, String(value)])

describe.skipIf(!existsSync(SHARED) || nodeCannotBeHidden || sshdIsMissing())('CASA on a host without Node.js', () => {
  let host: TestHost
  let session: FarSession
  let client: SessionClient

  let bare: ReturnType<typeof bareEnvironment>

  beforeAll(async () => {
    bare = bareEnvironment()
    host = await startTestHost({ env: { ...bare.env, CLEANBEAM_CASA_PYTHON: await findCasaPython() } })
    const configuration = join(homedir(), '.casa')
    if (existsSync(configuration)) cpSync(configuration, join(host.home, '.casa'), { recursive: true })
    cpSync(join(SHARED, 'ms', ms), join(host.home, ms), { recursive: true })
  })

  afterAll(() => {
    client?.close()
    session?.signal('SIGKILL')
    host?.stop()
    bare?.remove()
  })

  it('images, cleans and restores; ssh killed in between changes nothing', async () => {
    session = await startFar(host, [
      ...['iclean', `${HOST}:${ms}`, '--imagename', 'far', '--engine', 'casa', '--mask', 'circle[[62pix,66pix],7pix]'],
      ...options,
    ])
    expect(session.stderr()).toMatch('has CASA but no Node.js')
    client = connectToServer(session.url)
    await untilIdle(client)
    const first = (await client.call('session.snapshot', {})).record
    expect(first?.chan['0']['0'].peakRes.at(-1)).toBeCloseTo(0.9751886129379272, 6)
    const step = client.call('gclean.next', {})
    await new Promise(resolve => setTimeout(resolve, 100))
    process.kill(sshOf(session)[0], 'SIGKILL')
    const { record } = await step
    expect(record?.nmajordone).toBe(1)
    expect(record?.niterdone).toBeGreaterThan(0)
    await client.call('gclean.restore', {})
    const tile = await client.call('plane.statistics', { suffix: '.image', channel: 0, stokes: 0 } as never)
    expect(tile.npts[0]).toBe(10000)
    expect(readdirSync(host.home)).toContain('far.image')
    await client.call('session.finish', { restore: false })
    expect(await session.ended).toBe(0)
    expect(readdirSync(host.runtimeDir)).toEqual([])
  })
})
