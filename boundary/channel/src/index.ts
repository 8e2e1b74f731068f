/**
 * An ordered, resumable connection between a session and its clients, over whatever carries bytes.
 *
 * `connectSession` makes a `SessionClient` that reconnects by itself; `serveSession` answers any number of them. Both
 * stand on channels (`openChannel`, `acceptChannels`), and those on transports: WebSocket, message port, memory.
 *
 * ```ts
 * const client = connectSession({ connect: () => openedWebSocket(new WebSocket(url)) })
 * client.on('record', record => draw(record))
 * const snapshot = await client.call('session.snapshot', {})
 * ```
 */
export { type AcceptOptions, acceptChannels, type ChannelAcceptor } from './accept-channels.ts'
export type { CallContext, SessionHandlers } from './call-context.ts'
export { serveCalls } from './call-server.ts'
export { type Channel, type ChannelLimits, DEFAULT_LIMITS } from './channel.ts'
export { ChannelError, DeadlineError } from './channel-error.ts'
export { type Clock, systemClock } from './clock.ts'
export { type CheckAnswer, type DialOptions, dialWebSocket, refusalOfServer } from './dial-web-socket.ts'
export { Inbox } from './inbox.ts'
export { type LinkFaults, memoryTransportPair } from './memory-transport.ts'
export { type MessagePortLike, messagePortTransport } from './message-port-transport.ts'
export { type DialledChannel, type OpenOptions, openChannel } from './open-channel.ts'
export { refuseConnection } from './refuse-connection.ts'
export { relay } from './relay.ts'
export { connectSession } from './session-client.ts'
export { type SessionServer, serveSession } from './session-server.ts'
export type { Transport } from './transport.ts'
export { openedWebSocket, type WebSocketLike, webSocketTransport } from './web-socket-transport.ts'
