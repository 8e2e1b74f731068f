import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  memoryTransportPair,
  type SessionHandlers,
  type SessionServer,
  serveSession,
  type Transport,
} from '@cleanbeam/channel'
import { METHODS, type MethodName } from '@cleanbeam/protocol'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from './start-server.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
]
const N_ECHO = 300
/** Functions for the page, which forbids evaluating text; this file is compiled without DOM types. */
const READY = () => 'underTest' in globalThis
const HAS_LINES = (n: number) =>
  (globalThis as unknown as { underTest: { lines: string[] } }).underTest.lines.length === n

const PAGE_SCRIPT = `
import { config } from 'zod'
import { connectSession, openedWebSocket } from '@cleanbeam/channel'
config({ jitless: true })
const url = new URL('socket', document.baseURI)
url.protocol = 'ws:'
const client = connectSession({ connect: () => openedWebSocket(new WebSocket(url)) })
const lines = []
client.on('log', line => lines.push(line.text))
window.underTest = {
  lines,
  async echoMs(n) {
    const times = []
    for (let i = 0; i < n; i++) {
      const start = performance.now()
      await client.call('session.identity', {})
      times.push(performance.now() - start)
    }
    return times
  },
  async bigMs() {
    const start = performance.now()
    const { pixels } = await client.call('image.getregion', { suffix: '.residual' })
    return { milliseconds: performance.now() - start, last: pixels[pixels.length - 1] }
  },
  async tileOverHttp(path) {
    const response = await fetch(path)
    const n = (await response.arrayBuffer()).byteLength
    return { status: response.status, n, cache: response.headers.get('cache-control') }
  },
}
`

function handlers(): SessionHandlers {
  const refused = (name: MethodName) => () => {
    throw new RangeError(`${name} is not part of this test`)
  }
  const all = Object.fromEntries((Object.keys(METHODS) as MethodName[]).map(name => [name, refused(name)]))
  return {
    ...(all as unknown as SessionHandlers),
    'session.identity': () => ({ sessionId: 'one', engine: { name: 'fake', version: '1' } }),
    'image.getregion': () => ({ shape: [8388608], pixels: new Float64Array(8388608).fill(2.5) }),
    'tile.get': () => ({ generation: 1, width: 256, height: 256, pixels: new Float32Array(65536) }),
  }
}

async function pageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cleanbeam-page-'))
  const script = { contents: PAGE_SCRIPT, resolveDir: import.meta.dirname, loader: 'js' } as const
  await build({ stdin: script, bundle: true, format: 'esm', outfile: join(folder, 'app.js'), logLevel: 'error' })
  const inline = '<script>window.inlineRan = true</script>'
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><title>t</title>${inline}<script type="module" src="app.js"></script>`,
  )
  return folder
}

describe('the server, to a browser', () => {
  let session: SessionServer
  let server: RunningServer
  let browser: Browser
  const links: Transport[] = []

  beforeAll(async () => {
    session = serveSession(handlers())
    const connect = () => {
      const [near, far] = memoryTransportPair()
      links.push(far)
      session.accept(far)
      return near
    }
    const close = async () => session.close('test over')
    server = await startServer({ session: { connect, close }, pageDir: await pageFolder() })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('takes the token out of the address bar and keeps its cookie from scripts', async () => {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(READY)
    expect(page.url()).toBe(server.address)
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.evaluate('crossOriginIsolated')).toBe(true)
    expect(await page.evaluate("'inlineRan' in window")).toBe(false)
    await page.goBack().catch(() => null)
    expect(page.url()).not.toContain(server.token)
    await page.close()
  })

  it('answers within milliseconds, big arrays and tiles too', async () => {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(READY)
    const times = await page.evaluate<number[]>(`underTest.echoMs(${N_ECHO})`)
    times.sort((a, b) => a - b)
    const big = await page.evaluate<{ milliseconds: number; last: number }>('underTest.bigMs()')
    expect(big.last).toBe(2.5)
    const path = 'tile/one/0/.residual/1/0/0/0/0/0'
    const tile = await page.evaluate(`underTest.tileOverHttp('${path}')`)
    expect(tile).toEqual({ status: 200, n: 262144, cache: 'private, max-age=31536000, immutable' })
    const at = (fraction: number) => times[Math.floor(fraction * times.length)].toFixed(2)
    console.log(`browser echo: median ${at(0.5)} ms, 95 % ${at(0.95)} ms; 64 MiB in ${big.milliseconds.toFixed(0)} ms`)
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(20)
    await page.close()
  })

  it('sends what happened while the connection was cut', async () => {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(READY)
    await page.evaluate('underTest.echoMs(1)')
    for (let i = 0; i < 20; i++) {
      session.emit('log', { index: i, timeMs: 0, level: 'info', text: `line ${i}` })
      if (i % 8 === 4) for (const link of links.splice(0)) link.close('cut by the test')
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    await page.waitForFunction(HAS_LINES, 20)
    expect(await page.evaluate('underTest.lines')).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i}`))
    await page.close()
  })

  it('lets no page of another origin in, even one that knows the cookie is there', async () => {
    const foreign = await startForeignPage()
    const context = await browser.newContext()
    const own = await context.newPage()
    await own.goto(server.url)
    await own.waitForFunction(READY)
    const page = await context.newPage()
    await page.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`)
    const outcome = await page.evaluate(`(async () => {
      const socket = await new Promise(resolve => {
        const attempt = new WebSocket('${server.address.replace('http', 'ws')}socket')
        attempt.onopen = () => resolve('open')
        attempt.onerror = () => resolve('refused')
      })
      const fetched = await fetch('${server.address}api/session', { credentials: 'include', mode: 'no-cors' }).then(
        response => response.type,
        () => 'refused',
      )
      return { socket, fetched }
    })()`)
    expect(outcome).toEqual({ socket: 'refused', fetched: 'refused' })
    await context.close()
    foreign.close()
  })
})

function startForeignPage(): Promise<Server> {
  const server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'text/html').end('<p>foreign</p>'),
  )
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}
