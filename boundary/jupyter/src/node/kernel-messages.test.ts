import { connectSession, type SessionHandlers, serveSession } from '@cleanbeam/channel'
import { METHODS, type MethodName } from '@cleanbeam/protocol'
import { describe, expect, it } from 'vitest'
import { type Comm, commTransport } from '../comm-transport.ts'
import { type KernelMessage, kernelRequest } from '../kernel-message.ts'
import { decodeMultipart, encodeMultipart } from '../kernel-multipart.ts'
import { decodeKernelWebSocket, encodeKernelWebSocket } from '../kernel-websocket.ts'
import { hmacSigner } from './message-signer.ts'

const MESSAGE: KernelMessage = {
  header: {
    msg_id: 'a1',
    session: 's',
    username: 'u',
    date: '2026-01-01T00:00:00Z',
    msg_type: 'comm_msg',
    version: '5.4',
  },
  parent_header: {},
  metadata: {},
  content: { comm_id: 'c', data: {} },
  buffers: [Uint8Array.of(1, 2, 3)],
}

// Both computed with Python's hmac and struct modules from the same parts.
const SIGNATURE = '8a1fc877b81053f67ed6b90c2c7356f59b401d64597a25a4f158561a57da3f52'
const WEBSOCKET =
  'BwAAAAAAAABAAAAAAAAAAEUAAAAAAAAAtQAAAAAAAAC3AAAAAAAAALkAAAAAAAAA0gAAAAAAAADVAAAAAAAAAHNoZWxseyJtc2dfaWQiOiJhMSIsInNlc3Npb24iOiJzIiwidXNlcm5hbWUiOiJ1IiwiZGF0ZSI6IjIwMjYtMDEtMDFUMDA6MDA6MDBaIiwibXNnX3R5cGUiOiJjb21tX21zZyIsInZlcnNpb24iOiI1LjQifXt9e317ImNvbW1faWQiOiJjIiwiZGF0YSI6e319AQID'

const signer = hmacSigner('secret key')
const identities = [Uint8Array.of(9, 8)]

describe('kernel messages over sockets', () => {
  it('are signed as Python signs them, and read back', () => {
    const frames = encodeMultipart({ identities, message: MESSAGE }, signer)
    expect(Buffer.from(frames[1]).toString()).toBe('<IDS|MSG>')
    expect(Buffer.from(frames[2]).toString()).toBe(SIGNATURE)
    expect(frames.length).toBe(8)
    expect(decodeMultipart(frames, signer)).toEqual({ identities, message: MESSAGE })
  })

  it('with a wrong key, a changed part or a missing one are refused', () => {
    const frames = encodeMultipart({ identities, message: MESSAGE }, signer)
    expect(() => decodeMultipart(frames, hmacSigner('other'))).toThrow('expected a message signed with the key')
    const changed = frames.map((frame, i) => (i === 6 ? new TextEncoder().encode('{"x":1}') : frame))
    expect(() => decodeMultipart(changed, signer)).toThrow('expected a message signed with the key')
    expect(() => decodeMultipart(frames.slice(0, 5), signer)).toThrow('expected <IDS|MSG>')
    expect(() => decodeMultipart(frames.slice(2), signer)).toThrow('expected <IDS|MSG>')
    const unsigned = hmacSigner('')
    const nonsense = frames.map((frame, i) =>
      i === 2 ? new Uint8Array(0) : i === 3 ? new TextEncoder().encode('[]') : frame,
    )
    expect(() => decodeMultipart(nonsense, unsigned)).toThrow('expected a kernel message of header')
  })

  it('without a key are not signed', () => {
    const frames = encodeMultipart({ identities: [], message: MESSAGE }, hmacSigner(''))
    expect(frames[1].byteLength).toBe(0)
    expect(decodeMultipart(frames, hmacSigner(''))).toEqual({ identities: [], message: MESSAGE })
  })

  it('of ours have fresh ids', () => {
    const [a, b] = [1, 2].map(() => kernelRequest('me', 'kernel_info_request', {}))
    expect(a.header.msg_id).not.toBe(b.header.msg_id)
    expect(a.header).toMatchObject({ session: 'me', msg_type: 'kernel_info_request', version: '5.4' })
  })
})

describe("kernel messages over a Jupyter server's WebSocket", () => {
  it('are the bytes Python makes of them, both ways', () => {
    const bytes = encodeKernelWebSocket({ channel: 'shell', message: MESSAGE })
    expect(Buffer.from(bytes).toString('base64')).toBe(WEBSOCKET)
    expect(decodeKernelWebSocket(new Uint8Array(Buffer.from(WEBSOCKET, 'base64')))).toEqual({
      channel: 'shell',
      message: MESSAGE,
    })
  })

  it('with impossible offsets or an unknown channel are refused', () => {
    const good = encodeKernelWebSocket({ channel: 'shell', message: MESSAGE })
    expect(() => decodeKernelWebSocket(good.subarray(0, 4))).toThrow('ascending offsets')
    expect(() => decodeKernelWebSocket(good.subarray(0, good.byteLength - 1))).toThrow('ascending offsets')
    for (const [position, value] of [
      [0, 200],
      [8, 1],
      [24, 0],
    ]) {
      const bad = good.slice()
      bad[position] = value
      expect(() => decodeKernelWebSocket(bad)).toThrow('ascending offsets')
    }
    const renamed = good.slice()
    renamed[64] = 0x78
    expect(() => decodeKernelWebSocket(renamed)).toThrow('got xhell')
  })
})

/** Two comms of one kernel; `drop` is asked whether Jupyter loses a message. */
function commPair(drop: () => boolean): [Comm, Comm] {
  const receivers: ((buffers: readonly Uint8Array[]) => void)[] = [() => {}, () => {}]
  const closers: (() => void)[] = [() => {}, () => {}]
  const comm = (me: number): Comm => ({
    send(_data, buffers) {
      if (!drop()) queueMicrotask(() => receivers[1 - me](buffers))
    },
    onMessage(handler) {
      receivers[me] = buffers => handler({}, buffers)
    },
    onClose(handler) {
      closers[me] = handler
    },
    close: () => queueMicrotask(() => closers[1 - me]()),
  })
  return [comm(0), comm(1)]
}

describe('a session over comms', () => {
  it('loses nothing although Jupyter loses messages', async () => {
    const refused = () => {
      throw new RangeError('not part of this test')
    }
    const all = Object.fromEntries((Object.keys(METHODS) as MethodName[]).map(name => [name, refused]))
    const session = serveSession({ ...(all as unknown as SessionHandlers), 'gclean.cmds': () => ['tclean(…)'] })
    let countdown = 40
    const client = connectSession({
      async connect() {
        const [near, far] = commPair(() => --countdown % 23 === 0)
        session.accept(commTransport(far))
        return commTransport(near)
      },
      limits: { heartbeatMs: 20 },
      minRetryMs: 1,
    })
    const lines: string[] = []
    client.on('log', ({ text }) => lines.push(text))
    await client.call('gclean.cmds', {})
    for (let i = 0; i < 60; i++) {
      session.emit('log', { index: i, timeMs: 0, level: 'info', text: `line ${i}` })
      if (i % 6 === 0) expect(await client.call('gclean.cmds', {})).toEqual(['tclean(…)'])
    }
    while (lines.length < 60) await new Promise(resolve => setTimeout(resolve, 2))
    expect(lines).toEqual(Array.from({ length: 60 }, (_, i) => `line ${i}`))
    client.close()
  })
})
