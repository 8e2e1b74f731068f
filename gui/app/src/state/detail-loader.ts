import type { ProductInfo, SessionClient, SessionSnapshot } from '@cleanbeam/protocol'
import { fittedView, levelOnScreen, type PlaneTile, type TileIndex, tilesOnScreen } from '@cleanbeam/viewer/drawing'
import type { AppState, AppStore } from './app-state.ts'
import { wholePlaneLevel } from './plane-loader.ts'
import { pictureIsComplete, shownPlane, shownProduct } from './selectors.ts'

/** A view that has not moved for this long is at rest: its finer tiles are asked for. */
const REST_MS = 80
/** Tiles kept for going back, beyond those on screen: 64 tiles of 256² floats are 16 MB. */
const SPARE_TILES = 64

interface WantedTile extends TileIndex {
  readonly key: string
}

interface WantedDetails {
  readonly product: ProductInfo
  readonly channel: number
  readonly stokes: number
  readonly prefix: string
  readonly tiles: readonly WantedTile[]
}

/** The tiles that would make the picture as sharp as the screen; none where the plane is there in full. */
export function wantedDetails(state: AppState, pixelRatio: number): WantedDetails | null {
  const product = shownProduct(state)
  const { session, frame, settings } = state
  if (!session || !product || !frame || !pictureIsComplete(state)) return null
  const [nx, ny] = product.shape
  const view = state.view ?? fittedView(nx, ny, { x: 0, y: 0, ...frame })
  const level = levelOnScreen(view.scale, pixelRatio)
  const { channel, stokes } = shownPlane(state)
  const prefix = [product.field, product.suffix, product.generation, channel, stokes, settings.reduce].join('/')
  const grid = { nx, ny, tileSize: session.tileSize }
  const planned =
    level < wholePlaneLevel(product.shape) ? tilesOnScreen(grid, view, frame.width, frame.height, level) : []
  const tiles = planned.map(tile => ({ ...tile, key: `${prefix}/${tile.level}/${tile.tx}/${tile.ty}` }))
  return { product, channel, stokes, prefix, tiles }
}

/**
 * Fetches finer tiles of what is on screen once the view is at rest; those no longer on screen are cancelled at once.
 * @returns a function that ends it
 */
export function loadDetails(client: SessionClient, store: AppStore, pixelRatio: () => number): () => void {
  const loader = new DetailLoader(client, store, pixelRatio)
  const end = store.subscribe((state, before) => {
    const moved = state.view !== before.view || state.frame !== before.frame
    if (moved || state.planes !== before.planes || state.settings !== before.settings) loader.update()
  })
  return () => {
    end()
    loader.cancelAll()
  }
}

class DetailLoader {
  private readonly client: SessionClient
  private readonly store: AppStore
  private readonly pixelRatio: () => number
  private readonly underWay = new Map<string, AbortController>()
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(client: SessionClient, store: AppStore, pixelRatio: () => number) {
    this.client = client
    this.store = store
    this.pixelRatio = pixelRatio
  }

  update(): void {
    const wanted = wantedDetails(this.store.getState(), this.pixelRatio())
    const keys = new Set(wanted?.tiles.map(tile => tile.key))
    for (const [key, abort] of this.underWay) if (!keys.has(key)) abort.abort()
    if (wanted) this.forget(wanted.prefix, keys)
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.fetchMissing(), REST_MS)
  }

  cancelAll(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    for (const abort of this.underWay.values()) abort.abort()
  }

  private fetchMissing(): void {
    const state = this.store.getState()
    const wanted = wantedDetails(state, this.pixelRatio())
    if (!wanted || !state.session) return
    for (const tile of wanted.tiles) {
      if (state.details[tile.key] || this.underWay.has(tile.key)) continue
      const abort = new AbortController()
      this.underWay.set(tile.key, abort)
      this.fetch(state.session, wanted, tile, abort.signal)
        .catch(() => {
          // Cancelled, or of an older generation: the picture stays as sharp as it is.
        })
        .finally(() => this.underWay.delete(tile.key))
    }
  }

  private async fetch(
    { tileSize }: SessionSnapshot,
    { product, channel, stokes }: WantedDetails,
    { level, tx, ty, key }: WantedTile,
    signal: AbortSignal,
  ): Promise<void> {
    const { suffix, field, generation } = product
    const { reduce } = this.store.getState().settings
    const address = { suffix, field, generation, channel, stokes, level, tx, ty, reduce }
    const { pixels, width, height } = await this.client.call('tile.get', address, { signal })
    if (signal.aborted) return
    const step = 2 ** level
    const tile: PlaneTile = {
      pixels,
      width,
      height,
      step,
      originX: tx * tileSize * step,
      originY: ty * tileSize * step,
    }
    this.store.setState(({ details }) => ({ details: { ...details, [key]: tile } }))
  }

  /** Tiles of another plane or generation go at once, those off screen when there are many. */
  private forget(prefix: string, onScreen: ReadonlySet<string>): void {
    const { details } = this.store.getState()
    const entries = Object.entries(details).filter(([key]) => key.startsWith(`${prefix}/`))
    const offScreen = entries.filter(([key]) => !onScreen.has(key))
    const dropped = new Set(offScreen.slice(0, Math.max(0, offScreen.length - SPARE_TILES)).map(([key]) => key))
    const kept = entries.filter(([key]) => !dropped.has(key))
    if (kept.length < Object.keys(details).length) this.store.setState({ details: Object.fromEntries(kept) })
  }
}
