// One connection of the user's own ssh to a host (a "master"); commands and forwarded sockets run inside it.
// Source: https://man.openbsd.org/ssh_config.5 (ControlMaster, ControlPath)

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transport } from '@cleanbeam/channel'
import { JupyterError } from '../../jupyter-error.ts'
import { processTransport } from '../process-transport.ts'
import { type AskPass, type SshAsker, startAskPass } from './ask-pass.ts'
import { runProgram } from './run-program.ts'
import { checkHostName, parseSshCommand } from './ssh-command.ts'

const POLL_MS = 15
const CHECK_MS = 2000
const COMMAND_MS = 60_000
/** Longest wait for a connection on which nothing is asked. */
const CONNECT_SECONDS = 20
/** A dead link is noticed after this many unanswered probes, seconds apart. */
const ALIVE_SECONDS = 5
const ALIVE_COUNT = 3
const MAX_STDERR = 4000

export interface SshOptions {
  /** Answers ssh's questions; without it they are declined. */
  readonly ask?: SshAsker
  /** Program and options; default: CLEANBEAM_SSH_COMMAND, else `ssh`. */
  readonly command?: readonly string[]
}

/** What a command on the host answered. */
export interface CommandOutput {
  readonly stdout: Buffer
  readonly stderr: string
}

/**
 * Opens a connection to a host, and again whenever it is needed and has been lost.
 * @throws JupyterError with ssh's own words when it cannot be made
 */
