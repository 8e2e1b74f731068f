// Plain tables for terminals.

/** Rows as lines, columns as wide as their longest entry; numbers (as text) to the right, everything else to the left. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[], indent = 2): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map(row => row[i].length)))
  const isNumeric = header.map(
    (_, i) => rows.length > 0 && rows.every(row => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(row[i])),
  )
  const line = (cells: readonly string[]) =>
    `${' '.repeat(indent)}${cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()}`
  return [header, ...rows].map(line).join('\n')
}

/** Names and values, one pair on a line. */
export function formatPairs(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n')
}

/** A value of a record on one line: numbers as they are, lists with blanks, anything else as JSON. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value) && value.every(item => typeof item !== 'object')) return value.map(String).join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
