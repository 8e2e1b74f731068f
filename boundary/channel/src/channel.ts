import type { Lane } from '@cleanbeam/protocol'

/**
 * An ordered stream of messages in both directions that survives the connections it runs over: each message arrives
 * once, in the order of its lane. Control overtakes data.
 */
export interface Channel {
  readonly id: string
  /** False for good after `close` or the other side's farewell. */
  readonly open: boolean
  /** Takes over the bytes. Does nothing on a closed channel. */
  send(lane: Lane, message: Uint8Array): void
  /** Resolves when little enough is queued on the lane that more is welcome, and when the channel closes. */
  whenWritable(lane: Lane): Promise<void>
  onMessage(handler: (message: Uint8Array, lane: Lane) => void): void
  /**
   * The channel had to begin afresh: messages under way, in both directions, are lost. `known` tells whether the other
   * side still remembers this channel, and so which requests it has seen.
   */
  onReset(handler: (known: boolean) => void): void
  /** Called once. */
  onClose(handler: (reason: string) => void): void
  /** Tells the other side and forgets everything. */
  close(reason?: string): void
}

/** Sizes and times of a channel; the defaults suit a loopback or a wide-area link alike. */
export interface ChannelLimits {
  readonly pieceBytes: number
  readonly controlWindowBytes: number
  readonly dataWindowBytes: number
  /**
   * What may wait on the control lane for a peer that is away; beyond that the channel begins afresh when the peer is
   * back. A single message is always taken, however long.
   */
  readonly controlBufferBytes: number
  /** The same for the data lane. */
  readonly dataBufferBytes: number
  readonly maxMessageBytes: number
  /** A link that is silent this long is asked for a sign of life, and dropped after three times as long; 0: never. */
  readonly heartbeatMs: number
}

export const DEFAULT_LIMITS: ChannelLimits = {
  // Larger WebSocket messages are slower in browsers (measured: 61 MiB/s at 256 KiB, 20 MiB/s at 64 MiB).
  pieceBytes: 256 * 1024,
  controlWindowBytes: 8 * 1024 * 1024,
  // A link of 100 Mbit/s and 50 ms round trip holds 0.6 MiB; a stop waits behind no more than this.
  dataWindowBytes: 1024 * 1024,
  controlBufferBytes: 32 * 1024 * 1024,
  dataBufferBytes: 256 * 1024 * 1024,
  maxMessageBytes: 1024 * 1024 * 1024,
  heartbeatMs: 5000,
}
