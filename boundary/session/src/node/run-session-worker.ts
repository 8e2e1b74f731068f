import type { MessagePort } from 'node:worker_threads'
import { nodePortTransport } from '@cleanbeam/channel/node'
import { errorToBody } from '@cleanbeam/protocol'
import { openSession, type SessionSettings } from './open-session.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * The worker's side: opens the session and lets connections in until it is told to close.
 * @param port - to the thread that started the worker
 */
export async function runSessionWorker(port: MessagePort, settings: SessionSettings): Promise<void> {
  const tell = (message: FromWorker) => port.postMessage(message)
  try {
    const host = await openSession(settings)
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'connect') host.accept(nodePortTransport(message.port))
      else host.close(message.reason).then(() => tell({ kind: 'closed' }))
    })
    host.finished.then(result => tell({ kind: 'finished', result }))
    tell({ kind: 'opened' })
  } catch (error) {
    tell({ kind: 'refused', error: errorToBody(error) })
    port.close()
  }
}
