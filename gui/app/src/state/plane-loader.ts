import type { ProductInfo, SessionClient, SessionSnapshot } from '@cleanbeam/protocol'
import { type PlaneTile, sortedSample } from '@cleanbeam/viewer/drawing'
import { type AppStore, errorText, planeKey } from './app-state.ts'
import { pictureIsComplete, shownPlane, shownProduct } from './selectors.ts'

/** A plane is taken at the level of detail at which its longer side has at most this many pixels. */
const MAX_SIDE = 2048
/** Other products up to this many pixels are fetched too, for the readout and for switching without waiting. */
const PREFETCH_PIXELS = 1 << 20
const PREFETCHED = ['.residual', '.image', '.model', '.psf', '.pb']

/**
 * Fetches the pixels of the plane on screen whenever it has a new generation, then those of the other products. Fetches
 * of what is no longer wanted are cancelled.
 * @returns a function that ends it
 */
export function loadPlanes(client: SessionClient, store: AppStore): () => void {
  const loader = new PlaneLoader(client, store)
  const end = store.subscribe((state, before) => {
    const changed = state.session !== before.session || state.settings !== before.settings
    if (changed || state.planes !== before.planes) loader.update()
  })
  loader.update()
  return () => {
    end()
    loader.cancelAll()
  }
}

interface WantedPlane {
  readonly key: string
  readonly product: ProductInfo
  readonly channel: number
  readonly stokes: number
}

class PlaneLoader {
  private readonly client: SessionClient
  private readonly store: AppStore
  private readonly underWay = new Map<string, { generation: number; abort: AbortController }>()

  constructor(client: SessionClient, store: AppStore) {
    this.client = client
    this.store = store
  }

  update(): void {
    const wanted = this.wanted()
    const keys = new Set(wanted.map(w => w.key))
    for (const [key, { abort }] of this.underWay) if (!keys.has(key)) abort.abort()
    this.forgetOthers(keys)
    const [shown, ...others] = wanted
    if (shown) this.start(shown)
    // What is on screen comes first: the others wait until it has arrived.
    if (pictureIsComplete(this.store.getState())) for (const plane of others) this.start(plane)
  }

  cancelAll(): void {
    for (const { abort } of this.underWay.values()) abort.abort()
  }

  private wanted(): WantedPlane[] {
    const state = this.store.getState()
    const shown = shownProduct(state)
    if (!state.session || !shown) return []
    const { channel, stokes } = shownPlane(state)
    const others = state.session.products.filter(
      p =>
        p.field === shown.field &&
        p.suffix !== shown.suffix &&
        PREFETCHED.includes(p.suffix) &&
        p.shape[0] * p.shape[1] <= PREFETCH_PIXELS &&
        channel < p.shape[3] &&
        stokes < p.shape[2],
    )
    return [shown, ...others].map(product => {
      return { key: planeKey(product.field, product.suffix, channel, stokes), product, channel, stokes }
    })
  }

  private start(plane: WantedPlane): void {
    const { key, product } = plane
    const { generation } = product
    if (this.store.getState().planes[key]?.generation === generation) return
    const running = this.underWay.get(key)
    if (running?.generation === generation && !running.abort.signal.aborted) return
    running?.abort.abort()
    const abort = new AbortController()
    this.underWay.set(key, { generation, abort })
    void this.fetch(plane, abort.signal).finally(() => {
      if (this.underWay.get(key)?.abort === abort) this.underWay.delete(key)
    })
  }

  private async fetch(plane: WantedPlane, signal: AbortSignal): Promise<void> {
    const { key, product } = plane
    const { session } = this.store.getState()
    if (!session) return
    try {
      const tile = await fetchPlane(this.client, session, plane, signal)
      if (signal.aborted) return
      const loaded = { generation: product.generation, tile, sorted: sortedSample(tile.pixels) }
      this.store.setState(state => ({ planes: { ...state.planes, [key]: loaded } }))
    } catch (error) {
      // A newer generation is announced by its own event; a cancelled fetch is nobody's fault; a
      // connection that is closed has its own sign on the page.
      if (signal.aborted || tagOf(error) === 'StaleGeneration') return
      if (this.store.getState().connection.name === 'closed') return
      const text = `The pixels of ${product.suffix.slice(1)} could not be read: ${errorText(error)}`
      this.store.setState({ notice: { kind: 'error', text } })
    }
  }

  private forgetOthers(keys: ReadonlySet<string>): void {
    const { planes } = this.store.getState()
    const kept = Object.entries(planes).filter(([key]) => keys.has(key))
    if (kept.length < Object.keys(planes).length) this.store.setState({ planes: Object.fromEntries(kept) })
  }
}

function tagOf(error: unknown): string | undefined {
  return (error as { tag?: string } | null)?.tag
}

async function fetchPlane(
  client: SessionClient,
  session: SessionSnapshot,
  { product, channel, stokes }: WantedPlane,
  signal: AbortSignal,
): Promise<PlaneTile> {
  const [nx, ny] = product.shape
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(nx, ny) / MAX_SIDE)))
  const step = 2 ** level
  const [width, height] = [Math.ceil(nx / step), Math.ceil(ny / step)]
  const pixels = new Float32Array(width * height)
  const { tileSize } = session
  const { suffix, field, generation } = product
  const calls: Promise<void>[] = []
  for (let ty = 0; ty * tileSize < height; ty++) {
    for (let tx = 0; tx * tileSize < width; tx++) {
      const address = { suffix, field, generation, channel, stokes, level, tx, ty }
      const call = client.call('tile.get', address, { signal }).then(tile => {
        for (let row = 0; row < tile.height; row++) {
          const line = tile.pixels.subarray(row * tile.width, (row + 1) * tile.width)
          pixels.set(line, tx * tileSize + width * (ty * tileSize + row))
        }
      })
      calls.push(call)
    }
  }
  await Promise.all(calls)
  return { pixels, width, height, originX: 0, originY: 0, step }
}
