import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, memoryTransportPair, relay, type Transport } from '@cleanbeam/channel'
import { RemoteError, type SessionClient } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../structure/source-graph.ts'
import { LARGE_BYTES, LARGE_SHAPE, largePixel, writeLargeImage } from './large-image.ts'
import { greetWith } from './raw-greeting.ts'
import { type StoryEnd, tellStory } from './session-story.ts'

/** A session somewhere, and the way to it. */
export interface OpenedSession {
  /** A new connection; rejects while there is no way. */
  connect(): Promise<Transport>
  close(): Promise<void>
}

/**
 * Starts a session.
 * @param parameters - of tclean; paths are absolute and lie on a file system both sides see
 * @throws an error with the tag ParameterError when the parameters are refused
 */
export type OpenSession = (parameters: JsonObject) => Promise<OpenedSession>

export interface SuiteOptions {
  /** Why it cannot run here; the tests are skipped then. */
  readonly skip?: string | null
  /** Prepares what `open` needs, and puts it away. */
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

const N_SMALL = 10_000
const MIB = 1024 * 1024

/** The end of the story over the transports before: all must agree. */
const ends = new Map<string, StoryEnd>()

/** One suite for everything that carries a session. */
export function describeTransport(name: string, open: OpenSession, options: SuiteOptions = {}): void {
  const { skip = null, before, after } = options
  describe.skipIf(skip !== null)(`a session over ${name}${skip === null ? '' : ` (${skip})`}`, () => {
    let folder: string
    let session: OpenedSession
    let client: SessionClient

    const parametersFor = (imagename: string): JsonObject => ({
      vis: join(folder, 'm87.uvfits'),
      imagename: join(folder, imagename),
      imsize: 128,
      cell: '0.2marcsec',
      niter: 400,
      cycleniter: 30,
    })

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'cleanbeam-transport-'))
      copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'm87.uvfits'))
      writeLargeImage(join(folder, 'large.fits'))
      await before?.()
      session = await open(parametersFor('session'))
      client = connectSession({ connect: () => session.connect() })
      await firstStepDone(client)
    }, 60_000)

    afterAll(async () => {
      client?.close()
      await session?.close()
      await after?.()
      rmSync(folder, { recursive: true, force: true })
    }, 60_000)

    it('tells errors by tag, in words, with their fields', async () => {
      const missing = await client.call('image.shape', { path: 'nothing.fits' }).catch(error => error)
      expect(missing).toBeInstanceOf(RemoteError)
      expect([missing.tag, missing.message]).toEqual([
        expect.stringMatching(/Error$/),
        expect.stringMatching('nothing.fits'),
      ])
      const outside = await client.call('image.shape', { path: '/etc/passwd' }).catch(error => error)
      expect(outside).toMatchObject({ tag: 'SessionError', fields: { path: '/etc/passwd' } })
      const stale = { suffix: '.residual', generation: 99, level: 0, tx: 0, ty: 0 }
      await expect(client.call('tile.get', stale)).rejects.toMatchObject({ tag: 'StaleGeneration' })
      const wrong = client.call('gclean.next', { cycles: -1 })
      await expect(wrong).rejects.toMatchObject({ tag: 'ProtocolError' })
      await expect(open({ ...parametersFor('refused'), nitre: 5 })).rejects.toMatchObject({ tag: 'ParameterError' })
    })

    it(`answers ${N_SMALL} small calls, each once, in order`, async () => {
      const answered: number[] = []
      const startMs = performance.now()
      const calls = Array.from({ length: N_SMALL }, (_, i) =>
        client.call('session.identity', {}).then(() => answered.push(i)),
      )
      await Promise.all(calls)
      const totalMs = performance.now() - startMs
      expect(answered.length).toBe(N_SMALL)
      expect(answered.every((value, i) => value === i)).toBe(true)
      console.log(`${name}: ${N_SMALL} calls in ${totalMs.toFixed(0)} ms`)
    }, 120_000)

    it('carries 64 MiB both ways, bit by bit', async () => {
      const startMs = performance.now()
      const chunk = await client.call('image.getchunk', { path: 'large.fits' })
      const getMs = performance.now() - startMs
      const pixels = 'pixels' in chunk ? chunk.pixels : new Float64Array()
      expect(pixels.byteLength).toBe(LARGE_BYTES)
      expect(chunk.shape.slice(0, 2)).toEqual(LARGE_SHAPE.slice(0, 2))
      expect(pixels.findIndex((value, i) => value !== largePixel(i))).toBe(-1)
      const reversed = pixels.slice().reverse()
      const putMs = performance.now()
      await client.call('image.putchunk', { path: 'large.fits', pixels: reversed, shape: [...LARGE_SHAPE] })
      const tookMs = performance.now() - putMs
      const last = await client.call('image.getchunk', { path: 'large.fits', blc: [0, 0, 0, 0], trc: [3, 0, 0, 0] })
      expect([...('pixels' in last ? last.pixels : [])]).toEqual([...reversed.subarray(0, 4)])
      const rate = (milliseconds: number) => (((LARGE_BYTES / MIB) * 1000) / milliseconds).toFixed(0)
      console.log(`${name}: 64 MiB get ${rate(getMs)} MiB/s, put ${rate(tookMs)} MiB/s, file included`)
    }, 120_000)

    it('cancels what is no longer wanted, and never lets a stop wait behind data', async () => {
      const abort = new AbortController()
      const wanted = { path: 'large.fits' }
      const calls = Array.from({ length: 8 }, () => client.call('image.getchunk', wanted, { signal: abort.signal }))
      const settled = Promise.allSettled(calls)
      await new Promise(resolve => setTimeout(resolve, 50))
      const startMs = performance.now()
      expect(await client.call('gclean.stop', {})).toBe(null)
      const stopMs = performance.now() - startMs
      abort.abort(new Error('scrolled away'))
      const outcomes = await settled
      expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(5)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch('scrolled away')
      }
      expect(stopMs).toBeLessThan(2000)
      await client.call('session.identity', {})
    }, 60_000)

    it('refuses unknown versions and methods by name, and goes on', async () => {
      const answer = await greetWith(await session.connect(), [99])
      expect(answer).toMatchObject({ type: 'refused', code: 'version', versions: [1] })
      expect(answer.message).toMatch('expected a peer that speaks protocol version 1, got one that speaks 99')
      const unknown = client.call('session.later' as 'session.identity', {})
      await expect(unknown).rejects.toThrow('expected a method of this version, got session.later')
      await client.call('session.identity', {})
    })

    it('serves two clients, who hear the same', async () => {
      const other = connectSession({ connect: () => session.connect() })
      const heard: [string[], string[]] = [[], []]
      client.on('phase', ({ name, message }) => heard[0].push(`${name} ${message}`))
      other.on('phase', ({ name, message }) => heard[1].push(`${name} ${message}`))
      const [one, two] = await Promise.all([client, other].map(each => each.call('session.snapshot', {})))
      expect(two.sessionId).toBe(one.sessionId)
      heard[0].length = heard[1].length = 0
      await other.call('gclean.next', {})
      await Promise.all([client, other].map(each => each.call('session.identity', {})))
      expect(heard[0].length).toBeGreaterThan(0)
      expect(heard[1]).toEqual(heard[0])
      other.close()
    })

    it('loses and repeats nothing when connections are cut', async () => {
      let link: Transport | null = null
      const cutting = connectSession({
        async connect() {
          const [outer, inner] = memoryTransportPair()
          relay(await session.connect(), inner)
          link = inner
          return outer
        },
        minRetryMs: 5,
      })
      const answered: number[] = []
      const calls = Array.from({ length: 300 }, async (_, i) => {
        await new Promise(resolve => setTimeout(resolve, i * 3))
        await cutting.call('session.identity', {})
        answered.push(i)
      })
      const cuts = [100, 350, 600].map(ms => setTimeout(() => link?.close('cut'), ms))
      await Promise.all(calls)
      for (const timer of cuts) clearTimeout(timer)
      expect([...answered].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i))
      cutting.close()
    }, 60_000)

    it('tells the whole story, from the dirty image to the restored one', async () => {
      const own = await open(parametersFor('story'))
      const teller = connectSession({ connect: () => own.connect() })
      try {
        await firstStepDone(teller)
        const end = await tellStory(teller)
        ends.set(name, end)
        for (const [other, otherEnd] of ends) expect([other, otherEnd]).toEqual([other, end])
      } finally {
        teller.close()
        await own.close()
      }
    }, 60_000)
  })
}

async function firstStepDone(client: SessionClient): Promise<void> {
  const idle = new Promise<void>(resolve => client.on('phase', ({ name }) => name === 'idle' && resolve()))
  const { phase } = await client.call('session.snapshot', {})
  if (phase.name !== 'idle') await idle
}
