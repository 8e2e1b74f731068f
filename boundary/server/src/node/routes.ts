import { ProtocolError, parseTilePath, SUPPORTED_VERSIONS } from '@cleanbeam/protocol'
import { isTaggedError, type JsonObject } from '@cleanbeam/types'
import { type Context, Hono } from 'hono'
import {
  type AccessRules,
  type Refusal,
  type RequestClaims,
  refuseForeign,
  refuseUnauthorised,
  wrongToken,
} from '../access.ts'
import type { IdentityProvider } from '../identity.ts'
import { forwardPage, refusalJson, refusalPage } from '../refusal-page.ts'
import { IMMUTABLE, securityHeaders } from '../security-headers.ts'
import type { StartDesk } from '../start-desk.ts'
import type { SessionPlace } from './session-place.ts'
import { addSignInRoutes, type SignInOptions, signInInstead } from './sign-in-routes.ts'
import { addStartRoutes } from './start-routes.ts'
import { staticFile } from './static-files.ts'

export interface RouteOptions {
  /** '/' or '/some/path/'. */
  readonly basePath: string
  /** Folder of the built page; null: the server has none (programs only). */
  readonly pageDir: string | null
  readonly rules: AccessRules
  /** Value of the cookie that a right token is exchanged for. */
  readonly cookie: string
  /** Where the session is, or will be. */
  readonly place: SessionPlace
  /** What the start page works with; null: there is none. */
  readonly desk: StartDesk | null
  /** Who knows the users; null: whoever has the token is the user. */
  readonly identity: IdentityProvider | null
}

/** Everything the server answers by HTTP: page, session check, tiles. */
export function createRoutes(options: RouteOptions): Hono {
  const { basePath, rules, place, desk } = options
  let identity: Promise<string> | null = null
  const sessionId = () => (identity ??= place.client.call('session.identity', {}).then(answer => answer.sessionId))
  const app = new Hono()
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(securityHeaders(context.req.header('host') ?? ''))) {
      context.header(name, value)
    }
    const refusal = refuseForeign(claimsOf(context), rules)
    return refusal === null ? next() : refuse(context, refusal)
  })
  app.get(basePath, async (context, next) => {
    const token = context.req.query('token')
    if (token === undefined) return next()
    return rules.isToken(token) ? exchangeToken(context, options) : refuse(context, wrongToken())
  })
  if (options.identity !== null) {
    const signIn: SignInOptions = {
      basePath,
      cookieName: rules.cookieName,
      identity: options.identity,
      letIn: context => exchangeToken(context, options),
      refuse,
    }
    addSignInRoutes(app, signIn)
    app.use(signInInstead(signIn, context => refuseUnauthorised(claimsOf(context), rules) !== null))
  }
  app.use(async (context, next) => {
    const refusal = refuseUnauthorised(claimsOf(context), rules)
    return refusal === null ? next() : refuse(context, refusal)
  })
  app.get(`${basePath}api/session`, context => context.json({ versions: SUPPORTED_VERSIONS }))
  if (desk !== null) {
    const begin = async (parameters: JsonObject) => place.take(await desk.begin(parameters))
    addStartRoutes(app, { basePath, desk, isOver: () => place.session !== null, begin })
  }
  app.get(`${basePath}tile/*`, context => answerTile(context, options, sessionId))
  app.get(`${basePath}*`, context => answerFile(context, options))
  app.notFound(context => refuse(context, notFound(context)))
  app.onError((error, context) => {
    const badRequest = error instanceof URIError || error instanceof ProtocolError
    const title = badRequest ? 'Bad address' : 'Internal error'
    return context.json(refusalJson({ title, message: error.message }), badRequest ? 400 : 500)
  })
  return app
}

function claimsOf(context: Context): RequestClaims {
  return {
    host: context.req.header('host'),
    origin: context.req.header('origin'),
    cookie: context.req.header('cookie'),
    authorization: context.req.header('authorization'),
  }
}

function notFound(context: Context): Omit<Refusal, 'status'> & { status: 404 } {
  return { status: 404, title: 'Not found', message: `expected an address of this server, got ${context.req.path}` }
}

function refuse(context: Context, refusal: Omit<Refusal, 'status'> & { status: 401 | 403 | 404 }): Response {
  const { status } = refusal
  const wantsPage = context.req.header('accept')?.includes('text/html') === true
  return wantsPage ? context.html(refusalPage(refusal), status) : context.json(refusalJson(refusal), status)
}

function exchangeToken(context: Context, { basePath, rules, cookie }: RouteOptions): Response {
  context.header('Set-Cookie', `${rules.cookieName}=${cookie}; Path=${basePath}; HttpOnly; SameSite=Strict`, {
    append: true,
  })
  // After a link on another site the browser would leave a strict cookie out of the redirected request.
  if (context.req.header('sec-fetch-site') === 'cross-site') return context.html(forwardPage(basePath))
  return context.redirect(basePath, 303)
}

async function answerFile(context: Context, { basePath, pageDir, place }: RouteOptions): Promise<Response> {
  const asked = decodeURIComponent(context.req.path.slice(basePath.length))
  const path = asked === '' && place.session === null ? 'start.html' : asked
  const file = pageDir === null ? null : await staticFile(pageDir, path, context.req.header('if-none-match'))
  if (file === null) return refuse(context, notFound(context))
  for (const [name, value] of file.headers) context.header(name, value)
  return file.body === null ? context.body(null, 304) : context.body(file.body, 200)
}

async function answerTile(
  context: Context,
  { basePath, place }: RouteOptions,
  ourSessionId: () => Promise<string>,
): Promise<Response> {
  const { sessionId, tile } = parseTilePath(context.req.path.slice(basePath.length))
  if ((await ourSessionId()) !== sessionId) return refuse(context, notFound(context))
  try {
    const { width, height, pixels } = await place.client.call('tile.get', tile, { signal: context.req.raw.signal })
    context.header('Cache-Control', IMMUTABLE)
    context.header('Content-Type', 'application/octet-stream')
    context.header('X-Tile-Width', String(width))
    context.header('X-Tile-Height', String(height))
    const bytes = new Uint8Array(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength))
    return context.body(bytes.buffer)
  } catch (error) {
    if (!isTaggedError(error)) throw error
    const { tag, message, fields } = error
    return context.json({ tag, message, fields }, tag === 'StaleGeneration' ? 410 : 400)
  }
}
