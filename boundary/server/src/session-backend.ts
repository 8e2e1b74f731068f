import type { Transport } from '@cleanbeam/channel'

/** The session the server gives access to: in a worker, in this thread, or on another host. */
export interface SessionBackend {
  /** A new connection to the session; what comes over it is passed on unread. */
  connect(): Transport
  /** Ends the session; its products are complete on disk when this resolves. */
  close(): Promise<void>
}
