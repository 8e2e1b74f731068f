import { encodeMessage, type Topic, type TopicValue } from '@cleanbeam/protocol'
import { type AcceptOptions, acceptChannels } from './accept-channels.ts'
import type { SessionHandlers } from './call-context.ts'
import { serveCalls } from './call-server.ts'
import type { Channel } from './channel.ts'
import type { Transport } from './transport.ts'

/** The serving side of a session: any number of clients, all of whom see the same events. */
export interface SessionServer {
  /** A new connection; it says itself which channel it belongs to. */
  accept(transport: Transport): void
  /** Sends an event to every client, also to those that are away and may come back. */
  emit<T extends Topic>(topic: T, value: TopicValue<T>): void
  /** Clients that are connected or may come back. */
  readonly nClient: number
  /** Says goodbye to all. */
  close(reason: string): void
}

export function serveSession(handlers: SessionHandlers, options: Omit<AcceptOptions, 'onChannel'> = {}): SessionServer {
  const channels = new Set<Channel>()
  const acceptor = acceptChannels({
    ...options,
    onChannel(channel) {
      channels.add(channel)
      channel.onClose(() => channels.delete(channel))
      serveCalls(channel, handlers)
    },
  })
  const emit: SessionServer['emit'] = (topic, value) => {
    if (channels.size === 0) return
    const message = encodeMessage({ kind: 'event', topic, value })
    for (const channel of channels) channel.send('control', message)
  }
  return {
    accept: transport => acceptor.accept(transport),
    emit,
    get nClient() {
      return acceptor.size
    },
    close(reason) {
      emit('goodbye', { reason })
      acceptor.close(reason)
    },
  }
}
