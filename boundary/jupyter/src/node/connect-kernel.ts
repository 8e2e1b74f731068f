import type { KernelClient } from '../kernel-client.ts'
import { connectLink, type LinkClientOptions } from '../link-client.ts'
import { type ConnectionInfo, readConnectionFile } from './connection-info.ts'
import { openSocketLink } from './socket-link.ts'

/**
 * Connects to a kernel that runs, and waits until it answers on shell and on iopub.
 * @param connection - the connection file's path or content; for sockets forwarded from another host, its content with
 * `ip` replaced by what the local socket paths begin with (`${ip}-1` … `${ip}-5`)
 * @throws JupyterError when no kernel answers in time
 */
export async function connectKernel(
  connection: string | ConnectionInfo,
  options: LinkClientOptions = {},
): Promise<KernelClient> {
  const info = typeof connection === 'string' ? await readConnectionFile(connection) : connection
  return connectLink(await openSocketLink(info), options)
}
