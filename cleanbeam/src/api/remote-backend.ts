import { JupyterError } from '@cleanbeam/jupyter'
import type { RemoteHost, RemoteSession } from '@cleanbeam/jupyter/node'
import type { SessionClient } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import type { IcleanResult } from './iclean.ts'

const RESULT_POLL_MS = 300

/** Resolves when the session is finished, whichever page finished it; rejects when it can no longer be reached. */
export async function remoteResult(session: RemoteSession, client: SessionClient): Promise<IcleanResult> {
  await new Promise<void>((resolve, reject) => {
    client.on('phase', ({ name }) => {
      if (name === 'finished') resolve()
    })
    client.onConnection(state => {
      if (state.name === 'closed') reject(new JupyterError(state.reason))
    })
    const look = () =>
      client.call('session.snapshot', {}).then(({ phase }) => {
        if (phase.name === 'finished') resolve()
      }, reject)
    client.onReset(look)
    void look()
  })
  for (;;) {
    const result = (await session.result()) as JsonObject | null
    if (result !== null) return result as unknown as IcleanResult
    await new Promise(resolve => setTimeout(resolve, RESULT_POLL_MS))
  }
}

/** Ends our part: a session that is finished is cleared away on the host, another one goes on there. */
export async function leaveRemote(host: RemoteHost, session: RemoteSession, finished: boolean): Promise<void> {
  try {
    if (finished) await session.stop()
  } finally {
    await host.close()
  }
}
