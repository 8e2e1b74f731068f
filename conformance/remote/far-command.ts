import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { repositoryRoot } from '../structure/source-graph.ts'
import type { TestHost } from './sshd.ts'

const COMMAND = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')

/** Runs a command of ours to its end, against a test host. */
export function runFar(
  host: TestHost,
  args: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: host.folder,
    env: { ...process.env, ...host.env },
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}

/** A session started from this side. */
export interface FarSession {
  readonly url: string
  /** Id of the session on the host. */
  readonly id: string
  readonly pid: number
  stderr(): string
  /** Resolves with the exit status. */
  readonly ended: Promise<number | null>
  signal(name: NodeJS.Signals): void
}

/** Starts `cleanbeam <args> --no-open --json` and waits for the line that names the address. */
export async function startFar(host: TestHost, args: readonly string[]): Promise<FarSession> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--no-open', '--json'], {
    cwd: host.folder,
    env: { ...process.env, ...host.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text
  })
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const first = await new Promise<{ url: string; session: string }>((resolve, reject) => {
    void ended.then(code => reject(new Error(`cleanbeam ended with ${code} before it printed an address: ${errors}`)))
    createInterface(child.stdout).once('line', line => resolve(JSON.parse(line)))
  })
  return {
    url: first.url,
    id: first.session,
    pid: child.pid as number,
    stderr: () => errors,
    ended,
    signal: name => void child.kill(name),
  }
}

/** Process numbers of the ssh that a session's near side holds. */
export function sshOf(session: FarSession): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(session.pid)], { encoding: 'utf8' })
  return [...stdout.matchAll(/^\s*(\d+) ssh .* -M /gm)].map(([, pid]) => Number(pid))
}
