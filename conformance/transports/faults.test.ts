// What goes wrong on the way to a session, made to go wrong.

import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, openedWebSocket } from '@cleanbeam/channel'
import { startKernelSession } from '@cleanbeam/jupyter'
import { type RunningKernel, startKernel } from '@cleanbeam/jupyter/node'
import type { ConnectionState, SessionClient } from '@cleanbeam/protocol'
import { startServer } from '@cleanbeam/server/node'
import type { JsonObject } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { repositoryRoot } from '../structure/source-graph.ts'
import { openStdioBridge, packageIsMissing, startWorker } from './backends.ts'
import { startFaultyProxy } from './faulty-proxy.ts'

const skip = packageIsMissing()
const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

let folder: string
const parametersFor = (imagename: string, changes: JsonObject = {}): JsonObject => ({
  vis: join(folder, 'm87.uvfits'),
  imagename: join(folder, imagename),
  imsize: 128,
  cell: '0.2marcsec',
  niter: 400,
  cycleniter: 30,
  mask: 'circle[[64pix,64pix],30pix]',
  ...changes,
})
const idle = async (client: SessionClient): Promise<void> => {
  const done = new Promise<void>(resolve => client.on('phase', ({ name }) => name === 'idle' && resolve()))
  if ((await client.call('session.snapshot', {})).phase.name !== 'idle') await done
}
/** Numbers of log lines, which count without gaps. */
const logOf = (client: SessionClient): number[] => {
  const indices: number[] = []
  client.on('log', ({ index }) => indices.push(index))
  return indices
}
const expectNoGaps = (indices: number[]) =>
  expect(indices).toEqual(Array.from({ length: indices.length }, (_, i) => indices[0] + i))

/** Process numbers of the bridges to a session. */
function bridgesTo(id: string): number[] {
  const numbers = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const wordsOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    } catch {
      return []
    }
  }
  return numbers.filter(pid => wordsOf(pid).includes('bridge') && wordsOf(pid).includes(id)).map(Number)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-faults-'))
  copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'm87.uvfits'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(skip !== null)('a link of 300 ms that loses 1 %', () => {
  it('carries a session; a stop is answered within two round trips while planes are on their way', async () => {
    const session = await startWorker(parametersFor('far', { imsize: 512, cell: '0.05marcsec' }))
    const proxy = await startFaultyProxy(() => server.port, { delayMs: 150, loss: 0.01, seed: 7 })
    const origin = `http://127.0.0.1:${proxy.port}`
    const server = await startServer({ session, publicOrigins: [origin] })
    const headers = { authorization: `Bearer ${server.token}` }
    const client = connectSession({
      connect: () =>
        openedWebSocket(new WebSocket(`ws://127.0.0.1:${proxy.port}/socket`, { headers, perMessageDeflate: false })),
    })
    try {
      const states: string[] = []
      client.onConnection(({ name }) => states.push(name))
      await idle(client)
      const lines = logOf(client)
      const startMs = performance.now()
      await client.call('session.identity', {})
      const echoMs = performance.now() - startMs
      const planes = Array.from({ length: 6 }, () => client.call('image.getchunk', { suffix: '.residual' }))
      await sleep(400)
      const stopMs = performance.now()
      await client.call('gclean.stop', {})
      const stoppedMs = performance.now() - stopMs
      const chunks = await Promise.all(planes)
      const planesMs = performance.now() - stopMs
      await client.call('gclean.next', { cycles: 2 })
      for (const chunk of chunks) expect('pixels' in chunk ? chunk.pixels.length : 0).toBe(512 * 512)
      expectNoGaps(lines)
      expect(lines.length).toBeGreaterThan(0)
      expect(states.filter(name => name === 'waiting')).toEqual([])
      expect(stoppedMs).toBeLessThan(2000)
      console.log(
        `300 ms, 1 %: echo ${echoMs.toFixed(0)} ms, stop behind planes ${stoppedMs.toFixed(0)} ms, six planes of 2 MiB ${planesMs.toFixed(0)} ms`,
      )
    } finally {
      client.close()
      await proxy.close()
      await server.close()
    }
  }, 120_000)
})

