import { type Lane, PROTOCOL_VERSION } from '@cleanbeam/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptChannels } from './accept-channels.ts'
import type { Channel, ChannelLimits } from './channel.ts'
import { memoryTransportPair } from './memory-transport.ts'
import { type DialledChannel, type OpenOptions, openChannel } from './open-channel.ts'
import { decodePacket, PACKET_TYPES } from './packet.ts'
import type { Transport } from './transport.ts'

interface Rig {
  readonly client: DialledChannel
  readonly server: Promise<Channel>
  /** Drops the present link. */
  cut(): void
  /** Makes new connections fail until called with false. */
  block(blocked: boolean): void
  readonly nLink: () => number
}

function rig(
  options: { limits?: Partial<ChannelLimits>; cut?: (bytes: Uint8Array) => boolean } & Partial<OpenOptions> = {},
): Rig {
  const { limits = {}, cut, ...rest } = options
  let onServer: (channel: Channel) => void = () => {}
  const server = new Promise<Channel>(resolve => {
    onServer = resolve
  })
  const acceptor = acceptChannels({ onChannel: channel => onServer(channel), limits })
  let link: Transport | null = null
  let blocked = false
  let nLink = 0
  const client = openChannel({
    async connect() {
      if (blocked) throw new Error('no route')
      const [near, far] = memoryTransportPair({ cut })
      nLink++
      link = near
      acceptor.accept(far)
      return near
    },
    limits,
    minRetryMs: 1,
    maxRetryMs: 4,
    ...rest,
  })
  return {
    client,
    server,
    cut: () => link?.close('link cut'),
    block(value) {
      blocked = value
    },
    nLink: () => nLink,
  }
}

const message = (lane: Lane, number: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(8 + length).fill(number % 251)
  new DataView(bytes.buffer).setUint32(0, number)
  bytes[4] = lane === 'control' ? 0 : 1
  return bytes
}

const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)

/** Collects what arrives, and says when `n` messages have. */
function collector(channel: Channel, n: number) {
  const lanes: Record<Lane, number[]> = { control: [], data: [] }
  let damaged = 0
  const done = new Promise<void>(resolve => {
    let count = 0
    channel.onMessage((bytes, lane) => {
      const number = numberOf(bytes)
      lanes[lane].push(number)
      if (!bytes.subarray(8).every(byte => byte === number % 251)) damaged++
      if (++count === n) resolve()
    })
    if (n === 0) resolve()
  })
  return { lanes, done, damaged: () => damaged }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('a channel whose link is cut at random', () => {
  it('delivers every message once, whole and in the order of its lane, in both directions', async () => {
    const plan = fc.record({
      lengths: fc.array(fc.tuple(fc.boolean(), fc.nat(400)), { minLength: 1, maxLength: 60 }),
      cuts: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 12 }),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ lengths, cuts }) => {
        const remaining = [...cuts]
        let untilCut = remaining.shift() ?? Number.POSITIVE_INFINITY
        const { client, server } = rig({
          limits: { pieceBytes: 64, dataWindowBytes: 256, heartbeatMs: 0 },
          cut() {
            if (--untilCut > 0) return false
            untilCut = remaining.shift() ?? Number.POSITIVE_INFINITY
            return true
          },
        })
        const counts: Record<Lane, number> = { control: 0, data: 0 }
        const sent = lengths.map(([isData, length]) => {
          const lane: Lane = isData ? 'data' : 'control'
          return { lane, bytes: message(lane, counts[lane]++, length) }
        })
        const atClient = collector(client, sent.length)
        for (const { lane, bytes } of sent) client.send(lane, bytes)
        const far = await server
        const atServer = collector(far, sent.length)
        for (const { lane, bytes } of sent) far.send(lane, bytes)
        await Promise.all([atClient.done, atServer.done])
        for (const { lanes, damaged } of [atClient, atServer]) {
          expect(lanes).toEqual({ control: upTo(counts.control), data: upTo(counts.data) })
          expect(damaged()).toBe(0)
        }
        client.close()
      }),
      { seed: 11, numRuns: 120 },
    )
  })

  it('goes on after a long outage with what was sent meanwhile', async () => {
    const { client, server, cut, block } = rig({ limits: { heartbeatMs: 0 } })
    const far = await server
    const atClient = collector(client, 100)
    block(true)
    cut()
    for (const i of upTo(100)) far.send('control', message('control', i, 10))
    await new Promise(resolve => setTimeout(resolve, 40))
    expect(client.connection.name === 'waiting' || client.connection.name === 'connecting').toBe(true)
    block(false)
    client.reconnect()
    await atClient.done
    expect(atClient.lanes.control).toEqual(upTo(100))
    client.close()
  })
})

