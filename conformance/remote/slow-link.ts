import { createConnection, createServer, type Socket } from 'node:net'

/** A link to a port of this machine with the delay and the speed of a long one. */
export interface SlowLink {
  readonly port: number
  close(): void
}

export interface LinkProperties {
  /** There and back. */
  readonly roundTripMs: number
  /** In each direction; Infinity: as fast as it goes. */
  readonly bitsPerSecond: number
  /** Part of the pieces of 1448 bytes that TCP would have to send again, each for one more round trip. */
  readonly lossRate?: number
}

const PACKET_BYTES = 1448

/** Starts a relay that listens on loopback. */
export function startSlowLink(targetPort: number, link: LinkProperties): Promise<SlowLink> {
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = createConnection(targetPort, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => {
        near.destroy()
        far.destroy()
      })
    }
    delay(near, far, link)
    delay(far, near, link)
  })
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      resolve({
        port,
        close() {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      })
    })
  })
}

/** Bytes arrive after the delay, and not before those ahead of them have gone through. */
function delay(from: Socket, to: Socket, { roundTripMs, bitsPerSecond, lossRate = 0 }: LinkProperties): void {
  let freeAtMs = 0
  let lastArrivalMs = 0
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  from.on('data', chunk => {
    const now = performance.now()
    freeAtMs = Math.max(now, freeAtMs) + (chunk.byteLength * 8000) / bitsPerSecond
    const nPacket = Math.ceil(chunk.byteLength / PACKET_BYTES)
    const isLost = random() < 1 - (1 - lossRate) ** nPacket
    const arrivalMs = freeAtMs + roundTripMs / 2 + (isLost ? roundTripMs : 0)
    lastArrivalMs = Math.max(lastArrivalMs, arrivalMs)
    setTimeout(() => to.write(chunk), lastArrivalMs - now)
    // What waits in the link is bounded, as in a real one.
    if (freeAtMs - now > 50) {
      from.pause()
      setTimeout(() => from.resume(), freeAtMs - now - 25)
    }
  })
  from.on('end', () => setTimeout(() => to.end(), roundTripMs))
}
