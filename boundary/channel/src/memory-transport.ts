import { Inbox } from './inbox.ts'
import type { Transport } from './transport.ts'

/** What may happen to a link in tests. */
export interface LinkFaults {
  /** Delay of each message, in milliseconds; order is kept. */
  readonly delayMs?: number
  /** Asked for each message in either direction: true cuts the link there, and that message is lost. */
  readonly cut?: (bytes: Uint8Array) => boolean
}

/** Two ends of a link within one thread. Messages arrive in later turns of the event loop. */
export function memoryTransportPair(faults: LinkFaults = {}): [Transport, Transport] {
  const ends = [new MemoryEnd(faults), new MemoryEnd(faults)] as const
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return [ends[0], ends[1]]
}

class MemoryEnd implements Transport {
  other: MemoryEnd | null = null
  readonly #faults: LinkFaults
  readonly #messages = new Inbox<Uint8Array>()
  readonly #closings = new Inbox<string>()
  #queue: Uint8Array[] = []
  #scheduled = false
  #open = true

  constructor(faults: LinkFaults) {
    this.#faults = faults
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#open) return
    if (this.#faults.cut?.(bytes) === true) {
      this.close('link cut')
      return
    }
    this.other?.enqueue(bytes)
  }

  onMessage(handler: (bytes: Uint8Array) => void): void {
    this.#messages.listen(handler)
  }

  onClose(handler: (reason: string) => void): void {
    this.#closings.listen(handler)
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#end(reason)
    const other = this.other
    if (other !== null) this.#later(() => other.#end(reason))
  }

  enqueue(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#later(() => this.#flush())
  }

  #later(callback: () => void): void {
    const { delayMs = 0 } = this.#faults
    if (delayMs > 0) setTimeout(callback, delayMs)
    else queueMicrotask(callback)
  }

  #flush(): void {
    this.#scheduled = false
    const queue = this.#queue
    this.#queue = []
    for (const bytes of queue) {
      if (this.#open) this.#messages.deliver(bytes)
    }
  }

  #end(reason: string): void {
    if (!this.#open) return
    this.#open = false
    this.#closings.deliver(reason)
  }
}
