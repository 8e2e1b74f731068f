// cleanbeam remote check|install|list|attach|stop HOST

import type { RemoteHost, SessionStatus } from '@cleanbeam/jupyter/node'
import type { Command } from 'commander'
import { localPackage } from '../api/local-package.ts'
import { CommandError } from './command-error.ts'
import { printJson } from './output.ts'
import { serveIclean } from './serve-iclean.ts'
import { formatTable } from './table-text.ts'
import { terminalAsker } from './terminal-asker.ts'

interface JsonOption {
  readonly json?: boolean
}

export function defineRemoteCommand(command: Command): void {
  const sub = (usage: string, summary: string) =>
    command.command(usage).description(summary).option('--json', 'prints the result as JSON on stdout')
  sub('check <host>', 'says what a host has and what it lacks')
    .option('--engine <native|casa>', 'what shall do the imaging there', 'native')
    .action(checkRemote)
  sub('install <host>', 'puts this Cleanbeam on a host, over ssh').action(installRemote)
  sub('list <host>', 'lists the sessions that run on a host').action(listRemote)
  sub('stop <host> [id]', 'ends a session on a host; --all ends all of them')
    .option('--all', 'ends all')
    .action(stopRemote)
  sub('attach <host> [id]', 'opens the page of a session that runs on a host; the newest without an id')
    .option('--port <number>', 'port on 127.0.0.1; any free one by default')
    .option('--no-open', 'does not open a browser, only prints the address')
    .option('--return <file>', 'writes the return dictionary as JSON when the session is finished')
    .action(attachToRemote)
}

async function withHost<T>(host: string, work: (remote: RemoteHost) => Promise<T>): Promise<T> {
  const { openRemoteHost } = await import('@cleanbeam/jupyter/node')
  const remote = await openRemoteHost(host, localPackage(), { ask: terminalAsker() })
  try {
    return await work(remote)
  } finally {
    await remote.close()
  }
}

async function checkRemote(host: string, options: JsonOption & { readonly engine: string }): Promise<void> {
  const { engine } = options
  if (engine !== 'native' && engine !== 'casa') {
    throw new CommandError(`expected --engine native or casa, got '${engine}'`, { engine })
  }
  await withHost(host, async remote => {
    const findings = remote.findings({ engine }, true)
    const { facts } = remote
    if (options.json) printJson({ facts, findings })
    else
      process.stdout.write(
        `${factsText(facts)}${findings.map(({ level, message }) => `${level}: ${message}\n`).join('')}`,
      )
    if (findings.some(({ level }) => level === 'error')) process.exitCode = 1
  })
}

function factsText({
  host,
  system,
  nCpu,
  memoryBytes,
  diskBytes,
  node,
  packages,
  pythons,
}: RemoteHost['facts']): string {
  const gib = (bytes: number | null) => (bytes === null ? '?' : `${(bytes / 1024 ** 3).toFixed(1)} GiB`)
  const casa = pythons.map(({ path, python, casatasks, ipykernel }) => {
    return `${path} ${python}, casatasks ${casatasks ?? 'none'}, ipykernel ${ipykernel ?? 'none'}`
  })
  const lines = [
    `${host}: ${system}, ${nCpu ?? '?'} processors, ${gib(memoryBytes)} memory free, ${gib(diskBytes)} disk free`,
    `Node.js: ${node === null ? 'none' : `${node.version} ${node.path}`}`,
    `Cleanbeam: ${packages.join(', ') || 'none'}`,
    ...casa.map(text => `Python: ${text}`),
  ]
  return `${lines.join('\n')}\n`
}

async function installRemote(host: string, { json }: JsonOption): Promise<void> {
  await withHost(host, async remote => {
    const { requireNoErrors } = await import('@cleanbeam/jupyter/node')
    requireNoErrors(remote.findings({ engine: 'native' }, false).filter(({ what }) => what === 'tar'))
    const done = await remote.install()
    if (json) printJson(done)
    else
      process.stdout.write(`${done.sentBytes === 0 ? 'already there' : 'installed'}: Cleanbeam ${done.id} on ${host}\n`)
    for (const { message } of remote.findings({ engine: 'native' }, false)) process.stderr.write(`${message}\n`)
  })
}

async function listRemote(host: string, { json }: JsonOption): Promise<void> {
  const [sessions, kernels] = await withHost(host, async remote => {
    return [await readySessions(remote), await strayKernels(remote)] as const
  })
  if (json) return printJson(sessions)
  for (const { id } of kernels) process.stdout.write(`${id}: CASA whose session has ended; remote stop ends it\n`)
  if (sessions.length === 0) {
    process.stdout.write(`no sessions on ${host}\n`)
    return
  }
  const rows = sessions.map(({ id, imagename, vis, engine, startedMs, finished }) => {
    return [
      id,
      new Date(startedMs).toISOString().slice(0, 16),
      engine,
      finished ? 'finished' : 'running',
      imagename,
      vis,
    ]
  })
  process.stdout.write(`${formatTable(['id', 'started', 'engine', 'state', 'imagename', 'vis'], rows)}\n`)
}

async function stopRemote(
  host: string,
  id: string | undefined,
  options: JsonOption & { readonly all?: boolean },
): Promise<void> {
  if ((id === undefined) !== (options.all === true)) {
    throw new CommandError(`expected the id of a session or --all, got ${id === undefined ? 'neither' : 'both'}`)
  }
  const stopped = await withHost(host, async remote => {
    const all = async () => [...(await readySessions(remote)), ...(await strayKernels(remote))].map(found => found.id)
    const ids = id === undefined ? await all() : [id]
    for (const one of ids) await (one.startsWith('kernel-') ? stopKernel(remote, one) : remote.stop(one))
    return ids
  })
  if (options.json) printJson({ stopped })
  else process.stdout.write(`stopped: ${stopped.join(' ') || 'nothing was running'}\n`)
}

/** A host without our package has no sessions. */
async function readySessions(remote: RemoteHost): Promise<SessionStatus[]> {
  if (remote.facts.packages.length === 0 || remote.facts.node === null) return []
  await remote.install()
  return remote.sessions()
}

/** CASA's kernels that were started for a host without Node.js; a program that was killed leaves its own behind. */
async function strayKernels(remote: RemoteHost): Promise<readonly { readonly id: string }[]> {
  const { casaPython, listRemoteKernels } = await import('@cleanbeam/jupyter/node')
  const python = casaPython(remote.facts)
  return python === null ? [] : listRemoteKernels(remote.ssh, python.path)
}

async function stopKernel(remote: RemoteHost, id: string): Promise<void> {
  const { casaPython, removeRemoteKernel } = await import('@cleanbeam/jupyter/node')
  const python = casaPython(remote.facts)
  if (python === null) throw new CommandError(`expected CASA's Python on the host for ${id}, got none`)
  await removeRemoteKernel(remote.ssh, python.path, id)
}

interface AttachOptions extends JsonOption {
  readonly port?: string
  readonly open: boolean
  readonly return?: string
}

async function attachToRemote(host: string, id: string | undefined, options: AttachOptions): Promise<void> {
  const chosen = id ?? (await withHost(host, readySessions)).at(-1)?.id
  if (chosen === undefined) throw new CommandError(`expected a session on ${host}, got none: start one with iclean`)
  const { attachRemote } = await import('../api/remote-iclean.ts')
  await serveIclean(options, settings => attachRemote(host, chosen, { ...settings, onNotice, ask: terminalAsker() }))
}

const onNotice = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