describe.skipIf(skip !== null)('a kernel that is killed', () => {
  let kernel: RunningKernel
  const start = async (imagename: string): Promise<[SessionClient, Promise<JsonObject>]> => {
    const settings = { parameters: parametersFor(imagename, { imsize: 256 }) as never }
    const session = await startKernelSession(kernel.client, settings)
    return [connectSession({ connect: async () => session.connect(), minRetryMs: 5 }), session.finished]
  }
  beforeAll(async () => {
    const argv = [process.execPath, join(repositoryRoot, 'cleanbeam/dist/kernel.js'), '{connection_file}']
    kernel = await startKernel({ argv, interruptMode: 'message' })
  })
  afterAll(() => kernel?.shutdown())

  it('is told in words; started again, the session goes on from the last complete step', async () => {
    const [client, finished] = await start('killed')
    await idle(client)
    const step = await client.call('gclean.next', {})
    const call = client.call('gclean.next', { cycles: 50 }).catch(error => error as Error)
    const ended = new Promise<ConnectionState>(resolve =>
      client.onConnection(state => state.name === 'closed' && resolve(state)),
    )
    await sleep(150)
    kernel.kill()
    expect((await call) as Error).toMatchObject({ tag: 'ChannelError' })
    expect(await ended).toMatchObject({
      reason: expect.stringMatching(/the kernel has ended: start the session again .* last complete step/),
    })
    await expect(finished).rejects.toThrow('the end of the kernel')
    expect(existsSync(join(folder, 'killed.residual.fits')) || existsSync(join(folder, 'killed.residual'))).toBe(true)

    await kernel.restart()
    const [again] = await start('killed')
    await idle(again)
    const { record } = await again.call('session.snapshot', {})
    expect(record?.niterdone).toBeGreaterThanOrEqual(step.record?.niterdone ?? 1)
    const next = await again.call('gclean.next', {})
    expect(next.record?.niterdone).toBeGreaterThan(step.record?.niterdone ?? 1)
    again.close()
  }, 60_000)

  it('that stands still is called unresponsive, and nothing is lost when it goes on', async () => {
    const [client] = await start('still')
    await idle(client)
    const lines = logOf(client)
    const states: string[] = []
    const stop = kernel.client.onState(state => states.push(state))
    process.kill(kernel.pid, 'SIGSTOP')
    const call = client.call('gclean.update', { parameters: { niter: 500 } })
    await sleep(7000)
    process.kill(kernel.pid, 'SIGCONT')
    expect(await call).toEqual([0, ''])
    await client.call('gclean.next', {})
    expect(states).toContain('unresponsive')
    expect(kernel.client.state).not.toBe('unresponsive')
    expectNoGaps(lines)
    stop()
    client.close()
  }, 60_000)
})

describe.skipIf(skip !== null)('a bridge that stands still, as on a laptop that sleeps', () => {
  it('is replaced; nothing is lost, nothing comes twice', async () => {
    const session = await openStdioBridge(parametersFor('asleep'))
    const client = connectSession({ connect: () => session.connect(), limits: { heartbeatMs: 300 }, minRetryMs: 5 })
    try {
      await idle(client)
      const lines = logOf(client)
      const states: string[] = []
      client.onConnection(({ name }) => states.push(name))
      const bridges = bridgesTo(session.id)
      expect(bridges.length).toBe(1)
      process.kill(bridges[0], 'SIGSTOP')
      const calls = Array.from({ length: 20 }, () => client.call('session.identity', {}))
      const step = client.call('gclean.next', {})
      await Promise.all(calls)
      expect(states).toContain('waiting')
      expect((await step).record?.niterdone).toBeGreaterThan(0)
      process.kill(bridges[0], 'SIGCONT')
      await sleep(100)
      await client.call('gclean.next', {})
      expectNoGaps(lines)
    } finally {
      client.close()
      await session.close()
    }
  }, 60_000)
})
