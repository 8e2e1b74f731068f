import type { Transport } from '@cleanbeam/channel'
import type { JsonObject } from '@cleanbeam/types'
import type { RemoteHost } from './remote-host.ts'
import type { SessionStatus } from './session-registry.ts'

/**
 * Which way messages take: the session's own unix socket, forwarded; a program on the host, through its standard input and
 * output; or the comms of a Jupyter kernel there, through five forwarded sockets.
 */
export type Route = 'socket' | 'bridge' | 'kernel'

export interface RemoteSessionOptions {
  /** Words before the session's command on the host, such as `srun -u`. */
  readonly via?: readonly string[]
  /** 'kernel': through a Jupyter kernel. Default: the session's own socket, or a program where that is out of reach. */
  readonly route?: 'kernel'
  /** Told in words a user reads: a lost connection, another way taken. */
  readonly onNotice?: (text: string) => void
}

/** A session on another host, as the server of this one needs it. */
export interface RemoteSession {
  readonly id: string
  readonly host: RemoteHost
  readonly status: SessionStatus
  /** The way new connections take. */
  readonly route: Route
  /** A new connection; the ssh connection is made again when it has been lost. */
  connect(): Transport
  /** The result, once the session is finished; null before. */
  result(): Promise<JsonObject | null>
  /** Ends the session on the host; its products are complete on disk when this resolves. */
  stop(): Promise<void>
}
