import type { SessionClient, SessionSnapshot } from '@cleanbeam/protocol'
import type { GcleanRecord } from '@cleanbeam/types'
import { type AppStore, errorText } from './app-state.ts'

const MAX_LOG_LINES = 5000

/**
 * Keeps the store's mirror of the session up to date: a snapshot at first and after a reset, events in between.
 * @returns a function that ends it
 */
export function syncSession(client: SessionClient, store: AppStore): () => void {
  const change = (part: (session: SessionSnapshot) => Partial<SessionSnapshot>) =>
    store.setState(state => (state.session ? { session: { ...state.session, ...part(state.session) } } : {}))
  const refresh = () => void loadSnapshot(client, store)
  const ends = [
    client.onConnection(connection => store.setState({ connection })),
    client.onReset(refresh),
    client.on('phase', phase => change(() => ({ phase }))),
    client.on('record', record =>
      change(({ stepTimesMs }) => ({ record, stepTimesMs: timesWith(record, stepTimesMs ?? []) })),
    ),
    client.on('progress', progress => change(() => ({ progress }))),
    client.on('parameters', parameters => {
      change(() => parameters)
      store.setState({ refusals: {} })
    }),
    client.on('log', line =>
      change(({ log }) => (log.some(l => l.index === line.index) ? {} : { log: [...log, line].slice(-MAX_LOG_LINES) })),
    ),
    client.on('product', product =>
      change(({ products }) => ({ products: replaced(products, product, p => `${p.field}${p.suffix}`) })),
    ),
    client.on('mask', mask => change(({ masks }) => ({ masks: replaced(masks, mask, m => `${m.field}`) }))),
    client.on('rewind', rewind => change(() => ({ rewind }))),
    client.on('goodbye', ({ reason }) => store.setState({ connection: { name: 'closed', reason } })),
  ]
  store.setState({ connection: client.connection })
  refresh()
  return () => {
    for (const end of ends) end()
  }
}

/** Times of steps with that of a record that has just come. */
function timesWith(record: GcleanRecord, timesMs: readonly number[]): number[] {
  const planes = Object.values(record.chan).flatMap(stokes => Object.values(stokes))
  const nStep = Math.max(0, ...planes.map(({ iterations }) => iterations.length))
  const known = timesMs.slice(0, nStep)
  return Array.from({ length: nStep }, (_, i) => known[i] ?? (i === nStep - 1 ? Date.now() : Number.NaN))
}

async function loadSnapshot(client: SessionClient, store: AppStore): Promise<void> {
  try {
    const session = await client.call('session.snapshot', {})
    store.setState({ session })
  } catch (error) {
    store.setState({ notice: { kind: 'error', text: `The session cannot be read: ${errorText(error)}` } })
  }
}

function replaced<T>(list: readonly T[], item: T, keyOf: (item: T) => string): T[] {
  const at = list.findIndex(other => keyOf(other) === keyOf(item))
  return at < 0 ? [...list, item] : list.map((other, i) => (i === at ? item : other))
}
