/** The part of a ZeroMQ socket that sends. */
export interface SendingSocket {
  send(frames: Uint8Array[]): Promise<void>
}

/** ZeroMQ refuses a send while another is under way: one queue per socket. */
export class SendQueue {
  readonly #socket: SendingSocket
  readonly #waiting: Uint8Array[][] = []
  #sending = false
  #closed = false
  #drained: (() => void)[] = []

  constructor(socket: SendingSocket) {
    this.#socket = socket
  }

  send(frames: Uint8Array[]): void {
    if (this.#closed) return
    this.#waiting.push(frames)
    if (!this.#sending) void this.#drain()
  }

  /** Resolves when everything queued so far has been handed to ZeroMQ, or the queue is closed. */
  flushed(): Promise<void> {
    if (!this.#sending) return Promise.resolve()
    return new Promise(resolve => this.#drained.push(resolve))
  }

  close(): void {
    this.#closed = true
    this.#waiting.length = 0
  }

  async #drain(): Promise<void> {
    this.#sending = true
    for (let frames = this.#waiting.shift(); frames !== undefined; frames = this.#waiting.shift()) {
      try {
        await this.#socket.send(frames)
      } catch {
        // A peer that is gone (unroutable identity) or a closed socket: delivery is never certain with Jupyter.
      }
    }
    this.#sending = false
    for (const resolve of this.#drained.splice(0)) resolve()
  }
}
