import type { MessagePort } from 'node:worker_threads'
import { nodePortTransport } from '@cleanbeam/channel/node'
import { errorToBody } from '@cleanbeam/protocol'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import { type EngineFactory, openSession, type SessionSettings } from './open-session.ts'
import { runCleanWorker } from './run-clean-worker.ts'
import { startCleanWorker } from './start-clean-worker.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * What the worker entry is started for: the session, which answers clients at once, or gclean, which keeps its thread
 * busy for long.
 */
export type SessionWorkerData =
  | ({ readonly role: 'session'; readonly entry: string } & SessionSettings)
  | ({ readonly role: 'clean' } & Pick<SessionSettings, 'parameters' | 'engine' | 'format' | 'limits'>)

/**
 * Body of the worker entry.
 * @param port - to the thread that started the worker
 * @param createEngine - default: the native engine, whatever the settings name
 */
export async function runSessionWorker(
  port: MessagePort,
  data: SessionWorkerData,
  createEngine: EngineFactory = ({ format, limits }) => createNativeEngine({ format, ...limits }),
): Promise<void> {
  if (data.role === 'clean') await runCleanWorker(port, data.parameters, () => createEngine(data))
  else await runSession(port, data.entry, data)
}

async function runSession(port: MessagePort, entry: string, settings: SessionSettings): Promise<void> {
  const tell = (message: FromWorker) => port.postMessage(message)
  try {
    const { parameters, engine, format, limits } = settings
    const driver = await startCleanWorker(new URL(entry), { role: 'clean', parameters, engine, format, limits })
    const host = await openSession(settings, driver)
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'connect') host.accept(nodePortTransport(message.port))
      else {
        host
          .close(message.reason)
          .catch(error => console.error(error instanceof Error ? error.message : String(error)))
          .then(() => tell({ kind: 'closed' }))
      }
    })
    host.finished.then(result => tell({ kind: 'finished', result }))
    tell({ kind: 'opened' })
  } catch (error) {
    tell({ kind: 'refused', error: errorToBody(error) })
    port.close()
  }
}
