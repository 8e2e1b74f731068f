/** Bridges over standard input and output and over unix sockets. */
export { runBridge } from './node/bridge.ts'
export { hmacSigner } from './node/message-signer.ts'
export { ownStdioTransport, processTransport } from './node/process-transport.ts'
export { listenOnSocket, socketTransport } from './node/socket-transport.ts'
