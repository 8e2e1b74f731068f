// The process of a session on another host: started by the agent there, it outlives every connection.

import { mkdir, rm } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { json as jsonOf } from 'node:stream/consumers'
import { relay, type Transport } from '@cleanbeam/channel'
import type { GcleanInput } from '@cleanbeam/gclean'
import { listenOnSocket, noticeLine, openRegistry, type SessionSettingsOnHost } from '@cleanbeam/jupyter/node'
import { errorToBody } from '@cleanbeam/protocol'
import { startSessionWorker } from '@cleanbeam/session/node'
import { checkTcleanFiles } from '@cleanbeam/tclean/node'
import type { Command } from 'commander'
import { formatOf } from '../api/engines.ts'

/** A session nobody is connected to ends after this time; one that is finished after the shorter. */
const LONELY_MS = 3 * 24 * 3600_000
const FINISHED_LONELY_MS = 15 * 60_000
const LOOK_MS = 30_000

export function defineSessionHostCommand(command: Command): void {
  command.action(runSessionHost)
}

async function runSessionHost(): Promise<void> {
  process.on('SIGHUP', () => {})
  // Relative paths begin at the home folder, as they do for scp.
  process.chdir(homedir())
  const { id, parameters, engine, format } = (await jsonOf(process.stdin)) as SessionSettingsOnHost & {
    readonly id: string
  }
  try {
    await serve(id, parameters as unknown as GcleanInput, { engine, format })
  } catch (error) {
    process.stdout.write(noticeLine('opening', { error: errorToBody(error) }))
    process.exitCode = 1
  }
}

async function serve(
  id: string,
  parameters: GcleanInput,
  { engine, format }: Pick<SessionSettingsOnHost, 'engine' | 'format'>,
): Promise<void> {
  await checkTcleanFiles(parameters)
  const registry = await openRegistry()
  await mkdir(registry.folderOf(id), { recursive: true, mode: 0o700 })
  const session = await startSessionWorker(new URL('./session-worker.js', import.meta.url), {
    parameters,
    engine,
    format: formatOf(engine, format, parameters.imagename),
  })
  const connections = new Set<Transport>()
  let aloneSinceMs = Date.now()
  const accept = (transport: Transport): void => {
    connections.add(transport)
    const inner = session.connect()
    relay(transport, {
      ...inner,
      close(reason) {
        connections.delete(transport)
        aloneSinceMs = Date.now()
        inner.close(reason)
      },
    })
  }
  const listener = await listenOnSocket(registry.socketOf(id), accept)
  let ending: Promise<void> | null = null
  const end = (): Promise<void> => {
    ending ??= session.close().finally(async () => {
      listener.close()
      await rm(registry.socketOf(id), { force: true })
      process.exit(0)
    })
    return ending
  }
  let lonelyMs = LONELY_MS
  setInterval(() => {
    if (connections.size === 0 && Date.now() - aloneSinceMs > lonelyMs) void end()
  }, LOOK_MS).unref()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
  session.finished.then(
    result => {
      lonelyMs = FINISHED_LONELY_MS
      process.stdout.write(noticeLine('result', result))
    },
    error => {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exit(1)
    },
  )
  process.stdout.write(noticeLine('opening', { host: hostname(), ...slurmStep() }))
}

/** Where Slurm put us, so that a second command finds the way. */
function slurmStep(): { slurm?: { job: string; node: string } } {
  const { SLURM_JOB_ID: job, SLURMD_NODENAME: node } = process.env
  return job !== undefined && node !== undefined ? { slurm: { job, node } } : {}
}
