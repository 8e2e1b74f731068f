/** The directory a path lies in; '.' for a bare name. */
export function parentPath(path: string): string {
  const trimmed = trimSlashes(path)
  const slash = trimmed.lastIndexOf('/')
  if (slash < 0) return '.'
  return slash === 0 ? '/' : trimmed.slice(0, slash)
}

/** The last part of a path. */
export function baseName(path: string): string {
  const trimmed = trimSlashes(path)
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

/**
 * Where a stored table reference leads.
 * @param reference - as in the file: '././NAME' lies in the table's directory, './NAME' beside the table
 * @param tablePath - directory of the table that refers
 */
export function resolveReference(reference: string, tablePath: string): string {
  if (reference.startsWith('././')) return normalizePath(`${tablePath}/${reference.slice(4)}`)
  if (reference.startsWith('./')) return normalizePath(`${parentPath(tablePath)}/${reference.slice(2)}`)
  return normalizePath(reference)
}

/** How a reference from one table to another is stored. */
export function makeReference(target: string, tablePath: string): string {
  const own = `${normalizePath(tablePath)}/`
  const path = normalizePath(target)
  if (path.startsWith(own)) return `././${path.slice(own.length)}`
  const parent = parentPath(normalizePath(tablePath))
  const beside = parent === '/' ? '/' : `${parent}/`
  if (path.startsWith(beside)) return `./${path.slice(beside.length)}`
  return path
}

/** The path without '.', '..' and doubled slashes. */
export function normalizePath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop()
    else parts.push(part)
  }
  const joined = parts.join('/')
  return path.startsWith('/') ? `/${joined}` : joined === '' ? '.' : joined
}

function trimSlashes(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