export async function openSsh(host: string, options: SshOptions = {}): Promise<SshConnection> {
  checkHostName(host)
  const folder = await mkdtemp(join(tmpdir(), 'cb-'))
  const askPass = await startAskPass(folder, host, options.ask ?? (async () => null))
  const connection = new SshConnection(host, options.command ?? parseSshCommand(), folder, askPass)
  try {
    await connection.ensure()
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

export class SshConnection {
  readonly host: string
  /** A folder of this connection's own, mode 0700, removed with it. */
  readonly folder: string
  readonly #command: readonly string[]
  readonly #control: string
  readonly #askPass: AskPass
  #master: ChildProcess | null = null
  #opening: Promise<void> | null = null
  #closed = false
  readonly #lostHandlers = new Set<() => void>()

  constructor(host: string, command: readonly string[], folder: string, askPass: AskPass) {
    this.host = host
    this.folder = folder
    this.#command = command
    this.#control = join(folder, 'control')
    this.#askPass = askPass
  }

  /** Process number of the running ssh; null when there is none. */
  get pid(): number | null {
    return this.#master?.pid ?? null
  }

  /** A connection that stood is gone, not because it was closed. @returns a function that ends the subscription */
  onLost(handler: () => void): () => void {
    this.#lostHandlers.add(handler)
    return () => this.#lostHandlers.delete(handler)
  }

  /** Makes the connection unless it stands. */
  ensure(): Promise<void> {
    if (this.#closed) return Promise.reject(new JupyterError(`expected an open connection to ${this.host}, got none`))
    this.#opening ??= this.#ensure().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  /** Ends the running ssh when it no longer answers, so that the next `ensure` makes a new one. */
  async dropIfSilent(): Promise<void> {
    if (this.#master === null) return
    try {
      await this.#control_('check', [], CHECK_MS)
    } catch {
      this.#kill()
    }
  }

  /**
   * Runs a command of fixed words; anything variable goes through `input`, where nothing needs quoting.
   * @param command - read by the user's shell on the host
   * @throws JupyterError with what it printed, when it fails
   */
  async run(
    command: string,
    input: string | Uint8Array = '',
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
  ): Promise<CommandOutput> {
    await this.ensure()
    const [program, ...args] = this.#commandLine(command)
    return runProgram(program, args, {
      input,
      timeoutMs: COMMAND_MS,
      ...options,
      where: `${this.host}: ${command.slice(0, 60)}`,
    })
  }

  /** A transport over the standard input and output of a program on the host. */
  async stream(command: string): Promise<Transport> {
    await this.ensure()
    const [program, ...args] = this.#commandLine(command)
    return processTransport(program, args)
  }

  /**
   * Connects a local unix socket to one on the host.
   * @throws JupyterError when ssh refuses; a host that refuses does so only when the socket is used
   */
  async forward(localPath: string, remotePath: string): Promise<void> {
    await this.ensure()
    await rm(localPath, { force: true })
    await this.#control_('forward', ['-L', `${localPath}:${remotePath}`], COMMAND_MS)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#askPass.close()
    if (this.#master !== null) await this.#control_('exit', [], CHECK_MS).catch(() => this.#kill())
    await rm(this.folder, { recursive: true, force: true })
  }

  /** A command inside the connection; without it ssh must not open one of its own. */
  #commandLine(command: string): string[] {
    const inside = ['-S', this.#control, '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false']
    return [...this.#command, ...inside, '-o', 'RemoteCommand=none', '-T', '-a', '-x', '--', this.host, command]
  }

  async #control_(operation: 'check' | 'forward' | 'exit', args: readonly string[], timeoutMs: number): Promise<void> {
    const [program, ...base] = this.#command
    const words = [...base, '-S', this.#control, '-O', operation, ...args, '--', this.host]
    await runProgram(program, words, { input: '', timeoutMs, where: `ssh -O ${operation} ${this.host}` })
  }

  async #ensure(): Promise<void> {
    if (this.#master !== null && existsSync(this.#control)) return
    this.#kill()
    await rm(this.#control, { force: true })
    const child = this.#start()
    let complaint = ''
    let ready = false
    child.stderr?.on('data', (chunk: Uint8Array) => {
      complaint = (complaint + new TextDecoder().decode(chunk)).slice(-MAX_STDERR)
    })
    const ended = new Promise<never>((_resolve, reject) => {
      child.once('error', cause => reject(new JupyterError(`expected to run ssh, got: ${cause.message}`, {}, cause)))
      child.once('close', () => reject(connectionError(this.host, complaint)))
    })
    ended.catch(() => {})
    child.once('exit', () => {
      if (this.#master === child) this.#master = null
      if (ready && !this.#closed) for (const handler of [...this.#lostHandlers]) handler()
    })
    this.#master = child
    await Promise.race([ended, this.#untilReady(child)])
    ready = true
  }

  #start(): ChildProcess {
    const [program, ...base] = this.#command
    const options = [
      'ControlPersist=no',
      'ClearAllForwardings=yes',
      'RemoteCommand=none',
      'PermitLocalCommand=no',
      'StreamLocalBindUnlink=yes',
      `ConnectTimeout=${CONNECT_SECONDS}`,
      `ServerAliveInterval=${ALIVE_SECONDS}`,
      `ServerAliveCountMax=${ALIVE_COUNT}`,
    ]
    const words = options.flatMap(option => ['-o', option])
    // `cat` ends when this process does, however it ends, and ssh with it.
    const tail = ['-T', '-a', '-x', ...words, '--', this.host, 'exec cat']
    return spawn(program, [...base, '-M', '-S', this.#control, ...tail], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, ...this.#askPass.environment },
      // Away from the terminal, whose Ctrl-C is for us and where old versions would ask instead of asking us.
      detached: true,
    })
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    while (!existsSync(this.#control) && child.exitCode === null && child.signalCode === null) {
      await new Promise(resolve => setTimeout(resolve, POLL_MS))
    }
  }

  #kill(): void {
    this.#master?.kill('SIGKILL')
    this.#master = null
  }
}

function connectionError(host: string, complaint: string): JupyterError {
  const words = complaint.trim() || 'ssh ended without a word'
  return new JupyterError(`expected a connection to ${host}, got: ${words}${remedyFor(host, words)}`, { host })
}

function remedyFor(host: string, words: string): string {
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(words)) {
    return ` (somebody may be listening in; only if you know that the host was set up anew: ssh-keygen -R ${host})`
  }
  if (/Host key verification failed/.test(words)) return ` (accept the host's key once: ssh ${host})`
  if (/Permission denied/.test(words)) return ` (try: ssh ${host})`
  if (/Could not resolve|timed out|refused|No route/i.test(words)) {
    return ` (is the name right, and is the host reachable: ssh ${host})`
  }
  return ''
}
