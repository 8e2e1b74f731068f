import { relay } from '@cleanbeam/channel'
import { ownStdioTransport } from './process-transport.ts'
import { socketTransport } from './socket-transport.ts'

/**
 * The program at the far end of `ssh host …`: passes what comes over its standard input and output to the session that
 * listens at a unix socket of that host. Nothing there listens on a network port.
 * @returns when either side has closed
 */
export async function runBridge(path: string): Promise<void> {
  const session = await socketTransport(path)
  const stdio = ownStdioTransport()
  const closed = new Promise<void>(resolve => {
    process.stdout.once('close', resolve)
    process.stdin.once('close', resolve)
  })
  relay(stdio, session)
  await closed
}
