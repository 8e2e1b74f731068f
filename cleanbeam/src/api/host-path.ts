import { ParameterError } from '@cleanbeam/tclean'
import type { JsonObject, JsonValue } from '@cleanbeam/types'

/** Parameters that name files. */
const PATH_PARAMETERS = ['vis', 'imagename', 'mask', 'startmodel', 'outlierfile', 'vptable', 'cfcache'] as const
/** As scp: what stands before the first colon, unless a slash comes before it; one letter would be a drive. */
const HOST_PATH = /^([\w][\w.@-]+):(.*)$/s

/** Parameters whose files are on another host. */
export interface HostParameters {
  readonly host: string
  /** The parameters with paths as they are on that host; relative ones begin at its home folder. */
  readonly parameters: JsonObject
}

/**
 * Takes `host:` off the paths.
 * @returns null when no visibilities are on another host
 * @throws ParameterError when they are on several hosts, or other files on another one
 */
export function splitHostParameters(given: JsonObject): HostParameters | null {
  const hosts = new Set(pathsOf(given.vis).map(path => hostOf(path)))
  const [host] = hosts
  if (hosts.size > 1)
    throw refuse('vis', `all on one host, got ${[...hosts].map(name => name ?? 'here').join(' and ')}`)
  if (host === null || host === undefined) return null
  const parameters: JsonObject = { ...given }
  for (const name of PATH_PARAMETERS) {
    const value = given[name]
    if (typeof value !== 'string' && !Array.isArray(value)) continue
    const strip = (path: JsonValue): JsonValue => (typeof path === 'string' ? pathOn(host, path, name) : path)
    parameters[name] = typeof value === 'string' ? strip(value) : value.map(strip)
  }
  return { host, parameters }
}

const pathsOf = (value: JsonValue | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter(path => typeof path === 'string')

function hostOf(path: string): string | null {
  return HOST_PATH.exec(path)?.[1] ?? null
}

function pathOn(host: string, text: string, name: string): string {
  const [, theirs, path] = HOST_PATH.exec(text) ?? []
  if (theirs === undefined) return text.replace(/^~\//, '')
  // Only visibilities and image names are always paths: a mask may be text that contains a colon.
  if (theirs === host) return path.replace(/^~\//, '')
  if (name === 'vis' || name === 'imagename') throw refuse(name, `a path on ${host}, got '${text}'`)
  return text
}

function refuse(parameter: string, what: string): ParameterError {
  return new ParameterError(`expected ${what} (${parameter})`, { parameter })
}
