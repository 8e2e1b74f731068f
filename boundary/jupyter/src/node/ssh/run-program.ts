import { spawn } from 'node:child_process'
import { JupyterError } from '../../jupyter-error.ts'

/** The last of what a program printed, for error messages. */
const MAX_WORDS = 2000

export interface ProgramSettings {
  readonly input: string | Uint8Array
  readonly timeoutMs: number
  /** For error messages. */
  readonly where: string
  readonly signal?: AbortSignal
}

/**
 * Runs a program to its end.
 * @throws JupyterError with what it printed when it fails, is not there or takes too long
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { input, timeoutMs, where, signal }: ProgramSettings,
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], signal, timeout: timeoutMs })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  // A program that ends before it has read everything says why by its status.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const { status, killed } = await new Promise<{ status: number | null; killed: boolean }>((resolve, reject) => {
    child.once('error', cause =>
      reject(new JupyterError(`expected ${program} to run, got: ${cause.message}`, {}, cause)),
    )
    child.once('close', code => resolve({ status: code, killed: child.killed }))
  })
  const output = Buffer.concat(stdout)
  if (status === 0) return { stdout: output, stderr }
  const words = (stderr.trim() || output.toString('utf8').trim()).slice(-MAX_WORDS)
  const how = killed ? `nothing within ${timeoutMs / 1000} s` : `exit status ${status}`
  throw new JupyterError(`expected an answer, got ${how}${words === '' ? '' : `: ${words}`} (${where})`, {
    status: status ?? -1,
  })
}
