import { timingSafeEqual } from 'node:crypto'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Refusal } from '../access.ts'
import type { IdentityProvider } from '../identity.ts'
import { newSecret } from './secrets.ts'

/** A sign-in that takes longer begins again. */
const SIGN_IN_SECONDS = 600

export interface SignInOptions {
  readonly basePath: string
  readonly cookieName: string
  readonly identity: IdentityProvider
  /** Gives our cookie and shows the page. */
  readonly letIn: (context: Context) => Response
  readonly refuse: (context: Context, refusal: Refusal) => Response
}

/** The way back from the identity provider. */
export function addSignInRoutes(app: Hono, options: SignInOptions): void {
  const { basePath, identity, letIn, refuse } = options
  app.get(`${basePath}${identity.callbackPath}`, async context => {
    const asked = getCookie(context, stateCookieOf(options)) ?? ''
    const state = context.req.query('state') ?? ''
    const code = context.req.query('code') ?? ''
    if (asked === '' || !equal(asked, state)) {
      const message = 'expected the answer to a sign-in that began here, got another: open the page again'
      return refuse(context, { status: 403, title: 'Sign-in failed', message })
    }
    context.header('Set-Cookie', stateCookie(options, '', 0), { append: true })
    if (code !== '' && (await identity.admits(code))) return letIn(context)
    const message = 'expected a user who may use this server, got one who may not: it belongs to somebody else'
    return refuse(context, { status: 403, title: 'Not your server', message })
  })
}

/** Sends pages that are asked for without our cookie to the identity provider. */
export function signInInstead(options: SignInOptions, refused: (context: Context) => boolean): MiddlewareHandler {
  return async (context, next) => {
    const isPage = context.req.method === 'GET' && context.req.header('accept')?.includes('text/html') === true
    if (!isPage || !refused(context)) return next()
    const state = newSecret()
    context.header('Set-Cookie', stateCookie(options, state, SIGN_IN_SECONDS), { append: true })
    return context.redirect(options.identity.signInAddress(state), 302)
  }
}

const stateCookieOf = ({ cookieName }: SignInOptions): string => `${cookieName}-state`

/** Lax: it comes back with a navigation that another page of the portal began. */
function stateCookie(options: SignInOptions, value: string, seconds: number): string {
  return `${stateCookieOf(options)}=${value}; Path=${options.basePath}; Max-Age=${seconds}; HttpOnly; SameSite=Lax`
}

function equal(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)]
  return first.byteLength === second.byteLength && timingSafeEqual(first, second)
}
