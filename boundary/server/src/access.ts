/** What a request says about itself, header names as HTTP has them. */
export interface RequestClaims {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly cookie: string | undefined
  readonly authorization: string | undefined
}

export type Refusal = { readonly status: 401 | 403; readonly title: string; readonly message: string }

export interface AccessRules {
  /** Host headers that are ours, port included: 'localhost:8080'. Anything else is a foreign name bound to our address. */
  readonly hosts: readonly string[]
  /** Origins whose pages may talk to us: 'http://localhost:8080'. */
  readonly origins: readonly string[]
  readonly cookieName: string
  /** True for the value our cookie has. */
  isCookie(value: string): boolean
  /** True for the token of this server. */
  isToken(value: string): boolean
}

const FOREIGN_HOST = 'Open the address exactly as cleanbeam printed it.'
const FOREIGN_ORIGIN = 'Only pages that cleanbeam itself served may use this address.'
const NO_TOKEN =
  'Open the address that cleanbeam printed when it started, with its token. A server that was started anew has a new token.'

/**
 * Whether a request comes to us by a name that is ours and from a page of ours. Holds for every request, authorised or
 * not: against DNS rebinding and against pages of other sites.
 */
export function refuseForeign(claims: RequestClaims, rules: AccessRules): Refusal | null {
  if (claims.host === undefined || !rules.hosts.includes(claims.host.toLowerCase())) {
    const message = `expected a Host of ${rules.hosts.join(', ')}, got ${claims.host ?? 'none'}. ${FOREIGN_HOST}`
    return { status: 403, title: 'Foreign host name', message }
  }
  if (claims.origin !== undefined && !rules.origins.includes(claims.origin.toLowerCase())) {
    const message = `expected an Origin of ${rules.origins.join(', ')}, got ${claims.origin}. ${FOREIGN_ORIGIN}`
    return { status: 403, title: 'Foreign origin', message }
  }
  return null
}

/** Whether a request carries our cookie, or our token as a bearer (programs). */
export function refuseUnauthorised(claims: RequestClaims, rules: AccessRules): Refusal | null {
  const bearer = /^Bearer (\S+)$/.exec(claims.authorization ?? '')?.[1]
  if (bearer !== undefined && rules.isToken(bearer)) return null
  const cookie = cookieValue(claims.cookie ?? '', rules.cookieName)
  if (cookie !== null && rules.isCookie(cookie)) return null
  const got = bearer !== undefined || cookie !== null ? 'one that is not valid' : 'none'
  return {
    status: 401,
    title: 'Not authorised',
    message: `expected this server's token or cookie, got ${got}. ${NO_TOKEN}`,
  }
}

/** What to say about a wrong token in the address. */
export function wrongToken(): Refusal {
  return { status: 401, title: 'Wrong token', message: `expected this server's token, got another. ${NO_TOKEN}` }
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value !== undefined) return value
  }
  return null
}
