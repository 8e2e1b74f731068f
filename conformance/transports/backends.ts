// The ways to a session that need no other machine.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { memoryTransportPair, openedWebSocket } from '@cleanbeam/channel'
import type { GcleanInput } from '@cleanbeam/gclean'
import { type KernelSession, startKernelSession } from '@cleanbeam/jupyter'
import { processTransport, type RunningKernel, startKernel } from '@cleanbeam/jupyter/node'
import { startServer } from '@cleanbeam/server/node'
import { openSession, startSessionWorker } from '@cleanbeam/session/node'
import type { JsonObject } from '@cleanbeam/types'
import { WebSocket } from 'ws'
import { repositoryRoot } from '../structure/source-graph.ts'
import { agentAnswer } from './agent-answer.ts'
import type { OpenedSession } from './transport-suite.ts'

const DIST = join(repositoryRoot, 'cleanbeam/dist')
export const CLI = join(repositoryRoot, 'cleanbeam/bin/cleanbeam.js')
const RELAY = join(import.meta.dirname, 'relay.py')

export const packageIsMissing = (): string | null =>
  existsSync(join(DIST, 'session-worker.js')) ? null : 'the package is not built'

const inputOf = (parameters: JsonObject): GcleanInput => parameters as unknown as GcleanInput

export async function openSameProcess(parameters: JsonObject): Promise<OpenedSession> {
  const host = await openSession({ parameters: inputOf(parameters) })
  return {
    async connect() {
      const [near, far] = memoryTransportPair()
      host.accept(far)
      return near
    },
    close: () => host.close('the test is over'),
  }
}

export const startWorker = (parameters: JsonObject) =>
  startSessionWorker(pathToFileURL(join(DIST, 'session-worker.js')), { parameters: inputOf(parameters) })

export async function openWorker(parameters: JsonObject): Promise<OpenedSession> {
  const session = await startWorker(parameters)
  return { connect: async () => session.connect(), close: () => session.close() }
}

export async function openWebSocket(parameters: JsonObject): Promise<OpenedSession> {
  const server = await startServer({ session: await startWorker(parameters) })
  const url = `${server.address.replace(/^http/, 'ws')}socket`
  return {
    connect: () =>
      openedWebSocket(
        new WebSocket(url, { headers: { authorization: `Bearer ${server.token}` }, perMessageDeflate: false }),
      ),
    close: () => server.close(),
  }
}

/** A kernel shared by the sessions of one suite. */
export interface KernelRig {
  before(): Promise<void>
  after(): Promise<void>
  open(parameters: JsonObject): Promise<OpenedSession>
}

const openedOf = (session: KernelSession): OpenedSession => ({
  connect: async () => session.connect(),
  close: () => session.close(),
})

export function nodeKernel(): KernelRig {
  let kernel: RunningKernel | null = null
  return {
    async before() {
      const argv = [process.execPath, join(DIST, 'kernel.js'), '{connection_file}']
      kernel = await startKernel({ argv, interruptMode: 'message' })
    },
    after: async () => kernel?.shutdown(),
    async open(parameters) {
      if (kernel === null) throw new Error('expected a kernel, got none')
      return openedOf(await startKernelSession(kernel.client, { parameters: { ...parameters } as never }))
    },
  }
}

/** ipykernel, whose relay runs our engine in child processes. Comms are handled in a subshell. */
export function pythonKernel(python: string): KernelRig {
  let kernel: RunningKernel | null = null
  let subshellId: string | undefined
  return {
    async before() {
      kernel = await startKernel({ argv: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'] })
      const start = `start(${JSON.stringify([process.execPath, CLI])})`
      await kernel.client.execute(`${readFileSync(RELAY, 'utf8')}\n\n${start}`, { silent: true })
      subshellId = await kernel.client.createSubshell()
    },
    after: async () => kernel?.shutdown(),
    async open(parameters) {
      if (kernel === null) throw new Error('expected a kernel, got none')
      const settings = { parameters: { ...parameters } as never }
      return openedOf(await startKernelSession(kernel.client, settings, { subshellId }))
    },
  }
}

/** A session in a process of its own; every connection to it is a child of ours. */
export async function openStdioBridge(parameters: JsonObject): Promise<OpenedSession & { readonly id: string }> {
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 12)
  const settings = { parameters, engine: 'native' }
  await agentAnswer(CLI, { op: 'start', id, packageId: 'test', settings, via: [] })
  return {
    id,
    connect: () => processTransport(process.execPath, [CLI, 'bridge', id]),
    close: async () => {
      await agentAnswer(CLI, { op: 'stop', id })
    },
  }
}
