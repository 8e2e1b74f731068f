import { type ConnectionState, SUPPORTED_VERSIONS } from '@cleanbeam/protocol'
import { type Channel, type ChannelLimits, DEFAULT_LIMITS } from './channel.ts'
import { ChannelError } from './channel-error.ts'
import { type Clock, systemClock } from './clock.ts'
import { Endpoint } from './endpoint.ts'
import { decodeJsonPacket, encodeJsonPacket, refusedSchema, type Welcome, welcomeSchema } from './handshake.ts'
import { decodePacket } from './packet.ts'
import type { Transport } from './transport.ts'

const HANDSHAKE_MS = 10_000

export interface OpenOptions {
  /**
   * Makes a new connection. An error whose `fields.final` is true ends the channel; after any other it is tried again.
   */
  readonly connect: () => Promise<Transport>
  readonly limits?: Partial<ChannelLimits>
  readonly clock?: Clock
  /** In 0–1, for spreading attempts; default Math.random. */
  readonly random?: () => number
  /** Waiting time before the first attempt after a loss; it doubles up to `maxRetryMs`. */
  readonly minRetryMs?: number
  readonly maxRetryMs?: number
  /** Version list to greet with; for tests of refusals. */
  readonly versions?: readonly number[]
}

/** The dialling side: a channel that reconnects by itself. */
export interface DialledChannel extends Channel {
  readonly connection: ConnectionState
  /** @returns a function that ends the subscription */
  onConnection(handler: (state: ConnectionState) => void): () => void
  /** Tries at once instead of waiting for the next attempt. */
  reconnect(): void
}

/** Opens a channel. It can be used at once: messages wait for the first connection. */
export function openChannel(options: OpenOptions): DialledChannel {
  return new Dialler(options)
}

class Dialler extends Endpoint implements DialledChannel {
  readonly #options: OpenOptions
  readonly #clock: Clock
  #connection: ConnectionState = { name: 'connecting' }
  readonly #connectionHandlers = new Set<(state: ConnectionState) => void>()
  #attempt = 0
  #everOpen = false
  #dialling = false
  #cancelRetry: (() => void) | null = null

  constructor(options: OpenOptions) {
    const clock = options.clock ?? systemClock
    super(crypto.randomUUID(), { ...DEFAULT_LIMITS, ...options.limits }, clock, 0)
    this.#options = options
    this.#clock = clock
    this.onLinkLost(() => this.#retryLater())
    this.onClose(reason => {
      this.#cancelRetry?.()
      this.#become({ name: 'closed', reason })
    })
    void this.#dial()
  }

  get connection(): ConnectionState {
    return this.#connection
  }

  onConnection(handler: (state: ConnectionState) => void): () => void {
    this.#connectionHandlers.add(handler)
    return () => this.#connectionHandlers.delete(handler)
  }

  reconnect(): void {
    if (this.#connection.name !== 'waiting') return
    this.#cancelRetry?.()
    this.#attempt = 0
    void this.#dial()
  }

  #become(state: ConnectionState): void {
    this.#connection = state
    for (const handler of [...this.#connectionHandlers]) handler(state)
  }

  #retryLater(): void {
    if (!this.open) return
    const { minRetryMs = 50, maxRetryMs = 5000, random = Math.random } = this.#options
    const delayMs = Math.min(maxRetryMs, minRetryMs * 2 ** this.#attempt) * (0.8 + 0.4 * random())
    this.#attempt++
    this.#cancelRetry = this.#clock.after(delayMs, () => void this.#dial())
    this.#become({ name: 'waiting', retryAtMs: Date.now() + delayMs, attempt: this.#attempt })
  }

  async #dial(): Promise<void> {
    if (this.#dialling || !this.open) return
    this.#dialling = true
    this.#become({ name: 'connecting' })
    try {
      const transport = await this.#options.connect()
      if (this.open) await this.#shakeHands(transport)
      else transport.close('closed')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (error instanceof ChannelError && error.fields.final === true) this.close(reason)
      else this.#retryLater()
    } finally {
      this.#dialling = false
    }
  }

  #begin(transport: Transport, welcome: Welcome): void {
    if (!this.open) {
      transport.send(encodeJsonPacket('bye', { reason: 'closed' }))
      throw new ChannelError('expected an open channel, got a closed one (channel)')
    }
    if (!this.#everOpen) this.begin(welcome.epoch)
    else if (welcome.epoch !== this.epoch) this.restart(welcome.epoch, welcome.known)
    this.#everOpen = true
    if (!this.canResume(welcome.received)) {
      this.abandon('the other side remembers something else')
      throw new ChannelError('expected an answer that fits what was sent, got another (channel)')
    }
    this.attach(transport, welcome.received)
    this.#attempt = 0
    this.#become({ name: 'open' })
  }

  #shakeHands(transport: Transport): Promise<void> {
    const versions = [...(this.#options.versions ?? SUPPORTED_VERSIONS)]
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        cancel()
        reject(error)
        transport.close(error instanceof Error ? error.message : String(error))
      }
      const cancel = this.#clock.after(HANDSHAKE_MS, () => fail(new ChannelError('expected a welcome, got nothing')))
      transport.onClose(reason => fail(new ChannelError(`expected a welcome, got: ${reason} (channel)`)))
      transport.onMessage(bytes => {
        cancel()
        try {
          // At once, not after the promise: the next packet may be right behind.
          this.#begin(transport, readWelcome(bytes))
          resolve()
        } catch (error) {
          fail(error)
        }
      })
      const { id: channelId, epoch, received } = this
      transport.send(encodeJsonPacket('hello', { versions, channelId, epoch, received }))
    })
  }
}

function readWelcome(bytes: Uint8Array): Welcome {
  const packet = decodePacket(bytes)
  if (packet.type !== 'refused') return decodeJsonPacket(packet, welcomeSchema)
  const { code, message, versions } = decodeJsonPacket(packet, refusedSchema)
  throw new ChannelError(message, { final: true, code, versions })
}
