import { commonVersion } from '@cleanbeam/protocol'
import { type Channel, type ChannelLimits, DEFAULT_LIMITS } from './channel.ts'
import { type Clock, systemClock } from './clock.ts'
import { Endpoint } from './endpoint.ts'
import {
  decodeJsonPacket,
  encodeJsonPacket,
  type Hello,
  helloSchema,
  versionRefusal,
  type Welcome,
} from './handshake.ts'
import { decodePacket } from './packet.ts'
import type { Transport } from './transport.ts'

const HANDSHAKE_MS = 10_000

export interface AcceptOptions {
  /** A channel never seen before. */
  readonly onChannel: (channel: Channel) => void
  readonly limits?: Partial<ChannelLimits>
  /** How long a channel without a connection is kept; default 15 minutes, for a laptop that sleeps. */
  readonly keepMs?: number
  readonly clock?: Clock
}

/** The answering side: gives each connection to the channel it asks for. */
export interface ChannelAcceptor {
  accept(transport: Transport): void
  /** Channels that are open, connected or not. */
  readonly size: number
  /** Closes all channels. */
  close(reason: string): void
}

/** Same epoch; or nothing has arrived either way yet, the welcome having been lost. */
function resumable(endpoint: Endpoint, hello: Hello): boolean {
  if (endpoint.epoch === 0 || !endpoint.canResume(hello.received)) return false
  const untouched = [...endpoint.received, ...hello.received].every(received => received === 0)
  return endpoint.epoch === hello.epoch || (hello.epoch === 0 && untouched)
}

export function acceptChannels(options: AcceptOptions): ChannelAcceptor {
  const { onChannel, keepMs = 15 * 60_000, clock = systemClock } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const endpoints = new Map<string, Endpoint>()

  const create = (id: string, epoch: number): Endpoint => {
    const endpoint = new Endpoint(id, limits, clock, epoch)
    let cancelRemoval: (() => void) | null = null
    endpoint.onLinkLost(() => {
      cancelRemoval?.()
      cancelRemoval = clock.after(keepMs, () => {
        if (!endpoint.connected) endpoint.close('nobody came back')
      })
    })
    endpoint.onClose(() => {
      cancelRemoval?.()
      endpoints.delete(id)
    })
    endpoints.set(id, endpoint)
    onChannel(endpoint)
    return endpoint
  }

  const greet = (transport: Transport, bytes: Uint8Array): void => {
    const packet = decodePacket(bytes)
    const hello = decodeJsonPacket(packet, helloSchema)
    const version = commonVersion(hello.versions)
    if (version === null) {
      transport.send(encodeJsonPacket('refused', versionRefusal(hello.versions)))
      transport.close('no common protocol version')
      return
    }
    const welcome = (content: Omit<Welcome, 'version'>) =>
      transport.send(encodeJsonPacket('welcome', { version, ...content }))
    const old = endpoints.get(hello.channelId)
    if (old !== undefined && resumable(old, hello)) {
      welcome({ epoch: old.epoch, received: [...old.received], known: true })
      old.attach(transport, hello.received)
      return
    }
    const epoch = Math.max(hello.epoch, old?.lastEpoch ?? 0) + 1
    const endpoint = old ?? create(hello.channelId, epoch)
    if (old !== undefined) old.restart(epoch, true)
    welcome({ epoch, received: [0, 0], known: old !== undefined })
    endpoint.attach(transport, [0, 0])
  }

  return {
    accept(transport) {
      const cancel = clock.after(HANDSHAKE_MS, () => transport.close('no greeting'))
      transport.onClose(cancel)
      transport.onMessage(bytes => {
        cancel()
        try {
          greet(transport, bytes)
        } catch (error) {
          transport.close(error instanceof Error ? error.message : String(error))
        }
      })
    },
    get size() {
      return endpoints.size
    },
    close(reason) {
      for (const endpoint of [...endpoints.values()]) endpoint.close(reason)
    },
  }
}
