import { spawn } from 'node:child_process'
import { runBridge } from '../bridge.ts'
import { openRegistry } from './session-registry.ts'

/**
 * The far end of the stdio bridge: passes on to a session of this host, or to the compute node it runs on.
 * @param here - true where the session is known to run, which ends the search
 */
export async function bridgeToSession(id: string, here: boolean): Promise<void> {
  const registry = await openRegistry()
  const reach = here ? [] : (await registry.status(id)).reach
  if (reach.length === 0) return runBridge(registry.socketOf(id))
  const [program, ...args] = [...reach, process.execPath, process.argv[1], 'bridge', id, '--here']
  const child = spawn(program, args, { stdio: 'inherit' })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
}
