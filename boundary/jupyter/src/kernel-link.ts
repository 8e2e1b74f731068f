import type { KernelChannel, KernelMessage } from './kernel-message.ts'

/** What carries a kernel's messages: its own ZeroMQ sockets, or the WebSocket of a Jupyter server. */
export interface KernelLink {
  /** Queued in the order of the calls, per channel. Takes over the buffers. Does nothing once closed. */
  send(channel: KernelChannel, message: KernelMessage): void
  /** Sets the one receiver. Messages that fail their signature never come here. */
  onMessage(handler: (channel: KernelChannel, message: KernelMessage) => void): void
  /** Sets the one listener; called once. */
  onClose(handler: (reason: string) => void): void
  /** Milliseconds until the kernel's heartbeat came back, null when it did not in time; absent: the link has none. */
  readonly beat?: (timeoutMs: number) => Promise<number | null>
  close(reason?: string): void
}
