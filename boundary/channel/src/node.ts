/** Transports that need Node. */
export { nodePortTransport } from './node/node-port-transport.ts'
