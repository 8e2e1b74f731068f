import type { MessagePort } from 'node:worker_threads'
import type { Gclean } from '../gclean.ts'
import { answerError, type SyncAnswer, type SyncRequest } from './sync-messages.ts'

/** What a thread is started with to serve a synchronous session. */
export interface SyncThreadData {
  readonly port: MessagePort
  /** Two Int32: 0 while a request is carried out, 1 when its answer has been posted; 1 once the thread runs. */
  readonly done: SharedArrayBuffer
}

/** Carries out requests one after the other and wakes the thread that waits for each answer. */
export function serveSync({ port, done }: SyncThreadData, session: Gclean): void {
  const flag = new Int32Array(done)
  Atomics.store(flag, 1, 1)
  port.on('message', async (request: SyncRequest) => {
    port.postMessage(await answer(session, request))
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
  })
}

async function answer(session: Gclean, request: SyncRequest): Promise<SyncAnswer> {
  try {
    const result = await carryOut(session, request)
    const { parameters, record, restored } = session
    return { ok: true, result, state: { parameters, record, restored } }
  } catch (error) {
    return answerError(error)
  }
}

function carryOut(session: Gclean, { method, args }: SyncRequest): unknown {
  switch (method) {
    case 'next':
      return session.next()
    case 'update':
      return session.update(args[0] as Parameters<Gclean['update']>[0])
    case 'restore':
      return session.restore()
    case 'cmds':
      return session.cmds(args[0] === true)
    case 'requestStop':
      return session.requestStop()
    case 'close':
      return session.close()
    case 'dispose':
      return session[Symbol.asyncDispose]()
  }
}
