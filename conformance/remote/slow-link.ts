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
/** What may wait before the link, in time it takes to go through. */
const BUFFER_MS = 50

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

/** Bytes arrive after the delay, in order, and not before those ahead of them have gone through. */
function delay(from: Socket, to: Socket, { roundTripMs, bitsPerSecond, lossRate = 0 }: LinkProperties): void {
  const underWay: { readonly chunk: Buffer; readonly arrivalMs: number }[] = []
  let freeAtMs = 0
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  const deliver = () => {
    while (underWay.length > 0 && underWay[0].arrivalMs <= performance.now())
      to.write(underWay.shift()?.chunk as Buffer)
    if (underWay.length > 0) setTimeout(deliver, Math.max(1, underWay[0].arrivalMs - performance.now()))
    else if (from.readableEnded) to.end()
    if (from.isPaused() && freeAtMs - performance.now() < BUFFER_MS / 2) from.resume()
  }
  from.on('data', (chunk: Buffer) => {
    const now = performance.now()
    freeAtMs = Math.max(now, freeAtMs) + (chunk.byteLength * 8000) / bitsPerSecond
    const nPacket = Math.ceil(chunk.byteLength / PACKET_BYTES)
    const isLost = random() < 1 - (1 - lossRate) ** nPacket
    const arrivalMs = freeAtMs + roundTripMs / 2 + (isLost ? roundTripMs : 0)
    const isIdle = underWay.length === 0
    underWay.push({ chunk, arrivalMs: Math.max(arrivalMs, underWay.at(-1)?.arrivalMs ?? 0) })
    if (isIdle) setTimeout(deliver, arrivalMs - now)
    if (freeAtMs - now > BUFFER_MS) from.pause()
  })
  from.on('end', deliver)
}
