import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { SeededRandom } from '../casatable/seeded-random.ts'

export interface LinkFaults {
  /** One way, in milliseconds. */
  readonly delayMs: number
  /** Share of pieces that are lost and sent again: TCP holds up everything behind them for a round trip and more. */
  readonly loss: number
  /** Seed of which are lost. */
  readonly seed: number
}

/** Bytes a packet on the way holds. */
const PIECE_BYTES = 1400
/** Linux waits at least this long before it sends again. */
const MIN_RETRY_MS = 200

/** A way to a port of this machine that is as bad as wanted. */
export interface FaultyProxy {
  readonly port: number
  /** Cuts all connections. */
  cut(): void
  close(): Promise<void>
}

/**
 * Passes TCP connections on to a port of this machine, late and with losses.
 * @param target - asked for each connection: a server that must know the proxy's address starts after it
 */
export async function startFaultyProxy(target: () => number, faults: Partial<LinkFaults> = {}): Promise<FaultyProxy> {
  const { delayMs = 0, loss = 0, seed = 1 } = faults
  const random = new SeededRandom(seed)
  const open = new Set<Socket>()
  const forward = (from: Socket, to: Socket) => {
    let arrivesMs = 0
    // One queue: timers that are set for nearly the same time may go off in another order.
    const onTheWay: { readonly chunk: Uint8Array; readonly arrivesMs: number }[] = []
    const arrive = () => {
      while (onTheWay.length > 0 && onTheWay[0].arrivesMs <= performance.now()) {
        const { chunk } = onTheWay.shift() ?? { chunk: new Uint8Array() }
        if (to.writable) to.write(chunk)
      }
      if (onTheWay.length > 0) setTimeout(arrive, Math.ceil(onTheWay[0].arrivesMs - performance.now()))
    }
    from.on('data', chunk => {
      const nPiece = Math.ceil(chunk.byteLength / PIECE_BYTES)
      let lateMs = delayMs
      for (let i = 0; i < nPiece; i++) if (random.next() < loss) lateMs += Math.max(MIN_RETRY_MS, 2 * delayMs)
      arrivesMs = Math.max(arrivesMs, performance.now() + lateMs)
      onTheWay.push({ chunk, arrivesMs })
      if (onTheWay.length === 1) setTimeout(arrive, Math.ceil(arrivesMs - performance.now()))
    })
    from.on('close', () => setTimeout(() => to.destroy(), delayMs))
    from.on('error', () => to.destroy())
    open.add(from)
  }
  const server: Server = createServer(near => {
    const far = connect(target(), '127.0.0.1')
    near.setNoDelay(true)
    far.setNoDelay(true)
    forward(near, far)
    forward(far, near)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of open) socket.destroy()
    open.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close() {
      cut()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
