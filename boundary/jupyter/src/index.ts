/**
 * Sessions on other hosts: messages over byte streams, and Jupyter's messages over its sockets, its WebSocket and its
 * comms. What needs Node is in `/node`.
 */
export { COMM_TARGET, type Comm, commTransport } from './comm-transport.ts'
export { JupyterError } from './jupyter-error.ts'
export type {
  ExecuteOptions,
  ExecuteResult,
  KernelClient,
  KernelInfo,
  KernelState,
  OpenCommOptions,
  RequestOptions,
} from './kernel-client.ts'
export type { KernelLink } from './kernel-link.ts'
export {
  KERNEL_CHANNELS,
  type KernelChannel,
  type KernelHeader,
  type KernelMessage,
  kernelRequest,
  MESSAGING_VERSION,
} from './kernel-message.ts'
export { decodeMultipart, encodeMultipart, type MessageSigner, type RoutedMessage } from './kernel-multipart.ts'
export { attachKernelSession, type KernelSession, startKernelSession } from './kernel-session.ts'
export {
  type ChannelledMessage,
  decodeKernelWebSocket,
  encodeKernelWebSocket,
  KERNEL_SUBPROTOCOL,
} from './kernel-websocket.ts'
export { connectLink, type LinkClientOptions } from './link-client.ts'
export type { CommPurpose, SessionNotice, SessionSettingsData } from './session-comm.ts'
export { type HostedSession, SessionComms } from './session-comms.ts'
export { frameForStream, STREAM_MARKER, StreamReader } from './stream-framing.ts'
export { type ByteStream, streamTransport } from './stream-transport.ts'
export { type KernelSocket, webSocketLink } from './web-socket-link.ts'
