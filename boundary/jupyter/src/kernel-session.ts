import { refuseConnection, type Transport } from '@cleanbeam/channel'
import { type ErrorBody, errorFromBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { COMM_TARGET, type Comm, commTransport } from './comm-transport.ts'
import { JupyterError } from './jupyter-error.ts'
import type { KernelClient, OpenCommOptions } from './kernel-client.ts'
import { type CommPurpose, type SessionNotice, type SessionSettingsData, sessionNoticeSchema } from './session-comm.ts'

/** A session inside a kernel, as the server and programs use sessions. */
export interface KernelSession {
  /** By which it is found again, as long as the kernel lives. */
  readonly id: string
  /** Resolves when a client finishes the session; rejects when session or kernel ends before. */
  readonly finished: Promise<JsonObject>
  /** A new connection. */
  connect(): Transport
  /** Ends the session; its products are complete on disk when this resolves. */
  close(): Promise<void>
}

/**
 * Starts a session in a kernel that offers the session's comm target: ours, or a Python kernel with the relay.
 * @throws RemoteError with the tag of the error when the parameters are refused; JupyterError when the kernel knows no
 * such target or dies
 */
export function startKernelSession(
  client: KernelClient,
  settings: SessionSettingsData,
  options: OpenCommOptions = {},
): Promise<KernelSession> {
  return openSession(client, { role: 'session', settings }, options)
}

/**
 * Goes on with a session of a kernel.
 * @throws as {@link startKernelSession}, also when there is no such session
 */
export function attachKernelSession(
  client: KernelClient,
  session: string,
  options: OpenCommOptions = {},
): Promise<KernelSession> {
  return openSession(client, { role: 'attach', session }, options)
}

async function openSession(client: KernelClient, purpose: CommPurpose, options: OpenCommOptions) {
  const comm = client.openComm(COMM_TARGET, purpose as unknown as JsonObject, options)
  const notices = new Notices(comm, client)
  const id = await notices.opened
  return new CommSession(client, comm, notices, id, options)
}

class CommSession implements KernelSession {
  readonly id: string
  readonly finished: Promise<JsonObject>
  readonly #client: KernelClient
  readonly #comm: Comm
  readonly #notices: Notices
  readonly #options: OpenCommOptions

  constructor(client: KernelClient, comm: Comm, notices: Notices, id: string, options: OpenCommOptions) {
    this.#client = client
    this.#comm = comm
    this.#notices = notices
    this.#options = options
    this.id = id
    this.finished = notices.finished
  }

  connect(): Transport {
    const { state } = this.#client
    if (state === 'dead' || state === 'closed') {
      return refuseConnection(
        'the kernel has ended: start the session again with the same parameters, it goes on from the last complete step',
      )
    }
    const purpose: CommPurpose = { role: 'channel', session: this.id }
    return commTransport(this.#client.openComm(COMM_TARGET, purpose, this.#options))
  }

  async close(): Promise<void> {
    if (this.#notices.ended) return
    this.#comm.send({ close: true }, [])
    await this.#notices.closed
  }
}

/** What the kernel says about a session, as promises. */
class Notices {
  readonly opened: Promise<string>
  readonly finished: Promise<JsonObject>
  readonly closed: Promise<void>
  ended = false
  #resolveOpened: (id: string) => void = () => {}
  #rejectOpened: (error: unknown) => void = () => {}
  #resolveFinished: (result: JsonObject) => void = () => {}
  #rejectFinished: (error: unknown) => void = () => {}
  #resolveClosed: () => void = () => {}

  constructor(comm: Comm, client: KernelClient) {
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve
      this.#rejectOpened = reject
    })
    this.finished = new Promise((resolve, reject) => {
      this.#resolveFinished = resolve
      this.#rejectFinished = reject
    })
    this.closed = new Promise(resolve => {
      this.#resolveClosed = resolve
    })
    // Nobody needs to wait for the result.
    this.finished.catch(() => {})
    comm.onMessage(data => {
      const notice = sessionNoticeSchema.safeParse(data)
      if (notice.success) this.#take(notice.data)
    })
    comm.onClose(() => this.#end(client))
  }

  #take(notice: SessionNotice): void {
    if ('opened' in notice) this.#resolveOpened(notice.opened.session)
    else if ('refused' in notice) this.#rejectOpened(errorFromBody(notice.refused as ErrorBody))
    else if ('finished' in notice) this.#resolveFinished(notice.finished)
    else if ('failed' in notice) this.#rejectFinished(errorFromBody(notice.failed as ErrorBody))
    else this.#resolveClosed()
  }

  #end(client: KernelClient): void {
    this.ended = true
    const died = client.state === 'dead' || client.state === 'closed'
    const what = died ? 'the end of the kernel' : 'a closed comm: is cleanbeam in this kernel?'
    const error = new JupyterError(`expected a session, got ${what} (${COMM_TARGET})`)
    this.#rejectOpened(error)
    this.#rejectFinished(error)
    this.#resolveClosed()
  }
}
