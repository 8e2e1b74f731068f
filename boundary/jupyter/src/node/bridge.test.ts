import { mkdtemp } from 'node:fs/promises'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, type SessionHandlers, type SessionServer, serveSession } from '@cleanbeam/channel'
import { METHODS, type MethodName, type SessionClient } from '@cleanbeam/protocol'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processTransport } from './process-transport.ts'
import { listenOnSocket, socketTransport } from './socket-transport.ts'

const BRIDGE = `
import { runBridge } from './bridge.ts'
process.stdout.write('Welcome to the cluster!\\nYou have new mail.\\n')
await runBridge(process.argv[2])
`

let folder: string
let bridge: string
let path: string
let listener: Server
let session: SessionServer

function handlers(): SessionHandlers {
  const refused = (name: MethodName) => () => {
    throw new RangeError(`${name} is not part of this test`)
  }
  const all = Object.fromEntries((Object.keys(METHODS) as MethodName[]).map(name => [name, refused(name)]))
  return {
    ...(all as unknown as SessionHandlers),
    'session.identity': () => ({ sessionId: 'far', engine: { name: 'fake', version: '1' } }),
    'gclean.restore': async () => {
      await new Promise(resolve => setTimeout(resolve, 300))
      return { image: 'far.image' }
    },
    'image.getregion': () => ({ shape: [8388608], pixels: new Float64Array(8388608).fill(2.5) }),
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cb-bridge-'))
  bridge = join(folder, 'bridge.mjs')
  const stdin = { contents: BRIDGE, resolveDir: import.meta.dirname, loader: 'ts' } as const
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: bridge, logLevel: 'error' })
  path = join(folder, 'session.sock')
  session = serveSession(handlers())
  listener = await listenOnSocket(path, transport => session.accept(transport))
})
afterAll(() => {
  session.close('test over')
  listener.close()
})

const throughBridge = (): { client: SessionClient; cut: () => void } => {
  let link: { close(): void } | null = null
  const client = connectSession({
    async connect() {
      const transport = await processTransport(process.execPath, [bridge, path])
      link = transport
      return transport
    },
    minRetryMs: 5,
  })
  return { client, cut: () => link?.close() }
}

describe('a session at the far end of a pipe', () => {
  it('answers through the greetings of a shell, quickly, and with 64 MB', async () => {
    const { client } = throughBridge()
    expect(await client.call('session.identity', {})).toMatchObject({ sessionId: 'far' })
    const times: number[] = []
    for (let i = 0; i < 200; i++) {
      const startMs = performance.now()
      await client.call('session.identity', {})
      times.push(performance.now() - startMs)
    }
    times.sort((a, b) => a - b)
    const startMs = performance.now()
    const { pixels } = (await client.call('image.getregion', { suffix: '.residual' })) as { pixels: Float64Array }
    const bigMs = performance.now() - startMs
    expect(pixels[8388607]).toBe(2.5)
    console.log(`bridge echo: median ${times[100].toFixed(2)} ms; 64 MiB in ${bigMs.toFixed(0)} ms`)
    client.close()
  })

  it('loses nothing when the bridge is killed in the middle of a call', async () => {
    const { client, cut } = throughBridge()
    const lines: string[] = []
    client.on('log', ({ text }) => lines.push(text))
    await client.call('session.identity', {})
    const call = client.call('gclean.restore', {})
    for (let i = 0; i < 20; i++) {
      session.emit('log', { index: i, timeMs: 0, level: 'info', text: `line ${i}` })
      if (i === 8) cut()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    expect(await call).toEqual({ image: 'far.image' })
    await client.call('session.identity', {})
    expect(lines).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i}`))
    client.close()
  })

  it('says what the program said when it cannot run', async () => {
    await expect(processTransport('no-such-program', [])).rejects.toThrow('expected to run no-such-program')
    const transport = await processTransport('sh', ['-c', 'echo Permission denied >&2; echo goodbye; exit 7'])
    const reason = await new Promise<string>(resolve => transport.onClose(resolve))
    expect(reason).toMatch('sh ended with exit status 7: Permission denied')
    expect(reason).toMatch('goodbye')
  })

  it('is not there', async () => {
    await expect(socketTransport(join(folder, 'none.sock'))).rejects.toThrow('expected a session at')
    expect(() => listenOnSocket(`/${'x'.repeat(200)}`, () => {})).toThrow('at most 107 bytes, got 201')
  })
})
