import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { IMMUTABLE } from '../security-headers.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** Names the build gives by content: app-3F9K2A7B.js. */
const HASHED = /-[A-Z0-9]{8,}\.\w+$/

/**
 * The answer for a file of the page's folder, or null when there is none of that name. Links that lead out of the folder
 * count as none.
 * @param path - below the folder, '/'-separated, decoded
 * @param ifNoneMatch - the tag of the version the browser has
 */
export async function staticFile(folder: string, path: string, ifNoneMatch?: string): Promise<Response | null> {
  const file = await resolveWithin(folder, path)
  if (file === null) return null
  const { size, mtimeMs } = await stat(file)
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
  const headers = {
    'Content-Type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': HASHED.test(file) ? IMMUTABLE : 'no-cache',
    ETag: etag,
  }
  if (ifNoneMatch === etag) return new Response(null, { status: 304, headers })
  return new Response(await readFile(file), { headers })
}

async function resolveWithin(folder: string, path: string): Promise<string | null> {
  if (path.includes('\0') || path.includes('\\')) return null
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, path === '' ? 'index.html' : path))
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}
