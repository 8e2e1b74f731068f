import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JupyterError } from '../jupyter-error.ts'
import type { KernelClient } from '../kernel-client.ts'
import { LinkClient, type LinkClientOptions } from '../link-client.ts'
import type { ConnectionInfo } from './connection-info.ts'
import { makeKernelFolder, requirePrivateFolder } from './kernel-folder.ts'
import { openSocketLink } from './socket-link.ts'

/** A kernelspec's part about starting, or one of your own. */
export interface KernelCommand {
  /** '{connection_file}' stands for the path of the connection file. */
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** How the kernel wants to be interrupted; default 'signal' as kernelspecs have it. */
  readonly interruptMode?: 'signal' | 'message'
}

export interface StartKernelOptions extends LinkClientOptions {
  readonly cwd?: string
  /** Folder for connection file and sockets, made private; default: a fresh one, removed with the kernel. */
  readonly folder?: string
}

/** A kernel in a process of ours. */
export interface RunningKernel {
  /** Stays the same through `restart`. */
  readonly client: KernelClient
  readonly pid: number
  readonly connection: ConnectionInfo
  readonly connectionFile: string
  /** The process has ended, by itself or because it was told to. @returns a function that ends the subscription */
  onDeath(handler: (reason: string) => void): () => void
  /** By signal or by message, as the kernel wants it. */
  interrupt(): Promise<void>
  /** Ends the process, kindly then by force, and starts another at the same address. */
  restart(): Promise<void>
  /** Asks the kernel to end, then SIGTERM, then SIGKILL, each after half of the time; default 5 s. */
  shutdown(timeoutMs?: number): Promise<void>
  /** SIGKILL at once. */
  kill(): void
}

/** What a kernel wrote to stderr last, for the message about its death. */
const MAX_COMPLAINT = 2000

/**
 * Starts a kernel over unix sockets in a private folder and waits until it answers.
 * @throws JupyterError when it cannot be run, ends at once, or does not answer in time
 */
export async function startKernel(command: KernelCommand, options: StartKernelOptions = {}): Promise<RunningKernel> {
  const folder = options.folder ?? (await makeKernelFolder())
  await requirePrivateFolder(folder)
  const connection: ConnectionInfo = {
    transport: 'ipc',
    ip: join(folder, 'k'),
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
    signature_scheme: 'hmac-sha256',
    key: randomBytes(32).toString('hex'),
  }
  const connectionFile = join(folder, 'kernel.json')
  await writeFile(connectionFile, JSON.stringify(connection), { mode: 0o600 })
  const client = new LinkClient(await openSocketLink(connection), options)
  const kernel = new KernelProcess(command, options, connection, connectionFile, client)
  try {
    await kernel.start()
    return kernel
  } catch (error) {
    kernel.kill()
    client.dispose()
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    throw error
  }
}

class KernelProcess implements RunningKernel {
  readonly client: LinkClient
  readonly connection: ConnectionInfo
  readonly connectionFile: string
  readonly #command: KernelCommand
  readonly #options: StartKernelOptions
  readonly #deathHandlers = new Set<(reason: string) => void>()
  #child: ChildProcess | null = null
  #ended: Promise<void> = Promise.resolve()

  constructor(
    command: KernelCommand,
    options: StartKernelOptions,
    connection: ConnectionInfo,
    connectionFile: string,
    client: LinkClient,
  ) {
    this.#command = command
    this.#options = options
    this.connection = connection
    this.connectionFile = connectionFile
    this.client = client
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async start(): Promise<void> {
    await this.#spawn()
    await this.client.ready()
  }

  onDeath(handler: (reason: string) => void): () => void {
    this.#deathHandlers.add(handler)
    return () => this.#deathHandlers.delete(handler)
  }

  async interrupt(): Promise<void> {
    if (this.#command.interruptMode === 'message') await this.client.interrupt()
    else this.#child?.kill('SIGINT')
  }

  async restart(): Promise<void> {
    await this.#endProcess(true, 2000)
    await this.#spawn()
    await this.client.revived()
  }

  async shutdown(timeoutMs = 5000): Promise<void> {
    await this.#endProcess(false, timeoutMs)
    this.client.dispose()
    if (this.#options.folder === undefined) {
      await rm(join(this.connectionFile, '..'), { recursive: true, force: true })
    }
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  async #spawn(): Promise<void> {
    const [program, ...args] = this.#command.argv.map(word => word.replaceAll('{connection_file}', this.connectionFile))
    const child = spawn(program, args, {
      cwd: this.#options.cwd,
      // ipykernel watches this process and ends when we do.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...this.#command.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for us, the kernel is interrupted through its protocol.
      detached: true,
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', cause =>
        reject(new JupyterError(`expected to run ${program}, got: ${cause.message}`, { program }, cause)),
      )
    })
    this.#child = child
    this.#ended = this.#watch(child, program)
  }

  #watch(child: ChildProcess, program: string): Promise<void> {
    let complaint = ''
    child.stderr?.on('data', (chunk: Uint8Array) => {
      complaint = (complaint + new TextDecoder().decode(chunk)).slice(-MAX_COMPLAINT)
    })
    return new Promise(resolve => {
      child.once('exit', (code, signal) => {
        const how = signal === null ? `exit status ${code}` : `signal ${signal}`
        const why = complaint.trim() === '' ? '' : `: ${complaint.trim()}`
        const reason = `the kernel ${program} (process ${child.pid}) ended with ${how}${why}`
        this.client.died(reason)
        for (const handler of [...this.#deathHandlers]) handler(reason)
        resolve()
      })
    })
  }

  async #endProcess(restart: boolean, timeoutMs: number): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const within = (milliseconds: number) =>
      Promise.race([
        this.#ended.then(() => true),
        new Promise<boolean>(resolve => setTimeout(() => resolve(false), milliseconds).unref()),
      ])
    this.client.shutdown(restart).catch(() => {})
    if (await within(timeoutMs / 2)) return
    child.kill('SIGTERM')
    if (await within(timeoutMs / 2)) return
    child.kill('SIGKILL')
    await this.#ended
  }
}
