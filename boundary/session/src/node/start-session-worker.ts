import { MessageChannel, Worker } from 'node:worker_threads'
import type { Transport } from '@cleanbeam/channel'
import { nodePortTransport } from '@cleanbeam/channel/node'
import { errorFromBody } from '@cleanbeam/protocol'
import { SessionError } from '../session-error.ts'
import type { SessionResult } from '../session-host.ts'
import type { SessionSettings } from './open-session.ts'
import type { SessionWorkerData } from './run-session-worker.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** A session in a worker thread, as the server needs it. */
export interface WorkerSession {
  connect(): Transport
  /** Resolves when a client finishes the session; rejects when the worker dies before. */
  readonly finished: Promise<SessionResult>
  /** Ends session and worker. Products are complete on disk when this resolves. */
  close(): Promise<void>
}

/**
 * Starts a worker and opens a session in it.
 * @param entry - file of the worker, which calls `runSessionWorker`
 * @throws RemoteError with the tag of the error when the parameters are refused
 */
export async function startSessionWorker(entry: URL, settings: SessionSettings): Promise<WorkerSession> {
  const workerData: SessionWorkerData = { ...settings, role: 'session', entry: entry.href }
  const worker = new Worker(entry, { workerData })
  const tell = (message: ToWorker, transfer: Parameters<Worker['postMessage']>[1] = []) =>
    worker.postMessage(message, transfer)
  let resolveFinished: (result: SessionResult) => void = () => {}
  let closed: () => void = () => {}
  const whenClosed = new Promise<void>(resolve => {
    closed = resolve
  })
  const died = new Promise<never>((_resolve, reject) => {
    worker.once('error', error =>
      reject(new SessionError(`expected a session, got: ${error.message} (worker)`, {}, error)),
    )
    worker.once('exit', () => {
      closed()
      reject(new SessionError('expected a session, got the end of its worker'))
    })
  })
  const finished = Promise.race([
    died,
    new Promise<SessionResult>(resolve => {
      resolveFinished = resolve
    }),
  ])
  // Nobody needs to wait for the result; the failure of a session that nobody asks about is in its log.
  finished.catch(() => {})
  const opened = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'opened') resolve()
      else if (message.kind === 'refused') reject(errorFromBody(message.error))
      else if (message.kind === 'finished') resolveFinished(message.result)
      else closed()
    })
  })
  await Promise.race([opened, died])
  return {
    finished,
    connect() {
      const { port1, port2 } = new MessageChannel()
      tell({ kind: 'connect', port: port2 }, [port2])
      return nodePortTransport(port1)
    },
    async close() {
      tell({ kind: 'close', reason: 'the session was closed' })
      await whenClosed
      await worker.terminate()
    },
  }
}
