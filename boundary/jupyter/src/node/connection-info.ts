import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { JupyterError } from '../jupyter-error.ts'

/** The five sockets of a kernel, in the order of their numbers in ipc paths. */
export const SOCKETS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const
export type SocketName = (typeof SOCKETS)[number]

const connectionSchema = z.looseObject({
  transport: z.enum(['ipc', 'tcp']),
  /** ipc: what the socket paths begin with; they go on with '-' and the number. tcp: an address. */
  ip: z.string().min(1),
  shell_port: z.number().int().nonnegative(),
  iopub_port: z.number().int().nonnegative(),
  stdin_port: z.number().int().nonnegative(),
  control_port: z.number().int().nonnegative(),
  hb_port: z.number().int().nonnegative(),
  signature_scheme: z.literal('hmac-sha256').default('hmac-sha256'),
  key: z.string(),
})

/**
 * Content of a kernel's connection file.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export type ConnectionInfo = z.infer<typeof connectionSchema>

/** @throws JupyterError for anything that is no connection */
export function parseConnection(value: unknown, where: string): ConnectionInfo {
  const parsed = connectionSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new JupyterError(`expected a kernel's connection file, got ${z.prettifyError(parsed.error)} (${where})`)
}

/** @throws JupyterError when the file cannot be read or is no connection file */
export async function readConnectionFile(path: string): Promise<ConnectionInfo> {
  try {
    return parseConnection(JSON.parse(await readFile(path, 'utf8')), path)
  } catch (cause) {
    if (cause instanceof JupyterError) throw cause
    throw new JupyterError(`expected a kernel's connection file, got: ${(cause as Error).message}`, { path }, cause)
  }
}

/** Unix socket paths are kept in 108 bytes by the operating system (104 on macOS), the closing zero included. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107

/**
 * Address of a socket as ZeroMQ wants it.
 * @throws JupyterError for a path that is too long, or a tcp address other than loopback: on tcp every user of a machine
 * can listen to iopub
 */
export function endpointOf(connection: ConnectionInfo, socket: SocketName): string {
  const number = connection[`${socket}_port`]
  if (connection.transport === 'tcp') {
    if (!/^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(connection.ip)) {
      throw new JupyterError(`expected a kernel on this machine, got tcp address ${connection.ip} (connection file)`)
    }
    return `tcp://${connection.ip}:${number}`
  }
  const path = `${connection.ip}-${number}`
  const nByte = Buffer.byteLength(path)
  if (nByte > MAX_SOCKET_PATH_BYTES) {
    throw new JupyterError(`expected a socket path of at most ${MAX_SOCKET_PATH_BYTES} bytes, got ${nByte}: ${path}`)
  }
  return `ipc://${path}`
}
