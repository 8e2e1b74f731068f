import { METHODS, type MethodName, type PhaseState, type SessionClient } from '@cleanbeam/protocol'
import { describe, expect, it } from 'vitest'
import type { CallContext, SessionHandlers } from './call-context.ts'
import { type LinkFaults, memoryTransportPair } from './memory-transport.ts'
import { connectSession } from './session-client.ts'
import { type SessionServer, serveSession } from './session-server.ts'
import type { Transport } from './transport.ts'

const CALL_COUNT = 10_000

/** Handlers that refuse everything but what a test gives. */
function handlers(given: Partial<SessionHandlers>): SessionHandlers {
  const refused = (name: MethodName) => () => {
    throw new RangeError(`${name} is not part of this test`)
  }
  const all = Object.fromEntries((Object.keys(METHODS) as MethodName[]).map(name => [name, refused(name)]))
  return { ...(all as unknown as SessionHandlers), ...given }
}

interface Rig {
  readonly server: SessionServer
  readonly client: SessionClient
  cut(): void
  newClient(): SessionClient
}

function rig(given: Partial<SessionHandlers>, faults: LinkFaults = {}, controlBufferBytes?: number): Rig {
  const limits = { heartbeatMs: 0, ...(controlBufferBytes === undefined ? {} : { controlBufferBytes }) }
  const server = serveSession(handlers(given), { limits })
  let link: Transport | null = null
  const newClient = () =>
    connectSession({
      async connect() {
        const [near, far] = memoryTransportPair(faults)
        link = near
        server.accept(far)
        return near
      },
      limits: { heartbeatMs: 0 },
      minRetryMs: 1,
      maxRetryMs: 4,
    })
  return { server, client: newClient(), newClient, cut: () => link?.close('link cut') }
}

const opened = (client: SessionClient): Promise<void> =>
  new Promise(resolve => {
    if (client.connection.name === 'open') resolve()
    client.onConnection(state => state.name === 'open' && resolve())
  })

const phase = (message: string): PhaseState => ({
  name: 'idle',
  sinceMs: 0,
  message,
  converged: false,
  restored: false,
  error: null,
})

const tile = { suffix: '.residual', generation: 1, level: 0, tx: 0, ty: 0 }
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('calls', () => {
  it('fill in defaults, check arguments and check answers', async () => {
    const seen: unknown[] = []
    const { client } = rig({
      'gclean.cmds': args => {
        seen.push(args)
        return ['tclean(…)']
      },
      'gclean.stop': () => 5 as unknown as null,
    })
    expect(await client.call('gclean.cmds', {})).toEqual(['tclean(…)'])
    expect(seen).toEqual([{ history: false }])
    await expect(client.call('gclean.cmds', { history: 'yes' as unknown as boolean })).rejects.toMatchObject({
      tag: 'ProtocolError',
      fields: { where: 'parameters of gclean.cmds', path: 'history' },
    })
    await expect(client.call('gclean.stop', {})).rejects.toMatchObject({ tag: 'ProtocolError' })
    await expect(client.call('mask.edit', { op: 'add' })).rejects.toThrow('expected a region for add, erase and set')
    client.close()
  })

  it('carry errors as tag, message and fields', async () => {
    const { client } = rig({})
    await expect(client.call('gclean.run', {})).rejects.toMatchObject({
      tag: 'RangeError',
      message: 'gclean.run is not part of this test',
    })
    client.close()
  })

  it('refuse a method this version does not have, by name', async () => {
    const { client } = rig({})
    await opened(client)
    await expect(client.call('gclean.teleport' as MethodName, {})).rejects.toThrow(
      'expected a method of this version, got gclean.teleport',
    )
    client.close()
  })

  it(`answers ${CALL_COUNT} small calls, each once`, async () => {
    let n = 0
    const { client } = rig({ 'gclean.cmds': () => [String(n++)] })
    const answers = await Promise.all(Array.from({ length: CALL_COUNT }, () => client.call('gclean.cmds', {})))
    expect(answers.map(([answer]) => Number(answer))).toEqual(Array.from({ length: CALL_COUNT }, (_, i) => i))
    client.close()
  })

  it('carry 64 MB both ways', async () => {
    const n = 8 * 1024 * 1024
    const { client } = rig({ 'image.getregion': () => ({ shape: [n], pixels: new Float64Array(n).fill(0.5) }) })
    const answer = await client.call('image.getregion', { suffix: '.residual' })
    const { pixels } = answer as { pixels: Float64Array }
    expect(pixels.length).toBe(n)
    expect(pixels[n - 1]).toBe(0.5)
    client.close()
  })

  it('report progress while they run', async () => {
    const { client } = rig({
      async 'gclean.restore'(_args, { progress }: CallContext) {
        progress({ what: 'planes', done: 1, total: 2 })
        return { image: 'x.image' }
      },
    })
    const progress: unknown[] = []
    await client.call('gclean.restore', {}, { onProgress: state => progress.push(state) })
    expect(progress).toEqual([{ what: 'planes', done: 1, total: 2 }])
    client.close()
  })
})

