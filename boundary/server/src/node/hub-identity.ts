// JupyterHub as identity provider: this server is one user's server, started by the Hub's spawner.
// Source: https://jupyterhub.readthedocs.io/en/stable/explanation/oauth.html and
// https://jupyterhub.readthedocs.io/en/stable/reference/services.html#launching-a-hub-managed-service
import { z } from 'zod'
import type { IdentityProvider } from '../identity.ts'
import { ServerError } from '../server-error.ts'

const environmentSchema = z.object({
  JUPYTERHUB_API_TOKEN: z.string().min(1),
  JUPYTERHUB_API_URL: z.url(),
  JUPYTERHUB_CLIENT_ID: z.string().min(1),
  JUPYTERHUB_BASE_URL: z.string().startsWith('/').default('/'),
  /** Of the Hub's pages, where they are on another host. */
  JUPYTERHUB_HOST: z.string().default(''),
  JUPYTERHUB_SERVICE_PREFIX: z.string().regex(/^\/.*\/$/),
  JUPYTERHUB_SERVICE_URL: z.url(),
  JUPYTERHUB_OAUTH_CALLBACK_URL: z.string().min(1),
  JUPYTERHUB_OAUTH_ACCESS_SCOPES: z.string(),
  JUPYTERHUB_PUBLIC_URL: z.string().default(''),
})

const scopesSchema = z.array(z.string()).min(1)
const tokenSchema = z.object({ access_token: z.string() })
const userSchema = z.object({ name: z.string(), scopes: z.array(z.string()) })

const HUB_MS = 10_000

/** What the Hub's spawner tells a server about its place and its users. */
export interface HubPlace {
  readonly identity: IdentityProvider
  /** Path the Hub's proxy shows us under. */
  readonly basePath: string
  readonly host: string
  readonly port: number
  /** Origins users see, as far as the Hub knows them. */
  readonly publicOrigins: readonly string[]
}

/** Whether a JupyterHub has started this process. */
export const isHubEnvironment = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  environment.JUPYTERHUB_SERVICE_PREFIX !== undefined

/**
 * Reads what JupyterHub's spawner has put into the environment.
 * @throws ServerError when something is missing
 */
export function hubPlace(environment: Readonly<Record<string, string | undefined>>): HubPlace {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const message = `expected the environment of a JupyterHub spawner, got ${z.prettifyError(parsed.error)}`
    throw new ServerError(message, {}, parsed.error)
  }
  const hub = parsed.data
  const scopes = scopesSchema.parse(JSON.parse(hub.JUPYTERHUB_OAUTH_ACCESS_SCOPES))
  const { hostname, port } = new URL(hub.JUPYTERHUB_SERVICE_URL)
  const basePath = hub.JUPYTERHUB_SERVICE_PREFIX
  return {
    basePath,
    host: hostname,
    port: Number(port),
    publicOrigins: hub.JUPYTERHUB_PUBLIC_URL === '' ? [] : [new URL(hub.JUPYTERHUB_PUBLIC_URL).origin],
    identity: {
      callbackPath: hub.JUPYTERHUB_OAUTH_CALLBACK_URL.slice(basePath.length),
      signInAddress(state) {
        const query = new URLSearchParams({
          client_id: hub.JUPYTERHUB_CLIENT_ID,
          redirect_uri: hub.JUPYTERHUB_OAUTH_CALLBACK_URL,
          response_type: 'code',
          state,
        })
        return `${hub.JUPYTERHUB_HOST}${hub.JUPYTERHUB_BASE_URL}hub/api/oauth2/authorize?${query}`
      },
      async admits(code) {
        const form = {
          client_id: hub.JUPYTERHUB_CLIENT_ID,
          client_secret: hub.JUPYTERHUB_API_TOKEN,
          grant_type: 'authorization_code',
          code,
          redirect_uri: hub.JUPYTERHUB_OAUTH_CALLBACK_URL,
        }
        const exchanged = await ask(`${hub.JUPYTERHUB_API_URL}/oauth2/token`, {
          method: 'POST',
          body: new URLSearchParams(form),
        })
        if (exchanged === null) return false
        const { access_token } = tokenSchema.parse(exchanged)
        const user = await ask(`${hub.JUPYTERHUB_API_URL}/user`, {
          headers: { authorization: `token ${access_token}` },
        })
        return user !== null && userSchema.parse(user).scopes.some(scope => scopes.includes(scope))
      },
    },
  }
}

/** @returns null when the Hub refuses */
async function ask(url: string, init: RequestInit): Promise<unknown> {
  let answer: Response
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(HUB_MS) })
  } catch (cause) {
    throw new ServerError(`expected JupyterHub at ${url}, got: ${(cause as Error).message}`, { url }, cause)
  }
  if (answer.ok) return answer.json()
  if (answer.status < 500) return null
  throw new ServerError(`expected an answer of JupyterHub, got HTTP status ${answer.status} (${url})`, { url })
}
