import type { Table, TableColumn } from '@cleanbeam/casatable'
import type { DirectionFrame, SpectralFrame } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import { scalarColumn } from './column-access.ts'

/** Numbers under which MeasurementSets keep frequency frames (MEAS_FREQ_REF). */
const SPECTRAL_FRAMES: Readonly<Record<number, SpectralFrame>> = {
  0: 'REST',
  1: 'LSRK',
  2: 'LSRD',
  3: 'BARY',
  4: 'GEO',
  5: 'TOPO',
  6: 'GALACTO',
  7: 'LGROUP',
  8: 'CMB',
  64: 'Undefined',
}

/** Frame of every spectral window; TOPO where the column is missing. */
export function spectralFrames(spectralWindow: Table): SpectralFrame[] {
  const codes = scalarColumn(spectralWindow, 'MEAS_FREQ_REF')
  return Array.from({ length: spectralWindow.nRow }, (_, row) => SPECTRAL_FRAMES[codes?.[row] ?? 5] ?? 'Undefined')
}

const DIRECTION_FRAMES: Readonly<Record<string, DirectionFrame>> = {
  J2000: 'J2000',
  ICRS: 'ICRS',
  B1950: 'B1950',
  GALACTIC: 'GALACTIC',
}

/** Name of the reference that a column's MEASINFO keyword fixes; undefined when it varies or is not said. */
export function fixedReference(column: TableColumn): string | undefined {
  const info = measureInfo(column)
  const reference = info?.Ref
  return typeof reference === 'string' ? reference : undefined
}

function measureInfo(column: TableColumn): Readonly<Record<string, unknown>> | undefined {
  const info: unknown = column.keywords.toPlain().MEASINFO
  return typeof info === 'object' && info !== null ? (info as Readonly<Record<string, unknown>>) : undefined
}

/**
 * Frame of a direction in one row: fixed for the column, or by a column of codes (VarRefCol) with its table of names.
 * @throws VisibilityError for a frame that depends on the observer (AZELGEO, a planet, …)
 */
export function directionFrame(table: Table, columnName: string, row: number): DirectionFrame {
  const column = table.column(columnName)
  const name = fixedReference(column) ?? variableReference(table, column, row) ?? 'J2000'
  const frame = DIRECTION_FRAMES[name.toUpperCase()]
  if (frame !== undefined) return frame
  throw new VisibilityError(
    `expected a direction in J2000, ICRS, B1950 or GALACTIC, got ${name} (${table.path}, ${columnName}, row ${row}): not yet supported: ${name}`,
    { frame: name, row },
  )
}

function variableReference(table: Table, column: TableColumn, row: number): string | undefined {
  const info = measureInfo(column)
  const columnOfCodes = info?.VarRefCol
  if (typeof columnOfCodes !== 'string' || !table.hasColumn(columnOfCodes)) return undefined
  const codes = table.column(columnOfCodes)
  if (codes.type === 'string') return codes.getStrings(row, 1)[0]
  const code = Number(scalarColumn(table, columnOfCodes)?.[row])
  const names = listOf(info?.TabRefTypes)
  const numbers = listOf(info?.TabRefCodes)
  const at = numbers.findIndex(each => Number(each) === code)
  return at >= 0 ? String(names[at]) : undefined
}

/** Elements of a keyword that is a list or an array record. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  const data = (value as { data?: ArrayLike<unknown> } | undefined)?.data
  return data === undefined ? [] : Array.from(data)
}
