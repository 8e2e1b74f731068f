import type { JsonObject, JsonValue } from '@cleanbeam/types'

/** One parameter of the form. */
export interface FormParameter {
  readonly name: string
  readonly group: string
  readonly kind: string
  readonly default: JsonValue
  readonly unit: string
  readonly choices?: readonly string[]
  readonly meaning: string
}

/** A session whose folder lies below the root. */
export interface RecentSession {
  readonly name: string
  readonly vis: JsonValue
  readonly modifiedMs: number
  readonly iterations: number
  readonly cycles: number
  readonly restored: boolean
  readonly parameters: JsonObject
}

/** What the start page shows at first. */
export interface Overview {
  readonly root: string
  readonly parameters: readonly FormParameter[]
  readonly recent: readonly RecentSession[]
  readonly example: JsonObject
}

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string
  readonly kind: 'folder' | 'MeasurementSet' | 'UVFITS' | 'image' | 'file'
  readonly bytes: number
  readonly modifiedMs: number
}

/** A folder below the root. */
export interface FolderListing {
  readonly root: string
  /** '' for the root itself. */
  readonly path: string
  readonly entries: readonly FolderEntry[]
}

/** What an observation holds and which image would suit it. */
export interface ObservationFacts {
  readonly summary: JsonObject
  /** The listing as text, as `cleanbeam listobs` prints it. */
  readonly text: string
  readonly proposal: {
    readonly cellArcsec: number
    readonly imsize: number
    readonly resolutionArcsec: number
    readonly primaryBeamArcsec: number
    readonly reason: string
  }
}

/** About what a run takes. */
export interface RunEstimate {
  readonly memoryBytes: number
  readonly firstImageSeconds: number
  readonly cycleSeconds: number
}

/** The server's side of the start page. Failures are rejected with the sentence the server has for them. */
export interface StartClient {
  overview(): Promise<Overview>
  files(path: string): Promise<FolderListing>
  observation(path: string): Promise<ObservationFacts>
  estimate(parameters: JsonObject): Promise<RunEstimate>
  begin(parameters: JsonObject): Promise<void>
}

/** The start page's addresses below a base address. */
export function httpStartClient(base: string): StartClient {
  const address = (name: string, query: Record<string, string> = {}) => {
    const url = new URL(`api/start${name}`, base)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    return url
  }
  const post = (name: string, body: JsonObject) =>
    answerOf(fetch(address(name), { method: 'POST', body: JSON.stringify(body) }))
  return {
    overview: () => answerOf(fetch(address(''))) as Promise<Overview>,
    files: path => answerOf(fetch(address('/files', { path }))) as Promise<FolderListing>,
    observation: path => answerOf(fetch(address('/observation', { path }))) as Promise<ObservationFacts>,
    estimate: parameters => post('/estimate', parameters) as Promise<RunEstimate>,
    begin: async parameters => {
      await post('/begin', parameters)
    },
  }
}

async function answerOf(request: Promise<Response>): Promise<unknown> {
  const response = await request
  const body: unknown = await response.json()
  if (response.ok) return body
  throw new Error((body as { message?: string }).message ?? response.statusText)
}
