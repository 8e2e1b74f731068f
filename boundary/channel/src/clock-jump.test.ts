import { expect, it } from 'vitest'
import { acceptChannels } from './accept-channels.ts'
import type { Channel } from './channel.ts'
import { type Clock, systemClock } from './clock.ts'
import { memoryTransportPair } from './memory-transport.ts'
import { openChannel } from './open-channel.ts'

it('a channel whose clocks jump by ten minutes, as after a sleep, takes a new link and loses nothing', async () => {
  let jumpMs = 0
  const clock: Clock = { now: () => performance.now() + jumpMs, after: systemClock.after }
  const limits = { heartbeatMs: 20 }
  const got: [number[], number[]] = [[], []]
  let server: Channel | null = null
  let nLink = 0
  const acceptor = acceptChannels({
    limits,
    clock,
    onChannel(channel) {
      server = channel
      channel.onMessage(message => got[1].push(message[0]))
    },
  })
  const client = openChannel({
    limits,
    clock,
    minRetryMs: 1,
    async connect() {
      const [near, far] = memoryTransportPair()
      nLink++
      acceptor.accept(far)
      return near
    },
  })
  let nReset = 0
  client.onReset(() => nReset++)
  client.onMessage(message => got[0].push(message[0]))
  for (let i = 0; i < 60; i++) {
    client.send('control', Uint8Array.of(i))
    ;(server as Channel | null)?.send('data', Uint8Array.of(i))
    await new Promise(resolve => setTimeout(resolve, 4))
    if (i !== 20 && i !== 40) continue
    // Nothing is said for a while after waking: the link looks dead to both sides.
    jumpMs += 600_000
    await new Promise(resolve => setTimeout(resolve, 80))
  }
  const first = got[0][0]
  while (got[1].length < 60 || got[0].at(-1) !== 59) await new Promise(resolve => setTimeout(resolve, 4))
  expect(got[1]).toEqual(Array.from({ length: 60 }, (_, i) => i))
  expect(got[0]).toEqual(Array.from({ length: 60 - first }, (_, i) => first + i))
  expect(nReset).toBe(0)
  expect(nLink).toBeGreaterThan(1)
  client.close()
})
