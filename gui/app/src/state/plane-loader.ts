import type { ProductInfo, SessionClient, SessionSnapshot } from '@cleanbeam/protocol'
import { levelWithin, type PlaneTile, sortedSample } from '@cleanbeam/viewer/drawing'
import { type AppState, type AppStore, errorText, planeKey } from './app-state.ts'
import { noiseOf, pictureIsComplete, shownField, shownPlane, shownProduct } from './selectors.ts'

/** Planes up to this side are fetched in full. */
const FULL_SIDE = 2048
/** Of larger ones a version whose longer side has at most this many pixels, with finer tiles where they are looked at. */
const REDUCED_SIDE = 1024
/** Other products up to this many pixels are fetched too, for the readout and for switching without waiting. */
const PREFETCH_PIXELS = 1 << 20
const PREFETCHED = ['.residual', '.image', '.model', '.psf', '.pb']

/** The level of detail a plane is fetched at as a whole. */
export function wholePlaneLevel([nx, ny]: readonly number[]): number {
  return Math.max(nx, ny) <= FULL_SIDE ? 0 : levelWithin(nx, ny, REDUCED_SIDE)
}

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
  readonly reduce: 'mean' | 'max'
  /** Changes when other pixels are wanted. */
  readonly version: string
}

/** The planes to have, the one on screen first. */
function wantedPlanes(state: AppState): WantedPlane[] {
  const shown = shownProduct(state)
  if (!state.session || !shown) return []
  const { channel, stokes } = shownPlane(state)
  const { compare, compareWith, contourOf, reduce } = state.settings
  const asked = [...(compare === 'off' ? [] : [compareWith]), contourOf]
  const field = shownField(state)
  const others = state.session.products.filter(p => {
    const small = p.shape[0] * p.shape[1] <= PREFETCH_PIXELS && PREFETCHED.includes(p.suffix)
    const exists = channel < p.shape[3] && stokes < p.shape[2]
    return p.field === field && p.suffix !== shown.suffix && exists && (small || asked.includes(p.suffix))
  })
  // What was asked for comes before what might be.
  others.sort((a, b) => Number(asked.includes(b.suffix)) - Number(asked.includes(a.suffix)))
  const plane = (product: ProductInfo, of: number): WantedPlane => ({
    key: planeKey(product.field, product.suffix, of, stokes),
    product,
    channel: of,
    stokes,
    reduce,
    version: `${product.generation}${wholePlaneLevel(product.shape) > 0 ? reduce : ''}`,
  })
  // Channels are stepped through one after the other: the neighbours are there when they are wanted.
  const neighbours = [channel + 1, channel - 1].filter(of => of >= 0 && of < shown.shape[3])
  return [
    plane(shown, channel),
    ...others.map(product => plane(product, channel)),
    ...neighbours.map(of => plane(shown, of)),
  ]
}

class PlaneLoader {
  private readonly client: SessionClient
  private readonly store: AppStore
  private readonly underWay = new Map<string, { version: string; abort: AbortController }>()
  private readonly loaded = new Map<string, string>()

  constructor(client: SessionClient, store: AppStore) {
    this.client = client
    this.store = store
  }

  update(): void {
    const wanted = wantedPlanes(this.store.getState())
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

  private start(plane: WantedPlane): void {
    const { key, version } = plane
    if (this.store.getState().planes[key] && this.loaded.get(key) === version) return
    const running = this.underWay.get(key)
    if (running?.version === version && !running.abort.signal.aborted) return
    running?.abort.abort()
    const abort = new AbortController()
    this.underWay.set(key, { version, abort })
    void this.fetch(plane, abort.signal).finally(() => {
      if (this.underWay.get(key)?.abort === abort) this.underWay.delete(key)
    })
  }

  private async fetch(plane: WantedPlane, signal: AbortSignal): Promise<void> {
    const { product } = plane
    const { session } = this.store.getState()
    if (!session) return
    try {
      const tile = await fetchPlane(this.client, session, plane, signal)
      if (!signal.aborted) this.take(plane, tile)
    } catch (error) {
      // A newer generation is announced by its own event; a cancelled fetch is nobody's fault; a
      // connection that is closed has its own sign on the page.
      if (signal.aborted || tagOf(error) === 'StaleGeneration') return
      if (this.store.getState().connection.name === 'closed') return
      const text = `The pixels of ${product.suffix.slice(1)} could not be read: ${errorText(error)}`
      this.store.setState({ notice: { kind: 'error', text } })
    }
  }

  private take({ key, product, version }: WantedPlane, tile: PlaneTile): void {
    const loaded = { generation: product.generation, tile, sorted: sortedSample(tile.pixels) }
    this.loaded.set(key, version)
    this.store.setState(({ planes, before, noises, session }) => {
      const last = planes[key]
      const stepped = last !== undefined && last.generation < product.generation
      const cycle = session?.record?.nmajordone
      const isResidual = product.suffix.startsWith('.residual') && cycle !== undefined
      return {
        planes: { ...planes, [key]: loaded },
        before: stepped ? { ...before, [key]: last } : before,
        noises: isResidual ? { ...noises, [key]: { ...noises[key], [cycle]: noiseOf(loaded) } } : noises,
      }
    })
  }

  private forgetOthers(keys: ReadonlySet<string>): void {
    const { planes, before } = this.store.getState()
    const kept = Object.entries(planes).filter(([key]) => keys.has(key))
    if (kept.length === Object.keys(planes).length) return
    const keptBefore = Object.entries(before).filter(([key]) => keys.has(key))
    this.store.setState({ planes: Object.fromEntries(kept), before: Object.fromEntries(keptBefore) })
  }
}

function tagOf(error: unknown): string | undefined {
  return (error as { tag?: string } | null)?.tag
}

async function fetchPlane(
  client: SessionClient,
  session: SessionSnapshot,
  { product, channel, stokes, reduce }: WantedPlane,
  signal: AbortSignal,
): Promise<PlaneTile> {
  const [nx, ny] = product.shape
  const level = wholePlaneLevel(product.shape)
  const step = 2 ** level
  const [width, height] = [Math.ceil(nx / step), Math.ceil(ny / step)]
  const pixels = new Float32Array(width * height)
  const { tileSize } = session
  const { suffix, field, generation } = product
  const calls: Promise<void>[] = []
  for (let ty = 0; ty * tileSize < height; ty++) {
    for (let tx = 0; tx * tileSize < width; tx++) {
      const address = { suffix, field, generation, channel, stokes, level, tx, ty, reduce }
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
