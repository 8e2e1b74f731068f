import { createConnection, createServer, type Server, type Socket } from 'node:net'
import type { Transport } from '@cleanbeam/channel'
import { JupyterError } from '../jupyter-error.ts'
import { streamTransport } from '../stream-transport.ts'
import { byteStreamOf } from './duplex-stream.ts'

/** Unix socket paths are kept in 108 bytes by the kernel, the closing zero included. */
const MAX_SOCKET_PATH_BYTES = 107

const transportOf = (socket: Socket): Transport => streamTransport(byteStreamOf(socket, socket))

/**
 * A transport over a unix socket.
 * @throws JupyterError when nobody listens there
 */
export function socketTransport(path: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(transportOf(socket)))
    socket.once('error', cause =>
      reject(new JupyterError(`expected a session at ${path}, got: ${cause.message}`, { path }, cause)),
    )
  })
}

/**
 * Listens on a unix socket; who may connect is decided by the folder's permissions.
 * @throws JupyterError when the path is too long or taken
 */
export function listenOnSocket(path: string, accept: (transport: Transport) => void): Promise<Server> {
  const length = Buffer.byteLength(path)
  if (length > MAX_SOCKET_PATH_BYTES) {
    throw new JupyterError(`expected a socket path of at most ${MAX_SOCKET_PATH_BYTES} bytes, got ${length}: ${path}`)
  }
  return new Promise((resolve, reject) => {
    const server = createServer(socket => accept(transportOf(socket)))
    server.once('error', cause =>
      reject(new JupyterError(`expected to listen at ${path}, got: ${cause.message}`, { path }, cause)),
    )
    server.listen(path, () => resolve(server))
  })
}
