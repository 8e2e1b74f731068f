// A Jupyter kernel on another host: it listens on unix sockets there, five of which ssh forwards to unix sockets here.
// Nothing listens on a network port on either side, and the kernel outlives the connection.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { KernelClient } from '../../kernel-client.ts'
import { connectKernel } from '../connect-kernel.ts'
import { parseConnection } from '../connection-info.ts'
import type { SshConnection } from '../ssh/ssh-connection.ts'
import { askHelper, type KernelStatus } from './python-helper.ts'

const ID_BYTES = 6
const KEY_BYTES = 32
const N_SOCKET = 5
const MIN_RETRY_MS = 100
const MAX_RETRY_MS = 5000
const IPYKERNEL = ['-m', 'ipykernel_launcher', '-f', '{connection_file}']

/** A kernel on a host. */
export interface RemoteKernel {
  readonly id: string
  readonly client: KernelClient
  /** The connection was lost and stands again: messages meanwhile are lost. @returns ends the subscription */
  onReconnected(handler: () => void): () => void
  /** By a signal on the host. */
  interrupt(): Promise<void>
  /** Ends its process at once. */
  kill(): Promise<void>
  /** Ends it, kindly first, and removes what it left there. */
  stop(): Promise<void>
  /** Leaves it running there. */
  detach(): void
}

/**
 * Starts ipykernel on a host.
 * @param python - path of the Python there that has ipykernel
 * @throws JupyterError with the kernel's words when it does not start
 */
export async function startRemoteKernel(ssh: SshConnection, python: string): Promise<RemoteKernel> {
  const id = `kernel-${randomBytes(ID_BYTES).toString('hex')}`
  const key = randomBytes(KEY_BYTES).toString('hex')
  const status = await askHelper<KernelStatus>(ssh, python, { op: 'start', id, key, argv: IPYKERNEL })
  return connect(ssh, python, status)
}

/** @throws JupyterError when there is no such kernel */
export async function attachRemoteKernel(ssh: SshConnection, python: string, id: string): Promise<RemoteKernel> {
  return connect(ssh, python, await askHelper<KernelStatus>(ssh, python, { op: 'status', id }))
}

/** Kernels of this user that run on a host. */
export function listRemoteKernels(ssh: SshConnection, python: string): Promise<KernelStatus[]> {
  return askHelper(ssh, python, { op: 'list' })
}

/** A kernel whose sockets are forwarded, as long as nobody lets go of it. */
export interface ForwardedKernel {
  readonly client: KernelClient
  /** As {@link RemoteKernel.onReconnected}. */
  onReconnected(handler: () => void): () => void
  detach(): void
}

/** Ends a kernel, kindly first, and removes what it left. */
export function removeRemoteKernel(ssh: SshConnection, python: string, id: string): Promise<void> {
  return askHelper(ssh, python, { op: 'remove', id })
}

async function connect(ssh: SshConnection, python: string, status: KernelStatus): Promise<RemoteKernel> {
  const { id } = status
  const kernel = await forwardKernel(ssh, id, status.connection)
  const signal = (name: 'SIGINT' | 'SIGKILL') => askHelper<void>(ssh, python, { op: 'signal', id, signal: name })
  return {
    ...kernel,
    id,
    interrupt: () => signal('SIGINT'),
    kill: () => signal('SIGKILL'),
    async stop() {
      kernel.detach()
      await removeRemoteKernel(ssh, python, id)
    },
  }
}

/**
 * Forwards a kernel's five sockets, now and whenever the connection has been made again.
 * @param connection - content of its connection file on the host
 * @throws JupyterError when it does not answer
 */
export async function forwardKernel(ssh: SshConnection, id: string, connection: unknown): Promise<ForwardedKernel> {
  const there = parseConnection(connection, `kernel on ${ssh.host}`)
  const here = join(ssh.folder, id.slice(-ID_BYTES))
  const forward = async () => {
    for (let i = 1; i <= N_SOCKET; i++) await ssh.forward(`${here}-${i}`, `${there.ip}-${i}`)
  }
  await forward()
  const client = await connectKernel({ ...there, ip: here })
  const handlers = new Set<() => void>()
  let attached = true
  const mend = async () => {
    for (let waitMs = MIN_RETRY_MS; attached; waitMs = Math.min(MAX_RETRY_MS, 2 * waitMs)) {
      const done = await forward().then(
        () => true,
        () => false,
      )
      if (done) break
      await new Promise(resolve => setTimeout(resolve, waitMs))
    }
    // ZeroMQ connects to the sockets again by itself; its answer shows that it has.
    await client.request('kernel_info_request', {}, { timeoutMs: MAX_RETRY_MS, channel: 'control' }).catch(() => {})
    if (attached) for (const handler of [...handlers]) handler()
  }
  const endWatch = ssh.onLost(() => {
    if (attached) void mend()
  })
  const detach = () => {
    attached = false
    endWatch()
    client.dispose()
  }
  return {
    client,
    onReconnected(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    detach,
  }
}
