import { type ChildProcess, spawn } from 'node:child_process'
import type { Transport } from '@cleanbeam/channel'
import { JupyterError } from '../jupyter-error.ts'
import { type ByteStream, streamTransport } from '../stream-transport.ts'
import { byteStreamOf } from './duplex-stream.ts'

/** The last of what a program wrote to stderr, for error messages. */
const MAX_STDERR = 2000

/**
 * Runs a program and speaks with it over its standard input and output: `ssh host cleanbeam bridge`,
 * `srun -u … cleanbeam bridge`. Its end closes the transport; closing the transport ends it.
 * @throws JupyterError when there is no such program
 */
export async function processTransport(command: string, args: readonly string[]): Promise<Transport> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', cause =>
      reject(new JupyterError(`expected to run ${command}, got: ${cause.message}`, { command }, cause)),
    )
  })
  return streamTransport(streamOfChild(child, command))
}

function streamOfChild(child: ChildProcess, command: string): ByteStream {
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new JupyterError(`expected pipes to ${command}`)
  const stream = byteStreamOf(stdout, stdin)
  let complaint = ''
  stderr.on('data', (chunk: Uint8Array) => {
    complaint = (complaint + new TextDecoder().decode(chunk)).slice(-MAX_STDERR)
  })
  return {
    ...stream,
    onEnd(handler) {
      // stderr may hold the reason, and is complete only when the process has closed everything.
      child.once('close', (code, signal) => {
        const how = signal === null ? `exit status ${code}` : `signal ${signal}`
        handler(`${command} ended with ${how}${complaint === '' ? '' : `: ${complaint.trim()}`}`)
      })
    },
    close() {
      stream.close()
      child.kill()
    },
  }
}

/** The other end: a transport over this process's own standard input and output. Nothing else may write to stdout. */
export function ownStdioTransport(): Transport {
  return streamTransport(byteStreamOf(process.stdin, process.stdout))
}
