import type { MethodName, MethodParams, MethodResult } from './methods.ts'
import type { ProgressState } from './session-state.ts'
import type { Topic, TopicValue } from './topics.ts'

/** How a client stands with its server. `waiting`: the connection is lost and will be tried again at `retryAtMs`. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'open' }
  | { readonly name: 'waiting'; readonly retryAtMs: number; readonly attempt: number }
  | { readonly name: 'closed'; readonly reason: string }

export interface CallSettings {
  /** Aborting cancels the call on the server too; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ProgressState) => void
  /** The call fails with tag 'DeadlineExceeded' after this many milliseconds; none by default. */
  readonly deadlineMs?: number
}

/**
 * A session as a page or a program sees it. Calls survive a lost connection: they are sent again after it is back and
 * carried out once. Every pending call settles when the client is closed.
 */
export interface SessionClient {
  readonly connection: ConnectionState
  /** @returns a function that ends the subscription */
  onConnection(handler: (state: ConnectionState) => void): () => void
  /**
   * @throws RemoteError with the tag of the error on the other side; ProtocolError when the answer is malformed;
   * ChannelError (tag 'ChannelError') when the client was closed first
   */
  call<M extends MethodName>(method: M, params: MethodParams<M>, settings?: CallSettings): Promise<MethodResult<M>>
  /** @returns a function that ends the subscription */
  on<T extends Topic>(topic: T, handler: (value: TopicValue<T>) => void): () => void
  /**
   * The server no longer had what this client missed (it restarted, or the outage was long): fetch a new snapshot.
   * @returns a function that ends the subscription
   */
  onReset(handler: () => void): () => void
  /** Tries at once instead of waiting for the next attempt. */
  reconnect(): void
  close(): void
}
