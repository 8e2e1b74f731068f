import { expect, it } from 'vitest'
import * as api from './index.ts'
import * as node from './node.ts'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "ChannelError",
      "DEFAULT_LIMITS",
      "DeadlineError",
      "Inbox",
      "acceptChannels",
      "connectSession",
      "dialWebSocket",
      "memoryTransportPair",
      "messagePortTransport",
      "openChannel",
      "openedWebSocket",
      "refusalOfServer",
      "refuseConnection",
      "relay",
      "serveCalls",
      "serveSession",
      "systemClock",
      "webSocketTransport",
    ]
  `)
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "nodePortTransport",
    ]
  `)
})
