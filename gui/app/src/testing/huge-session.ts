import type {
  CallSettings,
  MethodArguments,
  MethodName,
  MethodParams,
  MethodResult,
  SessionSnapshot,
} from '@cleanbeam/protocol'
import { FakeSession } from './fake-session.ts'

const SIDE = 16_384
const TILE_SIZE = 256

/**
 * A session with one residual of 16,384 × 16,384 pixels whose tiles are made on demand: pixel (x, y) has the value
 * sin(x/97) + cos(y/61), so that a test knows what should be seen anywhere.
 */
export class HugeSession extends FakeSession {
  /** Tiles asked for, and those of them that were cancelled before they were answered. */
  tiles = 0
  cancelled = 0
  /** Milliseconds a tile takes. */
  tileMs = 4

  override async call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    settings?: CallSettings,
  ): Promise<MethodResult<M>> {
    if (method === 'session.snapshot') return huge(this.state) as MethodResult<M>
    if (method !== 'tile.get') return super.call(method, params, settings)
    this.tiles++
    await this.wait(settings?.signal)
    return hugeTile(params as MethodArguments<'tile.get'>) as MethodResult<M>
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, this.tileMs)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        this.cancelled++
        reject(signal.reason)
      })
    })
  }
}

function huge(session: SessionSnapshot): SessionSnapshot {
  const [residual] = session.products
  const { direction } = residual.coordinates
  const coordinates = {
    ...residual.coordinates,
    direction: { ...direction, referencePixel: [SIDE / 2, SIDE / 2] as const },
  }
  return {
    ...session,
    tileSize: TILE_SIZE,
    products: [{ ...residual, shape: [SIDE, SIDE, 1, 1], coordinates }],
    masks: [{ ...session.masks[0], generation: 0 }],
  }
}

function hugeTile({ generation, level, tx, ty }: MethodArguments<'tile.get'>): MethodResult<'tile.get'> {
  const step = 2 ** level
  const size = Math.min(TILE_SIZE, SIDE / step)
  const pixels = new Float32Array(size * size)
  const position = (tile: number, i: number) => (tile * TILE_SIZE + i + 0.5) * step - 0.5
  const columns = Float32Array.from({ length: size }, (_, i) => Math.sin(position(tx, i) / 97))
  for (let j = 0; j < size; j++) {
    const row = Math.cos(position(ty, j) / 61)
    for (let i = 0; i < size; i++) pixels[i + size * j] = columns[i] + row
  }
  return { generation, width: size, height: size, pixels }
}
