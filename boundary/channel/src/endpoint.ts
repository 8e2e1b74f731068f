import type { Lane } from '@cleanbeam/protocol'
import type { Channel, ChannelLimits } from './channel.ts'
import type { Clock } from './clock.ts'
import { byeSchema, decodeJsonPacket, encodeJsonPacket } from './handshake.ts'
import { Inbox } from './inbox.ts'
import { IncomingLane } from './incoming-lane.ts'
import { OutgoingLane } from './outgoing-lane.ts'
import { decodePacket, encodePacket, LANES, type Packet, type PacketType, type Received } from './packet.ts'
import type { Transport } from './transport.ts'

/** Acknowledgements wait for a packet to ride on, but not longer than this … */
const ACK_DELAY_MS = 20
/** … nor than this many bytes. */
const ACK_BYTES = 64 * 1024

/**
 * One end of a channel. Links (transports that have shaken hands) are attached to it and lost again; what was sent and
 * not acknowledged goes again over the next one.
 */
export class Endpoint implements Channel {
  readonly id: string
  readonly #limits: ChannelLimits
  readonly #clock: Clock
  #epoch: number
  #outgoing: Record<Lane, OutgoingLane>
  #incoming: Record<Lane, IncomingLane>
  #link: Transport | null = null
  #open = true
  #abandoned = false
  readonly #messages = new Inbox<[Uint8Array, Lane]>()
  #writableWaiters: (() => void)[] = []
  #resetHandlers: ((known: boolean) => void)[] = []
  #closeHandlers: ((reason: string) => void)[] = []
  #linkLost: (reason: string) => void = () => {}
  #lastHeardMs = 0
  /** When something under way was acknowledged last, or nothing was under way. */
  #lastProgressMs = 0
  #unacknowledgedBytes = 0
  #cancelAck: (() => void) | null = null
  #cancelHeartbeat: (() => void) | null = null

  constructor(id: string, limits: ChannelLimits, clock: Clock, epoch: number) {
    this.id = id
    this.#limits = limits
    this.#clock = clock
    this.#epoch = epoch
    this.#outgoing = this.#emptyOutgoing()
    this.#incoming = this.#emptyIncoming()
  }

  get open(): boolean {
    return this.#open
  }

  /** Counts fresh starts; 0: nothing has been agreed yet, or what was queued has been given up and a fresh start is due. */
  get epoch(): number {
    return this.#abandoned ? 0 : this.#epoch
  }

  /** The epoch last agreed upon, also when a fresh start is due. */
  get lastEpoch(): number {
    return this.#epoch
  }

  get connected(): boolean {
    return this.#link !== null
  }

