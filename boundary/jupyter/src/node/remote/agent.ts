// Our hand on a host: starts sessions that outlive the connection, lists and stops them.

import { spawn } from 'node:child_process'
import { open, readdir, readFile, writeFile } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { errorToBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../../jupyter-error.ts'
import { isRunning, processIdentity } from '../process-state.ts'
import { type AgentRequest, ANSWER_MARK, agentRequestSchema } from './agent-requests.ts'
import { openRegistry, type SessionEntry, type SessionRegistry } from './session-registry.ts'

const POLL_MS = 20
/** Batch systems may let a session wait for its turn. */
const OPENING_MS = 600_000
const STOP_MS = 10_000
const KILL_MS = 2_000

/** Reads a request from standard input, carries it out and writes the answer to standard output. */
export async function runAgent(): Promise<void> {
  let answer: JsonObject
  try {
    const request = agentRequestSchema.parse(JSON.parse(await textOf(process.stdin)))
    answer = { value: (await carryOut(request, await openRegistry())) as JsonObject }
  } catch (error) {
    answer = { error: { ...errorToBody(error) } }
  }
  process.stdout.write(`\n${ANSWER_MARK}${JSON.stringify(answer)}\n`)
}

async function carryOut(request: AgentRequest, registry: SessionRegistry): Promise<unknown> {
  switch (request.op) {
    case 'start':
      return startSession(request, registry)
    case 'list':
      return registry.list()
    case 'status':
      return locate(request.id, registry)
    case 'adopt':
      return adopt(request, registry)
    case 'result':
      return registry.notice(request.id, 'result')
    case 'stop':
      return stopSession(request.id, registry)
  }
}

/** What the near side needs to get at a session. */
async function locate(id: string, registry: SessionRegistry): Promise<JsonObject> {
  const kernel = await readFile(registry.connectionOf(id), 'utf8').then(JSON.parse, () => null)
  return { ...(await registry.status(id)), socket: registry.socketOf(id), kernel }
}

async function adopt(
  { id, kernelSession }: Extract<AgentRequest, { op: 'adopt' }>,
  registry: SessionRegistry,
): Promise<null> {
  const { alive: _alive, finished: _finished, ...entry } = await registry.status(id)
  await registry.save({ ...entry, kernelSession })
  return null
}

async function startSession(
  { id, packageId, settings, via, kernelKey }: Extract<AgentRequest, { op: 'start' }>,
  registry: SessionRegistry,
): Promise<JsonObject> {
  await registry.list()
  const { parameters, engine } = settings
  const entry: SessionEntry = {
    id,
    process: null,
    host: hostname(),
    engine,
    imagename: String(parameters.imagename),
    vis: String(parameters.vis),
    startedMs: Date.now(),
    packageId,
    reach: [],
  }
  await registry.create(entry, { id, ...settings })
  const [settingsFile, log] = [await open(registry.settingsOf(id), 'r'), await open(registry.logOf(id), 'a', 0o600)]
  const own = kernelKey === undefined ? [process.argv[1], 'session-host'] : await kernelCommand(id, kernelKey, registry)
  const [program, ...args] = [...via, process.execPath, ...own]
  const child = spawn(program, args, {
    stdio: [settingsFile.fd, log.fd, log.fd],
    detached: true,
    // Relative paths begin at the home folder, as they do for scp.
    cwd: homedir(),
    env: { ...process.env, CLEANBEAM_PACKAGE_ID: packageId },
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', cause => reject(new JupyterError(`expected to run ${program}, got: ${cause.message}`)))
  })
  child.unref()
  await Promise.all([settingsFile.close(), log.close()])
  entry.process = await processIdentity(child.pid ?? 0)
  await registry.save(entry)
  const opening = await untilOpen(id, child, registry)
  if (opening.error !== undefined) await registry.remove(id)
  else await registry.save({ ...entry, reach: reachOf(via, opening) })
  return opening
}

async function untilOpen(
  id: string,
  child: { exitCode: number | null; signalCode: NodeJS.Signals | null },
  registry: SessionRegistry,
): Promise<JsonObject> {
  const end = Date.now() + OPENING_MS
  while (Date.now() < end) {
    const ended = child.exitCode !== null || child.signalCode !== null
    const opening = (await registry.notice(id, 'opening')) ?? (await kernelOpening(id, registry))
    if (opening !== null) return opening
    if (ended) {
      const log = (await registry.log(id)).trim().slice(-1500)
      await registry.remove(id)
      throw new JupyterError(`expected a session to start, got exit status ${child.exitCode}: ${log} (host)`)
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  await stopSession(id, registry)
  throw new JupyterError(`expected a session within ${OPENING_MS / 60_000} minutes, got none (host)`)
}

/** Words that start our kernel; its connection file is written on the way. */
async function kernelCommand(id: string, key: string, registry: SessionRegistry): Promise<string[]> {
  const path = registry.connectionOf(id)
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 }
  const ip = join(registry.folderOf(id), 'k')
  const connection = { transport: 'ipc', ip, key, signature_scheme: 'hmac-sha256', ...ports }
  await writeFile(path, JSON.stringify(connection), { mode: 0o600 })
  const entry = join(dirname(process.argv[1]), '..', 'dist', 'kernel.js')
  return ['--experimental-import-meta-resolve', '--no-force-async-hooks-checks', entry, path]
}

/** A kernel is open when its five sockets are there. */
async function kernelOpening(id: string, registry: SessionRegistry): Promise<JsonObject | null> {
  const names = await readdir(registry.folderOf(id))
  const isOpen = [1, 2, 3, 4, 5].every(number => names.includes(`k-${number}`))
  return isOpen ? { host: hostname() } : null
}

/** How a second command gets to the node that Slurm chose for the first. */
function reachOf(via: readonly string[], { slurm }: JsonObject): string[] {
  if (via.length === 0 || typeof slurm !== 'object' || slurm === null) return [...via]
  const { job, node } = slurm as { job: string; node: string }
  return [via[0], '-u', '--overlap', `--jobid=${job}`, `--nodelist=${node}`, '--nodes=1', '--ntasks=1']
}

/** Kindly, then by force. @returns whether there was anything to stop */
async function stopSession(id: string, registry: SessionRegistry): Promise<{ stopped: boolean }> {
  const status = await registry.status(id)
  if (status.process !== null && status.alive) {
    signal(status.process.pid, 'SIGTERM')
    if (!(await ended(status.process, STOP_MS))) signal(status.process.pid, 'SIGKILL')
    await ended(status.process, KILL_MS)
  }
  await registry.remove(id)
  return { stopped: status.alive }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function ended(identity: NonNullable<SessionEntry['process']>, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    if (!(await isRunning(identity))) return true
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return false
}