describe('cancellation', () => {
  it('reaches the handler and rejects the caller at once with its own reason', async () => {
    let aborted: Promise<void> | null = null
    const { client } = rig({
      'gclean.restore': (_args, { signal }) => {
        aborted = new Promise(resolve => signal.addEventListener('abort', () => resolve()))
        return aborted.then(() => ({}))
      },
    })
    const controller = new AbortController()
    const call = client.call('gclean.restore', {}, { signal: controller.signal })
    while (aborted === null) await pause(1)
    controller.abort(new Error('no longer needed'))
    await expect(call).rejects.toThrow('no longer needed')
    await aborted
    client.close()
  })

  it('of a tile that still waits means that it is never made', async () => {
    const made: number[] = []
    let release: () => void = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const { client } = rig({
      async 'tile.get'({ tx }) {
        made.push(tx)
        await gate
        return { generation: 1, width: 1, height: 1, pixels: new Float32Array(1) }
      },
    })
    const controller = new AbortController()
    const first = client.call('tile.get', { ...tile, tx: 0 })
    const second = client.call('tile.get', { ...tile, tx: 1 }, { signal: controller.signal })
    const third = client.call('tile.get', { ...tile, tx: 2 })
    while (made.length === 0) await pause(1)
    controller.abort(new Error('off screen'))
    await expect(second).rejects.toThrow('off screen')
    await pause(5)
    release()
    await Promise.all([first, third])
    expect(made).toEqual([0, 2])
    client.close()
  })

  it('comes with a deadline too', async () => {
    const { client } = rig({ 'gclean.run': () => new Promise(() => {}) })
    await expect(client.call('gclean.run', {}, { deadlineMs: 10 })).rejects.toMatchObject({
      tag: 'DeadlineExceeded',
      message: 'expected an answer within 10 ms, got none (gclean.run)',
    })
    client.close()
  })

  it('by an aborted signal sends nothing', async () => {
    let called = false
    const { client } = rig({
      'gclean.stop': () => {
        called = true
        return null
      },
    })
    await expect(client.call('gclean.stop', {}, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    )
    await pause(5)
    expect(called).toBe(false)
    client.close()
  })
})

describe('a lost connection', () => {
  it('neither loses nor repeats a call that was under way', async () => {
    let nRun = 0
    const { client, cut } = rig({
      async 'gclean.restore'() {
        nRun++
        await pause(20)
        return { image: `x.image ${nRun}` }
      },
    })
    await opened(client)
    const call = client.call('gclean.restore', {})
    await pause(5)
    cut()
    expect(await call).toEqual({ image: 'x.image 1' })
    expect(nRun).toBe(1)
    client.close()
  })

  it('gives a repeated request after a fresh start the answer it already had', async () => {
    let nRun = 0
    const { client, server, cut } = rig(
      {
        async 'gclean.cmds'() {
          nRun++
          cut()
          await pause(1)
          // More than the buffer holds: the answer is lost with it, and the request comes again.
          for (let i = 0; i < 40; i++) server.emit('phase', phase('x'.repeat(100)))
          return ['answer']
        },
      },
      {},
      2000,
    )
    await opened(client)
    let nReset = 0
    client.onReset(() => nReset++)
    expect(await client.call('gclean.cmds', {})).toEqual(['answer'])
    expect(nReset).toBe(1)
    expect(nRun).toBe(1)
    client.close()
  })

  it('settles every pending call when the client is closed', async () => {
    const { client } = rig({ 'gclean.run': () => new Promise(() => {}) })
    await opened(client)
    const calls = [client.call('gclean.run', {}), client.call('gclean.run', {})]
    client.close()
    for (const call of calls) await expect(call).rejects.toMatchObject({ tag: 'ChannelError' })
    await expect(client.call('gclean.stop', {})).rejects.toThrow('expected an open connection')
  })

  it('keeps the order of events, to every client, through random cuts', async () => {
    let countdown = 7
    const { server, client, newClient } = rig({}, { cut: () => --countdown % 13 === 0 })
    const other = newClient()
    const texts: string[][] = [[], []]
    client.on('phase', ({ message }) => texts[0].push(message))
    other.on('phase', ({ message }) => texts[1].push(message))
    await Promise.all([opened(client), opened(other)])
    for (let i = 0; i < 300; i++) {
      server.emit('phase', phase(`event ${i}`))
      if (i % 10 === 0) await pause(1)
    }
    while (texts.some(list => list.length < 300)) await pause(2)
    const expected = Array.from({ length: 300 }, (_, i) => `event ${i}`)
    expect(texts).toEqual([expected, expected])
    client.close()
    other.close()
  })
})

describe('stop', () => {
  it('does not wait behind tiles', async () => {
    const order: string[] = []
    const { client } = rig({
      'tile.get': () => ({ generation: 1, width: 256, height: 256, pixels: new Float32Array(65536) }),
      'gclean.stop': () => null,
    })
    await opened(client)
    const tiles = Array.from({ length: 100 }, (_, tx) =>
      client.call('tile.get', { ...tile, tx }).then(() => order.push('tile')),
    )
    await client.call('gclean.stop', {}).then(() => order.push('stop'))
    const nBefore = order.indexOf('stop')
    await Promise.all(tiles)
    expect(nBefore).toBeLessThan(10)
    client.close()
  })
})
