import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { repositoryRoot } from '../structure/source-graph.ts'

/** An interactive session as a user starts it: the built command line in a process of its own. */
export interface CleanbeamProcess {
  /** Address with the token, as printed. */
  readonly url: string
  readonly process: ChildProcess
  /** Everything written to stderr so far. */
  stderr(): string
  stop(): Promise<void>
}

/** Starts `cleanbeam <args> --no-open --json` in `folder` and waits for the line that names the address. */
export async function startCleanbeam(args: readonly string[], folder: string): Promise<CleanbeamProcess> {
  const command = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')
  const child = spawn(process.execPath, [command, ...args, '--no-open', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', code =>
      reject(new Error(`cleanbeam ended with ${code} before it printed an address: ${errors}`)),
    )
    createInterface(child.stdout).once('line', line => resolve(JSON.parse(line).url))
  })
  const stop = () =>
    new Promise<void>(resolve => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })
  return { url, process: child, stderr: () => errors, stop }
}
