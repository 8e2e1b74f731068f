import { ChannelError } from './channel-error.ts'
import type { Transport } from './transport.ts'
import { openedWebSocket, type WebSocketLike } from './web-socket-transport.ts'

export interface DialOptions {
  readonly open: () => WebSocketLike
  /**
   * Asked after a failed attempt, because browsers do not say why a WebSocket was refused: a sentence when trying again
   * is of no use (the server does not know our cookie any more), null when the server is only out of reach.
   */
  readonly refusal: () => Promise<string | null>
}

/** A `connect` for `openChannel` and `connectSession` that gives up where the server would never let us in. */
export function dialWebSocket({ open, refusal }: DialOptions): () => Promise<Transport> {
  return async () => {
    try {
      return await openedWebSocket(open())
    } catch (cause) {
      const reason = await refusal().catch(() => null)
      if (reason === null) throw cause
      throw new ChannelError(reason, { final: true }, cause)
    }
  }
}

/** The part of fetch's answer that `refusalOfServer` reads. */
export interface CheckAnswer {
  readonly status: number
  json(): Promise<unknown>
}

/**
 * Reads the server's own answer to `GET api/session` for `DialOptions.refusal`.
 * @param check - fetches it; throws when the server cannot be reached
 */
export async function refusalOfServer(check: () => Promise<CheckAnswer>): Promise<string | null> {
  const answer = await check()
  if (answer.status !== 401 && answer.status !== 403) return null
  const body = (await answer.json()) as { message?: unknown }
  return typeof body.message === 'string' ? body.message : `expected to be let in, got HTTP status ${answer.status}`
}