describe('lanes', () => {
  it('let control overtake data that waits for the window', async () => {
    const order: Lane[] = []
    const { client, server } = rig({ limits: { pieceBytes: 1000, dataWindowBytes: 2000, heartbeatMs: 0 } })
    const far = await server
    const both = new Promise<void>(resolve => {
      client.onMessage((_bytes, lane) => {
        order.push(lane)
        if (order.length === 2) resolve()
      })
    })
    far.send('data', message('data', 0, 50_000))
    far.send('control', message('control', 0, 10))
    await both
    expect(order).toEqual(['control', 'data'])
    client.close()
  })

  it('hold writers back while more is queued than the window lets go', async () => {
    const { client, server, block, cut } = rig({ limits: { dataWindowBytes: 1000, heartbeatMs: 0 } })
    const far = await server
    block(true)
    cut()
    await far.whenWritable('data')
    far.send('data', message('data', 0, 5000))
    let writable = false
    const waiting = far.whenWritable('data').then(() => {
      writable = true
    })
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(writable).toBe(false)
    block(false)
    client.onMessage(() => {})
    await waiting
    client.close()
  })
})

describe('beginning afresh', () => {
  it('happens when more waited than the buffer holds, is announced on both sides, and the channel works again', async () => {
    const { client, server, block, cut } = rig({ limits: { controlBufferBytes: 1000, heartbeatMs: 0 } })
    await opened(client)
    const far = await server
    const resets: string[] = []
    far.onReset(known => resets.push(`server ${known}`))
    const reset = new Promise<void>(resolve => {
      client.onReset(known => {
        resets.push(`client ${known}`)
        resolve()
      })
    })
    block(true)
    cut()
    far.send('control', message('control', 0, 5000))
    far.send('control', message('control', 1, 10))
    block(false)
    await reset
    expect(resets).toEqual(['server true', 'client true'])
    const atClient = collector(client, 1)
    far.send('control', message('control', 0, 5))
    await atClient.done
    client.close()
  })

  it('tells the client when the server has never heard of its channel', async () => {
    let acceptor = acceptChannels({ onChannel: () => {} })
    let link: Transport | null = null
    const client = openChannel({
      async connect() {
        const [near, far] = memoryTransportPair()
        link = near
        acceptor.accept(far)
        return near
      },
      minRetryMs: 1,
    })
    await opened(client)
    const known = new Promise<boolean>(resolve => client.onReset(resolve))
    acceptor = acceptChannels({ onChannel: () => {} })
    ;(link as Transport | null)?.close('server restarted')
    expect(await known).toBe(false)
    client.close()
  })
})

const opened = (client: DialledChannel): Promise<void> =>
  new Promise(resolve => {
    if (client.connection.name === 'open') resolve()
    client.onConnection(state => state.name === 'open' && resolve())
  })

