import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  connectSession,
  dialWebSocket,
  memoryTransportPair,
  openedWebSocket,
  refusalOfServer,
  type SessionHandlers,
  type SessionServer,
  serveSession,
  type Transport,
} from '@cleanbeam/channel'
import { METHODS, type MethodName, type PhaseState, type SessionClient, tilePath } from '@cleanbeam/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, type ServerOptions, startServer } from './start-server.ts'

const N_TILE = 200
const tile = { suffix: '.residual', field: 0, generation: 1, channel: 0, stokes: 0, level: 0, tx: 0, ty: 0 }

function fakeHandlers(): SessionHandlers {
  const refused = (name: MethodName) => () => {
    throw new RangeError(`${name} is not part of this test`)
  }
  const all = Object.fromEntries((Object.keys(METHODS) as MethodName[]).map(name => [name, refused(name)]))
  return {
    ...(all as unknown as SessionHandlers),
    'session.identity': () => ({ sessionId: 'session one', engine: { name: 'fake', version: '1' } }),
    'gclean.cmds': ({ history }) => [String(history)],
    'gclean.run': (_args, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    'tile.get': ({ tx, generation }) => {
      if (generation !== 1)
        throw Object.assign(new Error('expected generation 1'), { tag: 'StaleGeneration', fields: {} })
      return { generation, width: 256, height: 256, pixels: new Float32Array(65536).fill(tx) }
    },
    'image.getregion': () => ({ shape: [8388608], pixels: new Float64Array(8388608).fill(2.5) }),
  }
}

let server: RunningServer
let session: SessionServer
let closed: boolean
const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-page-'))
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>')
writeFileSync(join(folder, 'app.js'), 'export {}')
writeFileSync(join(folder, 'app-ABCDEF12.js'), 'export {}')
symlinkSync('/etc/hostname', join(folder, 'leak.txt'))

async function start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  closed = false
  session = serveSession(fakeHandlers())
  return startServer({
    session: {
      connect() {
        const [near, far] = memoryTransportPair()
        session.accept(far)
        return near
      },
      async close() {
        session.close('server closed')
        closed = true
      },
    },
    pageDir: folder,
    ...options,
  })
}

beforeEach(async () => {
  server = await start()
})
afterEach(() => server.close())

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer
}

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: server.port, path, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    call.on('error', reject)
    call.end()
  })
}

const bearer = () => ({ Authorization: `Bearer ${server.token}` })

async function cookie(): Promise<{ Cookie: string }> {
  const { headers } = await get(`/?token=${server.token}`)
  return { Cookie: String(headers['set-cookie']).split(';')[0] }
}

function socket(headers: Record<string, string>, path = 'socket'): WebSocket {
  return new WebSocket(`${server.address.replace('http', 'ws')}${path}`, { headers })
}

function client(
  headers: Record<string, string> = bearer(),
  onLink: (transport: Transport) => void = () => {},
): SessionClient {
  return connectSession({
    async connect() {
      const transport = await openedWebSocket(socket(headers))
      onLink(transport)
      return transport
    },
    minRetryMs: 5,
  })
}

function refusedUpgrade(headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const attempt = socket(headers)
    attempt.on('open', () => reject(new Error('expected a refusal, got a connection')))
    attempt.on('error', () => {})
    attempt.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
  })
}

