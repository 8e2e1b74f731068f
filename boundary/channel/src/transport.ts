/**
 * A way for messages to reach the other side: WebSocket, message port, pipe, memory. It keeps messages whole and in
 * order while it lives and may die at any moment, losing what is under way; the channel above mends that.
 */
export interface Transport {
  /** Takes over `bytes`: the caller does not touch them again. Does nothing once closed. */
  send(bytes: Uint8Array<ArrayBuffer>): void
  /** Sets the one receiver; messages that came before are delivered to it first. */
  onMessage(handler: (bytes: Uint8Array) => void): void
  /** Sets the one listener; called once, whichever side closed. */
  onClose(handler: (reason: string) => void): void
  close(reason?: string): void
}