describe('refusals and ends', () => {
  it('refuses a peer that shares no version, for good and with the remedy', async () => {
    const { client, nLink } = rig({ versions: [7, 8] })
    const reason = await new Promise<string>(resolve => client.onClose(resolve))
    expect(reason).toMatch(`speaks protocol version ${PROTOCOL_VERSION}, got one that speaks 7, 8`)
    expect(reason).toMatch('same release of Cleanbeam')
    expect(nLink()).toBe(1)
  })

  it('talks to a peer that offers later versions too', async () => {
    const { client } = rig({ versions: [2, 1] })
    await opened(client)
    client.close()
  })

  it('ends both sides on close, and lets waiting writers go', async () => {
    const { client, server } = rig()
    await opened(client)
    const far = await server
    const ended = new Promise<string>(resolve => far.onClose(resolve))
    client.close('page closed')
    expect(await ended).toBe('page closed')
    expect(client.connection).toEqual({ name: 'closed', reason: 'page closed' })
    await client.whenWritable('data')
  })

  it('does not retry after a final refusal of the transport', async () => {
    const { ChannelError } = await import('./channel-error.ts')
    let n = 0
    const client = openChannel({
      async connect() {
        n++
        throw new ChannelError('expected a valid token', { final: true })
      },
    })
    expect(await new Promise<string>(resolve => client.onClose(resolve))).toBe('expected a valid token')
    expect(n).toBe(1)
  })

  it('drops a link that speaks nonsense and recovers', async () => {
    const acceptor = acceptChannels({ onChannel: () => {} })
    const [near, far] = memoryTransportPair()
    acceptor.accept(far)
    const closed = new Promise<string>(resolve => near.onClose(resolve))
    near.send(Uint8Array.of(1, 2, 3))
    expect(await closed).toMatch('expected a packet of layout 1')
    expect(acceptor.size).toBe(0)
  })

  it('notices that the last message was lost on a link that goes on', async () => {
    let nDropped = 0
    const acceptor = acceptChannels({
      onChannel: channel => channel.onMessage((bytes, lane) => channel.send(lane, bytes.slice())),
      limits: { heartbeatMs: 15 },
    })
    const client = openChannel({
      async connect() {
        const [near, far] = memoryTransportPair()
        const isLost = (bytes: Uint8Array) => decodePacket(bytes).type === 'data' && nDropped++ === 0
        acceptor.accept({ ...wrap(far), send: bytes => (isLost(bytes) ? undefined : far.send(bytes)) })
        return near
      },
      limits: { heartbeatMs: 15 },
      minRetryMs: 1,
    })
    const echo = collector(client, 1)
    client.send('control', message('control', 0, 3))
    await echo.done
    expect(nDropped).toBe(2)
    client.close()
  })

  it('notices a dead link by its silence', async () => {
    let mute = false
    const acceptor = acceptChannels({ onChannel: () => {}, limits: { heartbeatMs: 20 } })
    let nLink = 0
    const client = openChannel({
      async connect() {
        nLink++
        const [near, far] = memoryTransportPair()
        acceptor.accept({ ...wrap(far), send: bytes => (mute ? undefined : far.send(bytes)) })
        return near
      },
      limits: { heartbeatMs: 20 },
      minRetryMs: 1,
    })
    await opened(client)
    mute = true
    const lost = new Promise<void>(resolve => client.onConnection(state => state.name === 'waiting' && resolve()))
    await lost
    mute = false
    await opened(client)
    expect(nLink).toBeGreaterThanOrEqual(2)
    client.close()
  })
})

const wrap = (transport: Transport): Transport => ({
  send: bytes => transport.send(bytes),
  onMessage: handler => transport.onMessage(handler),
  onClose: handler => transport.onClose(handler),
  close: reason => transport.close(reason),
})

describe('packets', () => {
  it('are refused when they are cut short or of another layout', () => {
    expect(() => decodePacket(new Uint8Array(15).fill(1))).toThrow('expected a packet of layout 1')
    expect(PACKET_TYPES).toEqual(['hello', 'welcome', 'refused', 'data', 'ack', 'ping', 'pong', 'bye'])
  })
})