describe('the token', () => {
  it('is exchanged for a strict cookie and leaves the address bar', async () => {
    const answer = await get(`/?token=${server.token}`)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(String(answer.headers['set-cookie'])).toMatch(
      new RegExp(`^cleanbeam-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    )
    expect(String(answer.headers['set-cookie'])).not.toContain(server.token)
    const page = await get('/', await cookie())
    expect(page.status).toBe(200)
    expect(page.body.toString()).toContain('<title>page</title>')
  })

  it('has 256 bits and differs from start to start', async () => {
    expect(Buffer.from(server.token, 'base64url').byteLength).toBe(32)
    const other = await start()
    expect(other.token).not.toBe(server.token)
    await other.close()
  })

  it('reaches the page by a hop of our own when a link on another site was followed', async () => {
    const answer = await get(`/?token=${server.token}`, { 'Sec-Fetch-Site': 'cross-site' })
    expect(answer.status).toBe(200)
    expect(answer.body.toString()).toContain('http-equiv="refresh" content="0; url=/"')
  })

  it('that is wrong is refused, for people and for programs', async () => {
    const page = await get('/?token=wrong', { Accept: 'text/html' })
    expect(page.status).toBe(401)
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(page.body.toString()).toContain('<h1>Wrong token</h1>')
    expect(page.body.toString()).toContain('Open the address that cleanbeam printed')
    const json = await get('/api/session', { Authorization: 'Bearer wrong' })
    expect(json.status).toBe(401)
    expect(JSON.parse(json.body.toString()).message).toMatch('got one that is not valid')
  })

  it.each(['/', '/app.js', '/api/session', `/${tilePath('session one', tile)}`, '/nothing'])(
    'that is missing is refused at %s',
    async path => {
      const answer = await get(path)
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.body.toString()).message).toMatch('got none')
    },
  )

  it('opens the WebSocket as bearer or as cookie, and nothing else does', async () => {
    for (const headers of [bearer(), await cookie()]) {
      const one = client(headers)
      expect(await one.call('gclean.cmds', {})).toEqual(['false'])
      one.close()
    }
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Cookie: `cleanbeam-${server.port}=x` }]) {
      const { status, body } = await refusedUpgrade(headers as Record<string, string>)
      expect(status).toBe(401)
      expect(JSON.parse(body).message).toMatch('cleanbeam printed')
    }
  })
})

describe('foreign names', () => {
  it('in Origin are refused, on pages and on the WebSocket', async () => {
    const foreign = { Origin: 'https://evil.example', ...bearer() }
    const answer = await get('/api/session', foreign)
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body.toString()).message).toMatch('got https://evil.example')
    expect(await refusedUpgrade(foreign)).toMatchObject({ status: 403 })
    expect(await refusedUpgrade({ Origin: 'null', ...bearer() })).toMatchObject({ status: 403 })
  })

  it('in Host are refused before anything else (DNS rebinding)', async () => {
    for (const host of ['evil.example', `evil.example:${server.port}`, `127.0.0.1:${server.port + 1}`]) {
      const answer = await get(`/?token=${server.token}`, { Host: host })
      expect(answer.status).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect(await refusedUpgrade({ Host: 'evil.example', ...bearer() })).toMatchObject({ status: 403 })
  })

  it('of our own are welcome', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const own = `${name}:${server.port}`
      expect((await get('/api/session', { Host: own, Origin: `http://${own}`, ...bearer() })).status).toBe(200)
    }
  })
})

describe('answers', () => {
  it('carry the headers that isolate the page', async () => {
    const { headers } = await get('/', await cookie())
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-inline')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('are stored only where their name never means anything else', async () => {
    const cacheControl = async (path: string) => (await get(path, bearer())).headers['cache-control']
    expect(await cacheControl('/api/session')).toBe('no-store')
    expect(await cacheControl('/app.js')).toBe('no-cache')
    expect(await cacheControl('/app-ABCDEF12.js')).toMatch('immutable')
    expect(await cacheControl(`/${tilePath('session one', tile)}`)).toMatch('immutable')
  })

  it('are not sent again when the browser has them', async () => {
    const { headers } = await get('/app.js', bearer())
    const again = await get('/app.js', { ...bearer(), 'If-None-Match': String(headers.etag) })
    expect(again.status).toBe(304)
    expect(again.body.byteLength).toBe(0)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/leak.txt', '/%00', '/none.js', '/%'])(
    'never lead out of the page folder: %s',
    async path => {
      const answer = await get(path, bearer())
      expect([400, 404]).toContain(answer.status)
    },
  )

  it('are tiles for tile addresses of this session', async () => {
    const path = `/${tilePath('session one', { ...tile, tx: 7 })}`
    const answer = await get(path, bearer())
    expect(answer.status).toBe(200)
    expect([answer.headers['x-tile-width'], answer.headers['x-tile-height']]).toEqual(['256', '256'])
    expect(new Float32Array(new Uint8Array(answer.body).buffer)).toEqual(new Float32Array(65536).fill(7))
    expect((await get(`/${tilePath('another', tile)}`, bearer())).status).toBe(404)
    expect((await get(`/${tilePath('session one', { ...tile, generation: 2 })}`, bearer())).status).toBe(410)
    expect((await get('/tile/x/y', bearer())).status).toBe(400)
  })
})

describe('sessions over WebSocket', () => {
  it('are joined by a second client, which sees the same events', async () => {
    const clients = [client(), client()]
    const seen = clients.map(one => new Promise(resolve => one.on('phase', resolve)))
    await Promise.all(clients.map(one => one.call('gclean.cmds', {})))
    const phase: PhaseState = {
      name: 'running',
      sinceMs: 1,
      message: 'cycle 2',
      converged: false,
      restored: false,
      error: null,
    }
    session.emit('phase', phase)
    expect(await Promise.all(seen)).toEqual([phase, phase])
    for (const one of clients) one.close()
  })

  it('resume after the connection was cut, with the events of meanwhile', async () => {
    let link: Transport | null = null
    const one = client(bearer(), transport => {
      link = transport
    })
    const texts: string[] = []
    one.on('log', ({ text }) => texts.push(text))
    await one.call('gclean.cmds', {})
    for (let i = 0; i < 30; i++) {
      session.emit('log', { index: i, timeMs: 0, level: 'info', text: `line ${i}` })
      if (i === 10) (link as Transport | null)?.close('cut by the test')
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    while (texts.length < 30) await new Promise(resolve => setTimeout(resolve, 2))
    expect(texts).toEqual(Array.from({ length: 30 }, (_, i) => `line ${i}`))
    one.close()
  })

  it('carry 64 MB, 10,000 small calls and a storm of tiles that a stop overtakes', async () => {
    const one = client()
    await one.call('gclean.cmds', {})
    const startMs = performance.now()
    const answer = await one.call('image.getregion', { suffix: '.residual' })
    const bigMs = performance.now() - startMs
    expect((answer as { pixels: Float64Array }).pixels[8388607]).toBe(2.5)
    const echoStartMs = performance.now()
    for (let i = 0; i < 200; i++) await one.call('gclean.cmds', {})
    const echoMs = (performance.now() - echoStartMs) / 200
    const manyStartMs = performance.now()
    const many = await Promise.all(Array.from({ length: 10_000 }, () => one.call('gclean.cmds', { history: true })))
    const manyMs = performance.now() - manyStartMs
    expect(many.every(([text]) => text === 'true')).toBe(true)
    let nTile = 0
    const tiles = Array.from({ length: N_TILE }, (_, tx) => one.call('tile.get', { ...tile, tx }).then(() => nTile++))
    await one.call('gclean.cmds', {})
    const nTileBefore = nTile
    await Promise.all(tiles)
    console.log(
      `64 MiB in ${bigMs.toFixed(0)} ms, echo ${echoMs.toFixed(2)} ms, 10,000 calls in ${manyMs.toFixed(0)} ms, ${nTileBefore} of ${N_TILE} tiles before a control call`,
    )
    expect(nTileBefore).toBeLessThan(N_TILE / 4)
    one.close()
  })

  it('cancel calls on the other side', async () => {
    const one = client()
    const controller = new AbortController()
    const call = one.call('gclean.run', {}, { signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(call).rejects.toThrow('changed my mind')
    one.close()
  })

  it('refuse a client of an unknown version with the remedy', async () => {
    const one = connectSession({ connect: () => openedWebSocket(socket(bearer())), versions: [99] })
    await expect(one.call('gclean.cmds', {})).rejects.toThrow('use the same release of Cleanbeam on both sides')
    expect(one.connection.name).toBe('closed')
  })

  it('end for good, with the reason, for a client the server no longer knows', async () => {
    const headers = { Authorization: 'Bearer of another server' }
    const one = connectSession({
      connect: dialWebSocket({
        open: () => socket(headers),
        refusal: () => refusalOfServer(() => fetch(`${server.address}api/session`, { headers })),
      }),
    })
    await expect(one.call('gclean.cmds', {})).rejects.toThrow('A server that was started anew has a new token')
    expect(one.connection.name).toBe('closed')
  })

  it('exist at one path only', async () => {
    const attempt = socket(bearer(), 'elsewhere')
    const status = await new Promise(resolve => {
      attempt.on('error', () => {})
      attempt.on('unexpected-response', (_request, response) => resolve(response.statusCode))
    })
    expect(status).toBe(404)
  })
})

describe('the server', () => {
  it('ends everything on close, and every pending call settles', async () => {
    const one = client()
    const pending = one.call('gclean.run', {})
    const settled = expect(pending).rejects.toMatchObject({ tag: 'ChannelError' })
    const goodbye = new Promise(resolve => one.on('goodbye', resolve))
    await one.call('gclean.cmds', {})
    await server.close()
    expect(await goodbye).toEqual({ reason: 'server closed' })
    await settled
    expect(closed).toBe(true)
    await expect(get('/')).rejects.toThrow('ECONNREFUSED')
  })

  it('appears under a sub-path and a public origin behind a reverse proxy', async () => {
    await server.close()
    server = await start({ basePath: '/user/me/', publicOrigins: ['https://hub.example.org'] })
    const proxied = { Host: 'hub.example.org', Origin: 'https://hub.example.org', ...bearer() }
    expect((await get('/user/me/api/session', proxied)).status).toBe(200)
    expect((await get('/user/me/', bearer())).body.toString()).toContain('page')
    expect((await get('/api/session', bearer())).status).toBe(404)
    const { headers } = await get(`/user/me/?token=${server.token}`)
    expect(headers.location).toBe('/user/me/')
    expect(String(headers['set-cookie'])).toContain('Path=/user/me/;')
  })

  it('says so when the port is taken or the base path is no path', async () => {
    await expect(start({ port: server.port })).rejects.toThrow(/expected to listen on .* it is in use: choose another/)
    await expect(start({ basePath: 'x' })).rejects.toThrow('expected a base path such as / or /user/me/, got x')
  })
})
