import { connectSession, openedWebSocket, type WebSocketLike } from '@cleanbeam/channel'
import type { SessionClient } from '@cleanbeam/protocol'
import { WebSocket } from 'ws'

/** A client at the near side's server, as the page is one. */
export function connectToServer(url: string): SessionClient {
  const address = new URL(url)
  const token = address.searchParams.get('token') as string
  const open = () =>
    new WebSocket(`ws://${address.host}/socket`, { headers: { Authorization: `Bearer ${token}` } }) as WebSocketLike
  return connectSession({ connect: () => openedWebSocket(open()) })
}

/** Waits until the session takes the next order. */
export async function untilIdle(client: SessionClient): Promise<void> {
  for (;;) {
    const { phase } = await client.call('session.snapshot', {})
    if (phase.name === 'idle' || phase.name === 'finished') return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
