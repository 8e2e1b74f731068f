import { refuseConnection, relay, type Transport } from '@cleanbeam/channel'
import { errorToBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { type Comm, commTransport } from './comm-transport.ts'
import { JupyterError } from './jupyter-error.ts'
import { commPurposeSchema, type SessionSettingsData, sessionOrderSchema } from './session-comm.ts'

/** A session as the kernel runs it. */
export interface HostedSession {
  connect(): Transport
  readonly finished: Promise<object>
  close(): Promise<void>
}

/** The kernel's side of `startKernelSession`: sessions, and the comms that come for them. */
export class SessionComms {
  readonly #start: (settings: SessionSettingsData) => Promise<HostedSession>
  readonly #sessions = new Map<string, HostedSession>()

  /** @param start - throws what shall be told to the client when the settings are refused */
  constructor(start: (settings: SessionSettingsData) => Promise<HostedSession>) {
    this.#start = start
  }

  /** Takes a comm that a client has opened. */
  async accept(comm: Comm, data: JsonObject): Promise<void> {
    const tell = (notice: JsonObject) => comm.send(notice, [])
    try {
      const purpose = commPurposeSchema.parse(data)
      if (purpose.role === 'channel') this.#connect(comm, purpose.session)
      else if (purpose.role === 'attach') this.#report(comm, purpose.session, this.#find(purpose.session))
      else {
        const session = await this.#start(purpose.settings)
        const id = crypto.randomUUID()
        this.#sessions.set(id, session)
        this.#report(comm, id, session)
      }
    } catch (error) {
      tell({ refused: { ...errorToBody(error) } })
      comm.close()
    }
  }

  /** Ends all sessions; their products are complete on disk when this resolves. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    await Promise.allSettled(sessions.map(session => session.close()))
  }

  #connect(comm: Comm, id: string): void {
    const session = this.#sessions.get(id)
    relay(commTransport(comm), session?.connect() ?? refuseConnection(`the kernel has no session ${id} any more`))
  }

  #find(id: string): HostedSession {
    const session = this.#sessions.get(id)
    if (session !== undefined) return session
    throw new JupyterError(`expected a session of this kernel, got ${id} (attach)`, { id })
  }

  #report(comm: Comm, id: string, session: HostedSession): void {
    const tell = (notice: JsonObject) => comm.send(notice, [])
    tell({ opened: { session: id } })
    session.finished.then(
      result => tell({ finished: result as JsonObject }),
      error => tell({ failed: { ...errorToBody(error) } }),
    )
    comm.onMessage(async data => {
      if (!sessionOrderSchema.safeParse(data).success) return
      this.#sessions.delete(id)
      await session.close().catch(() => {})
      tell({ closed: true })
      comm.close()
    })
  }
}
