import { connectSession } from '@cleanbeam/channel'
import type { SessionClient } from '@cleanbeam/protocol'
import { ServerError } from '../server-error.ts'
import type { SessionBackend } from '../session-backend.ts'

/** Where the server's one session is, from the beginning or once the start page has begun it. */
export class SessionPlace {
  /** Resolves when there is a session. */
  readonly begun: Promise<SessionBackend>
  #resolveBegun: (session: SessionBackend) => void = () => {}
  #session: SessionBackend | null = null
  #client: SessionClient | null = null

  constructor(session: SessionBackend | null) {
    this.begun = new Promise(resolve => {
      this.#resolveBegun = resolve
    })
    if (session !== null) this.take(session)
  }

  get session(): SessionBackend | null {
    return this.#session
  }

  /** A client of the session within this process, connected at first use. @throws ServerError while there is no session */
  get client(): SessionClient {
    const session = this.#session
    if (session === null) throw new ServerError('expected a session, got none yet: it begins from the start page')
    this.#client ??= connectSession({ connect: async () => session.connect(), limits: { heartbeatMs: 0 } })
    return this.#client
  }

  /** @throws ServerError when there is one already */
  take(session: SessionBackend): void {
    if (this.#session !== null) {
      void session.close()
      throw new ServerError('expected no session yet, got one: this server has begun it already')
    }
    this.#session = session
    this.#resolveBegun(session)
  }

  async close(): Promise<void> {
    await this.#session?.close()
    this.#client?.close()
  }
}
