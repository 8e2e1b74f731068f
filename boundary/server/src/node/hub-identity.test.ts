import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hubPlace, isHubEnvironment } from './hub-identity.ts'

/** A Hub that knows two codes: one of the owner, one of somebody else. */
let hub: Server
let asked: string[] = []
let environment: Record<string, string>

beforeAll(async () => {
  hub = createServer(async (request, response) => {
    const body = await text(request)
    asked.push(`${request.method} ${request.url} ${body}`)
    const json = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    const code = new URLSearchParams(body).get('code')
    const token = request.headers.authorization
    if (code === 'broken') json(500, {})
    else if (request.url === '/hub/api/oauth2/token') json(code === 'guess' ? 400 : 200, { access_token: `of ${code}` })
    else if (token === 'token of alice') json(200, { name: 'alice', scopes: ['access:servers!server=alice/'] })
    else json(200, { name: 'mallory', scopes: ['access:servers!server=mallory/'] })
  })
  await new Promise<void>(resolve => hub.listen(0, '127.0.0.1', resolve))
  const { port } = hub.address() as AddressInfo
  environment = {
    JUPYTERHUB_API_TOKEN: 'secret',
    JUPYTERHUB_API_URL: `http://127.0.0.1:${port}/hub/api`,
    JUPYTERHUB_CLIENT_ID: 'jupyterhub-user-alice',
    JUPYTERHUB_BASE_URL: '/portal/',
    JUPYTERHUB_SERVICE_PREFIX: '/portal/user/alice/',
    JUPYTERHUB_SERVICE_URL: 'http://127.0.0.1:4321/portal/user/alice/',
    JUPYTERHUB_OAUTH_CALLBACK_URL: '/portal/user/alice/oauth_callback',
    JUPYTERHUB_OAUTH_ACCESS_SCOPES: '["access:servers!server=alice/", "access:servers!user=alice"]',
  }
})
afterAll(() => hub.close())

describe('JupyterHub', () => {
  it('says where the server is and where users sign in', () => {
    expect(isHubEnvironment(environment)).toBe(true)
    expect(isHubEnvironment({})).toBe(false)
    const { identity, ...place } = hubPlace(environment)
    expect(place).toEqual({ basePath: '/portal/user/alice/', host: '127.0.0.1', port: 4321, publicOrigins: [] })
    expect(identity.callbackPath).toBe('oauth_callback')
    const address = new URL(identity.signInAddress('s&t'), 'http://hub')
    expect(address.pathname).toBe('/portal/hub/api/oauth2/authorize')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'jupyterhub-user-alice',
      redirect_uri: '/portal/user/alice/oauth_callback',
      response_type: 'code',
      state: 's&t',
    })
  })

  it('decides who gets in', async () => {
    const { identity } = hubPlace(environment)
    asked = []
    expect(await identity.admits('alice')).toBe(true)
    expect(asked[0]).toMatch(/^POST \/hub\/api\/oauth2\/token client_id=.*client_secret=secret.*code=alice/)
    expect(asked[1]).toMatch('GET /hub/api/user')
    expect(await identity.admits('mallory')).toBe(false)
    expect(await identity.admits('guess')).toBe(false)
    await expect(identity.admits('broken')).rejects.toThrow('got HTTP status 500')
  })

  it('that does not say what it must is refused by name', async () => {
    const { JUPYTERHUB_CLIENT_ID: _, ...without } = environment
    expect(() => hubPlace(without)).toThrow(
      /expected the environment of a JupyterHub spawner[\s\S]*JUPYTERHUB_CLIENT_ID/,
    )
    const silent = hubPlace({ ...environment, JUPYTERHUB_API_URL: 'http://127.0.0.1:9/hub/api' })
    await expect(silent.identity.admits('alice')).rejects.toThrow('expected JupyterHub at http://127.0.0.1:9')
  })
})
