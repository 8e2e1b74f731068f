import type { MessagePort } from 'node:worker_threads'
import { type GcleanInput, gclean } from '@cleanbeam/gclean'
import { DEFAULT_STATES_BYTES, openSessionFolder } from '@cleanbeam/gclean/node'
import { errorToBody } from '@cleanbeam/protocol'
import type { CallOptions, ImagingEngine } from '@cleanbeam/types'
import { type CleanDriver, localDriver } from '../clean-driver.ts'
import type { CleanRequest, FromCleanWorker, ToCleanWorker } from './clean-worker-messages.ts'

/** Runs gclean and its engine for the session at the other end of the port. */
export async function runCleanWorker(
  port: MessagePort,
  parameters: GcleanInput,
  createEngine: () => ImagingEngine | Promise<ImagingEngine>,
): Promise<void> {
  const tell = (message: FromCleanWorker) => port.postMessage(message)
  const aborts = new Map<number, AbortController>()
  let driver: CleanDriver
  let engine: ImagingEngine
  try {
    engine = await createEngine()
    const session = openSessionFolder(parameters.imagename, { keepBytes: DEFAULT_STATES_BYTES })
    driver = localDriver(gclean(engine, parameters, { session }))
  } catch (error) {
    tell({ kind: 'refused', error: errorToBody(error) })
    port.close()
    return
  }
  const answer = async (id: number, request: CleanRequest): Promise<void> => {
    const abort = new AbortController()
    aborts.set(id, abort)
    const call: CallOptions = {
      signal: abort.signal,
      onProgress: progress => tell({ kind: 'progress', id, progress }),
      onLog: line => tell({ kind: 'log', id, line }),
    }
    try {
      const value = await carryOut(driver, request, call)
      tell({ kind: 'answer', id, value, state: driver.state })
    } catch (error) {
      tell({ kind: 'failure', id, error: errorToBody(error), state: driver.state })
    } finally {
      aborts.delete(id)
    }
  }
  port.on('message', (message: ToCleanWorker) => {
    if (message.kind === 'request') void answer(message.id, message.request)
    else aborts.get(message.id)?.abort(new Error('aborted'))
  })
  const { name, version } = engine
  tell({ kind: 'opened', state: driver.state, engine: { name, version } })
}

function carryOut(driver: CleanDriver, request: CleanRequest, call: CallOptions): Promise<unknown> {
  switch (request.method) {
    case 'next':
      return driver.next(call)
    case 'restore':
      return driver.restore(call)
    case 'update':
      return driver.update(request.changes)
    case 'rewind':
      return driver.rewind(request.cycle)
    case 'keepUpTo':
      return driver.keepUpTo(request.bytes)
    case 'commands':
      return driver.commands(request.history)
    case 'close':
      return driver.close()
  }
}
