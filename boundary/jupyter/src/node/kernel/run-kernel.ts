import { writeSync } from 'node:fs'
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import type { SessionSettingsData } from '../../session-comm.ts'
import type { HostedSession } from '../../session-comms.ts'
import { SessionComms } from '../../session-comms.ts'
import { readConnectionFile } from '../connection-info.ts'
import { CellClient } from './cell-client.ts'
import { type CellApi, type CellHost, runCellThread } from './cell-thread.ts'
import { bindKernelSockets } from './kernel-sockets.ts'
import { ProtocolKernel } from './protocol-kernel.ts'
import { MainThreadInspector } from './side-effect-free.ts'
import { type CellCompiler, loadCellCompiler } from './transpile-cell.ts'

export interface KernelOptions {
  /** File of this kernel's entry, which calls `runKernel` in the main thread and again in its worker. */
  readonly entry: URL
  readonly connectionFile: string
  readonly version: string
  /** What cells find; called in the main thread. */
  readonly makeApi: (host: CellHost) => CellApi
  /** Starts a session for a client; called in the worker. */
  readonly startSession: (settings: SessionSettingsData) => Promise<HostedSession>
  /** Documentation of a name of the API; called in the worker. */
  readonly documentation: (name: string) => string | null
}

const PARENT_LOOK_MS = 1000

/**
 * A Jupyter kernel in this process: cells run in the main thread, clients are spoken with in a worker, so that they are
 * answered whatever a cell does.
 */
export async function runKernel(options: KernelOptions): Promise<void> {
  if (isMainThread) await runMainThread(options)
  else await runProtocolThread(options, parentPort as MessagePort)
}

async function runMainThread({ entry, connectionFile, makeApi }: KernelOptions): Promise<void> {
  const worker = new Worker(entry, { workerData: { connectionFile }, argv: process.argv.slice(2) })
  worker.on('error', error => {
    // process.stderr goes to the notebook by now, and nobody is there to take it.
    writeSync(2, `cleanbeam kernel: ${error.stack}\n`)
    process.exit(1)
  })
  worker.on('exit', () => process.exit(0))
  watchParent()
  await runCellThread(worker, makeApi)
}

async function runProtocolThread(options: KernelOptions, port: MessagePort): Promise<void> {
  const { connectionFile } = workerData as { readonly connectionFile: string }
  const sockets = await bindKernelSockets(await readConnectionFile(connectionFile))
  const inspector = new MainThreadInspector()
  const cells = new CellClient(port, inspector)
  const sessions = new SessionComms(options.startSession)
  let compiler: Promise<CellCompiler> | null = null
  const kernel = new ProtocolKernel({
    sockets,
    cells,
    inspector,
    sessions,
    compiler: () => (compiler ??= loadCellCompiler()),
    version: options.version,
    documentation: options.documentation,
  })
  await cells.ready
  kernel.start()
}

/** Ends with whoever started us, when that is Jupyter, which tells its process number. */
function watchParent(): void {
  const parent = process.ppid
  if (process.env.JPY_PARENT_PID !== String(parent)) return
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0)
  }, PARENT_LOOK_MS).unref()
}
