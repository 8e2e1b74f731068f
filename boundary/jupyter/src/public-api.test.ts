import { expect, it } from 'vitest'
import * as api from './index.ts'
import * as node from './node.ts'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "COMM_TARGET",
      "JupyterError",
      "KERNEL_CHANNELS",
      "KERNEL_SUBPROTOCOL",
      "MESSAGING_VERSION",
      "STREAM_MARKER",
      "StreamReader",
      "commTransport",
      "connectLink",
      "decodeKernelWebSocket",
      "decodeMultipart",
      "encodeKernelWebSocket",
      "encodeMultipart",
      "frameForStream",
      "kernelRequest",
      "streamTransport",
    ]
  `)
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "connectKernel",
      "hmacSigner",
      "isRunning",
      "listenOnSocket",
      "makeKernelFolder",
      "ownStdioTransport",
      "parseConnection",
      "processIdentity",
      "processTransport",
      "readConnectionFile",
      "requirePrivateFolder",
      "runBridge",
      "socketTransport",
      "startKernel",
    ]
  `)
})