  /** Pieces received, per lane. */
  get received(): Received {
    return [this.#incoming.control.received, this.#incoming.data.received]
  }

  send(lane: Lane, message: Uint8Array): void {
    if (!this.#open || this.#abandoned) return
    if (this.#outgoing[lane].full) {
      this.abandon('more is waiting than the buffer holds')
      return
    }
    this.#outgoing[lane].push(message)
    this.#pump()
  }

  whenWritable(lane: Lane): Promise<void> {
    if (this.#isWritable(lane)) return Promise.resolve()
    return new Promise(resolve => {
      const check = () => {
        if (this.#isWritable(lane)) resolve()
        else this.#writableWaiters.push(check)
      }
      this.#writableWaiters.push(check)
    })
  }

  onMessage(handler: (message: Uint8Array, lane: Lane) => void): void {
    this.#messages.listen(([message, lane]) => handler(message, lane))
  }

  onReset(handler: (known: boolean) => void): void {
    this.#resetHandlers.push(handler)
  }

  onClose(handler: (reason: string) => void): void {
    this.#closeHandlers.push(handler)
  }

  /** Sets who hears that the link is gone while the channel lives on. */
  onLinkLost(handler: (reason: string) => void): void {
    this.#linkLost = handler
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#link?.send(encodeJsonPacket('bye', { reason }))
    this.#end(reason)
  }

  /** Whether the other side can go on from what it has received. */
  canResume(theirReceived: Received): boolean {
    return LANES.every((lane, i) => this.#outgoing[lane].fits(theirReceived[i]))
  }

  /** Runs over this transport from now on; a former one is dropped. What the other side has not received goes again. */
  attach(transport: Transport, theirReceived: Received): void {
    this.detach('replaced by a new connection')
    LANES.forEach((lane, i) => {
      this.#outgoing[lane].rewind(theirReceived[i])
    })
    this.#link = transport
    this.#lastHeardMs = this.#clock.now()
    transport.onClose(reason => this.#lose(transport, reason))
    transport.onMessage(bytes => this.#receive(transport, bytes))
    this.#beat()
    this.#pump()
  }

  /** Lets go of the present link without telling `onLinkLost`. */
  detach(reason: string): void {
    const link = this.#link
    if (link === null) return
    this.#forgetLink()
    link.close(reason)
  }

  /** Begins afresh: both directions count from 0 again and what was under way is lost. */
  restart(epoch: number, known: boolean): void {
    this.detach('channel begins afresh')
    this.#epoch = epoch
    this.#abandoned = false
    this.#outgoing = this.#emptyOutgoing()
    this.#incoming = this.#emptyIncoming()
    for (const handler of this.#resetHandlers) handler(known)
    this.#wakeWriters()
  }

  /** The first answer of the other side has set the epoch; what is queued stays. */
  begin(epoch: number): void {
    this.#epoch = epoch
  }

  #emptyOutgoing(): Record<Lane, OutgoingLane> {
    const { pieceBytes, controlWindowBytes, dataWindowBytes, controlBufferBytes, dataBufferBytes } = this.#limits
    return {
      control: new OutgoingLane({ pieceBytes, bufferBytes: controlBufferBytes, windowBytes: controlWindowBytes }),
      data: new OutgoingLane({ pieceBytes, bufferBytes: dataBufferBytes, windowBytes: dataWindowBytes }),
    }
  }

  #emptyIncoming(): Record<Lane, IncomingLane> {
    const { maxMessageBytes } = this.#limits
    return { control: new IncomingLane(maxMessageBytes), data: new IncomingLane(maxMessageBytes) }
  }

  #isWritable(lane: Lane): boolean {
    return !this.#open || this.#outgoing[lane].bytesQueued < this.#limits.dataWindowBytes
  }

  #wakeWriters(): void {
    const waiters = this.#writableWaiters
    this.#writableWaiters = []
    for (const check of waiters) check()
  }

  /** Gives up what is queued: the next connection begins afresh. */
  abandon(reason: string): void {
    this.#abandoned = true
    this.#outgoing = this.#emptyOutgoing()
    this.#wakeWriters()
    const link = this.#link
    if (link !== null) this.#lose(link, reason)
  }

  #pump(): void {
    for (;;) {
      const link = this.#link
      if (link === null) return
      if (!this.#expecting) this.#lastProgressMs = this.#clock.now()
      const control = this.#outgoing.control.take()
      const piece = control ?? this.#outgoing.data.take()
      if (piece === null) return
      link.send(
        encodePacket({ ...piece, type: 'data', lane: control === null ? 'data' : 'control', received: this.received }),
      )
      this.#acknowledged()
    }
  }

  #sendBare(type: PacketType): void {
    this.#link?.send(encodePacket({ type, received: this.received }))
    this.#acknowledged()
  }

  #acknowledged(): void {
    this.#unacknowledgedBytes = 0
    this.#cancelAck?.()
    this.#cancelAck = null
  }

  #receive(transport: Transport, bytes: Uint8Array): void {
    if (transport !== this.#link) return
    this.#lastHeardMs = this.#clock.now()
    try {
      const packet = decodePacket(bytes)
      const progress = LANES.filter((lane, i) => this.#outgoing[lane].acknowledge(packet.received[i]))
      if (progress.length > 0) {
        this.#lastProgressMs = this.#lastHeardMs
        this.#wakeWriters()
      }
      this.#act(packet)
    } catch (error) {
      this.#lose(transport, error instanceof Error ? error.message : String(error))
      return
    }
    this.#pump()
  }

  #act(packet: Packet): void {
    if (packet.type === 'ping') this.#sendBare('pong')
    if (packet.type === 'bye') this.#end(decodeJsonPacket(packet, byeSchema).reason)
    if (packet.type !== 'data') return
    const message = this.#incoming[packet.lane].take(packet)
    this.#oweAcknowledgement(packet)
    if (message !== null) this.#messages.deliver([message, packet.lane])
  }

  #oweAcknowledgement({ lane, payload }: Packet): void {
    this.#unacknowledgedBytes += payload.byteLength
    // The other side's window for data may be smaller than what we would wait for.
    if (lane === 'data' || this.#unacknowledgedBytes >= ACK_BYTES) this.#sendBare('ack')
    else this.#cancelAck ??= this.#clock.after(ACK_DELAY_MS, () => this.#sendBare('ack'))
  }

  get #expecting(): boolean {
    return LANES.some(lane => this.#outgoing[lane].expecting)
  }

  #beat(): void {
    const { heartbeatMs } = this.#limits
    if (heartbeatMs === 0) return
    this.#cancelHeartbeat = this.#clock.after(heartbeatMs, () => {
      const link = this.#link
      if (link === null) return
      const silentMs = this.#clock.now() - this.#lastHeardMs
      if (silentMs >= 3 * heartbeatMs) {
        this.#lose(link, `nothing heard for ${Math.round(silentMs / 1000)} s`)
        return
      }
      // Jupyter's comms may lose a message and go on; the last of a series would never be missed.
      if (this.#expecting && this.#clock.now() - this.#lastProgressMs >= 3 * heartbeatMs) {
        this.#lose(link, 'what was sent is not acknowledged')
        return
      }
      if (silentMs >= heartbeatMs / 2) this.#sendBare('ping')
      this.#beat()
    })
  }

  #forgetLink(): void {
    this.#link = null
    this.#acknowledged()
    this.#cancelHeartbeat?.()
    this.#cancelHeartbeat = null
  }

  #lose(transport: Transport, reason: string): void {
    if (transport !== this.#link) return
    this.#forgetLink()
    transport.close(reason)
    this.#linkLost(reason)
  }

  #end(reason: string): void {
    if (!this.#open) return
    this.#open = false
    this.detach(reason)
    this.#outgoing = this.#emptyOutgoing()
    this.#wakeWriters()
    for (const handler of this.#closeHandlers) handler(reason)
  }
}
