import type { CellDump, TableDump } from './table-dump.ts'

/** Differences between two dumps, one line each; [] when they are equal. */
export function compareDumps(
  ours: Readonly<Record<string, TableDump>>,
  theirs: Readonly<Record<string, TableDump>>,
): string[] {
  const differences = compareNames(Object.keys(ours), Object.keys(theirs), 'tables')
  for (const path of Object.keys(theirs)) {
    const [a, b] = [ours[path], theirs[path]]
    if (a === undefined) continue
    if (a.nrow !== b.nrow) differences.push(`${path}: ${a.nrow} rows, not ${b.nrow}`)
    differences.push(...comparePlain(a.keywords, b.keywords, `${path} keywords`))
    differences.push(...compareNames(Object.keys(a.columns), Object.keys(b.columns), `columns of ${path}`))
    for (const name of Object.keys(b.columns)) {
      if (a.columns[name] === undefined) continue
      differences.push(...comparePlain(a.columns[name].keywords, b.columns[name].keywords, `${path} ${name} keywords`))
      differences.push(...compareRows(a.columns[name].rows, b.columns[name].rows, `${path} ${name}`))
    }
  }
  return differences
}

/** Number of cells in a dump. */
export function countCells(dump: Readonly<Record<string, TableDump>>): number {
  let n = 0
  for (const table of Object.values(dump)) for (const column of Object.values(table.columns)) n += column.rows.length
  return n
}

function compareNames(ours: string[], theirs: string[], what: string): string[] {
  const missing = theirs.filter(name => !ours.includes(name))
  const extra = ours.filter(name => !theirs.includes(name))
  return missing.length + extra.length === 0
    ? []
    : [`${what}: missing ${missing.join(', ')}; extra ${extra.join(', ')}`]
}

function compareRows(ours: readonly CellDump[], theirs: readonly CellDump[], where: string): string[] {
  const wrong = theirs.flatMap((checksum, row) => (sameCell(ours[row], checksum) ? [] : [row]))
  return wrong.length === 0 && ours.length === theirs.length
    ? []
    : [`${where}: ${wrong.length} of ${theirs.length} cells differ, first in row ${wrong[0]}`]
}

function sameCell(ours: CellDump | undefined, theirs: CellDump): boolean {
  return ours === theirs || (typeof theirs === 'object' && comparePlain(ours, theirs, '').length === 0)
}

function comparePlain(ours: unknown, theirs: unknown, where: string): string[] {
  if (typeof theirs !== 'object' || theirs === null) {
    // JSON has no NaN, and no integers beyond 2^53 that are exact.
    const text = typeof ours === 'number' && !Number.isFinite(ours) ? nonFinite(ours) : ours
    return text === theirs || String(text) === String(theirs)
      ? []
      : [`${where}: ${String(ours)}, not ${String(theirs)}`]
  }
  if (typeof ours !== 'object' || ours === null) return [`${where}: ${String(ours)}, not ${JSON.stringify(theirs)}`]
  const names = Object.keys(theirs)
  return [
    ...compareNames(Object.keys(ours), names, where),
    ...names.flatMap(name =>
      name in ours ? comparePlain(Reflect.get(ours, name), Reflect.get(theirs, name), `${where}.${name}`) : [],
    ),
  ]
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}
