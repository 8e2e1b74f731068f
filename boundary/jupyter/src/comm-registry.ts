import { Inbox } from '@cleanbeam/channel'
import type { JsonObject } from '@cleanbeam/types'
import type { Comm } from './comm-transport.ts'

/** Sends comm_open, comm_msg or comm_close to the other side. */
export type SendComm = (type: string, content: JsonObject, buffers: readonly Uint8Array[]) => void

interface Entry {
  readonly target: string
  readonly comm: Comm
  readonly messages: Inbox<[JsonObject, readonly Uint8Array[]]>
  readonly closings: Inbox<void>
}

type Opened = (comm: Comm, data: JsonObject, buffers: readonly Uint8Array[]) => void

/** The comms of one side of a kernel connection; both sides speak the same messages. */
export class CommRegistry {
  readonly #entries = new Map<string, Entry>()
  readonly #targets = new Map<string, Opened>()
  readonly #closesUnknown: boolean

  /**
   * @param closesUnknown - whether comms for targets nobody registered are closed, as kernels do; one client of several
   * lets them be, since another may know them
   */
  constructor(closesUnknown: boolean) {
    this.#closesUnknown = closesUnknown
  }

  /** Comm id → target name of the comms that are open. */
  get open(): ReadonlyMap<string, string> {
    return new Map([...this.#entries].map(([id, { target }]) => [id, target]))
  }

  /** A comm opened by this side. */
  create(target: string, data: JsonObject, buffers: readonly Uint8Array[], send: SendComm): Comm {
    const id = crypto.randomUUID()
    const comm = this.#add(id, target, send)
    send('comm_open', { comm_id: id, target_name: target, data }, buffers)
    return comm
  }

  /** What happens with comms the other side opens for a target. @returns a function that ends it */
  register(target: string, opened: Opened): () => void {
    this.#targets.set(target, opened)
    return () => {
      if (this.#targets.get(target) === opened) this.#targets.delete(target)
    }
  }

  /** Takes comm messages of the other side and passes over all others. */
  take(type: string, content: JsonObject, buffers: readonly Uint8Array[], send: SendComm): void {
    const id = content.comm_id
    if (typeof id !== 'string') return
    const data = isObject(content.data) ? content.data : {}
    if (type === 'comm_open') this.#opened(id, content.target_name, data, buffers, send)
    else if (type === 'comm_msg') this.#entries.get(id)?.messages.deliver([data, buffers])
    else if (type === 'comm_close') this.#close(id)
  }

  /** The other side is gone. */
  closeAll(): void {
    for (const id of [...this.#entries.keys()]) this.#close(id)
  }

  #opened(id: string, target: unknown, data: JsonObject, buffers: readonly Uint8Array[], send: SendComm): void {
    const opened = typeof target === 'string' ? this.#targets.get(target) : undefined
    if (opened !== undefined) opened(this.#add(id, target as string, send), data, buffers)
    else if (this.#closesUnknown) send('comm_close', { comm_id: id, data: {} }, [])
  }

  #add(id: string, target: string, send: SendComm): Comm {
    const messages: Entry['messages'] = new Inbox()
    const closings = new Inbox<void>()
    const comm: Comm = {
      send: (data, buffers) => {
        if (this.#entries.has(id)) send('comm_msg', { comm_id: id, data }, buffers)
      },
      onMessage: handler => messages.listen(([data, buffers]) => handler(data, buffers)),
      onClose: handler => closings.listen(handler),
      close: () => {
        if (this.#entries.delete(id)) send('comm_close', { comm_id: id, data: {} }, [])
      },
    }
    this.#entries.set(id, { target, comm, messages, closings })
    return comm
  }

  #close(id: string): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    entry?.closings.deliver()
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
