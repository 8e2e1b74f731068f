import { encodeNumbers } from './big-endian.ts'
import { FitsError } from './fits-error.ts'
import { FitsHeader } from './header.ts'
import { padBytes, withCards } from './image-data.ts'

/** A column to be written; `values` holds nRow × repeat numbers (complex: twice that), or one string per row. */
export interface ColumnToWrite {
  readonly name: string
  /** TFORMn, such as '1E', '3D', '8A', '1J', '1L'. */
  readonly format: string
  readonly unit?: string
  readonly values: ArrayLike<number> | readonly string[]
}

export interface TableToWrite {
  /** EXTNAME. */
  readonly name: string
  readonly version?: number
  readonly columns: readonly ColumnToWrite[]
  readonly header?: FitsHeader
}

const ENCODERS: Readonly<Record<string, (values: ArrayLike<number>) => Uint8Array>> = {
  L: values => Uint8Array.from(values, value => (value ? 0x54 : 0x46)),
  B: values => Uint8Array.from(values),
  I: values => encodeNumbers(Int16Array.from(values)),
  J: values => encodeNumbers(Int32Array.from(values)),
  E: values => encodeNumbers(Float32Array.from(values)),
  D: values => encodeNumbers(Float64Array.from(values)),
  C: values => encodeNumbers(Float32Array.from(values)),
  M: values => encodeNumbers(Float64Array.from(values)),
}

/**
 * Encodes a binary-table extension (such as the BEAMS table of per-plane beams).
 * @returns header and data, padded, in one array
 * @throws FitsError when a format is unknown or columns differ in their number of rows
 * @see FITS standard 4.0, section 7.3
 */
export function encodeBinTable(table: TableToWrite): Uint8Array<ArrayBuffer> {
  const encoded = table.columns.map(encodeColumn)
  const nRow = encoded[0]?.nRow ?? 0
  const odd = encoded.findIndex(column => column.nRow !== nRow)
  if (odd >= 0) {
    throw new FitsError(
      `expected ${nRow} rows in column ${table.columns[odd].name}, got ${encoded[odd].nRow} (table ${table.name})`,
    )
  }
  const rowBytes = encoded.reduce((sum, column) => sum + column.width, 0)
  const data = new Uint8Array(rowBytes * nRow)
  let offset = 0
  for (const { bytes, width } of encoded) {
    for (let row = 0; row < nRow; row++)
      data.set(bytes.subarray(row * width, (row + 1) * width), row * rowBytes + offset)
    offset += width
  }
  const header = tableHeader(table, rowBytes, nRow)
  const head = (table.header ? withCards(header, table.header) : header).encode()
  const body = padBytes(data)
  const all = new Uint8Array(head.length + body.length)
  all.set(head)
  all.set(body, head.length)
  return all
}

function tableHeader(table: TableToWrite, rowBytes: number, nRow: number): FitsHeader {
  const header = new FitsHeader()
    .set('XTENSION', 'BINTABLE', 'binary table extension')
    .set('BITPIX', 8)
    .set('NAXIS', 2)
    .set('NAXIS1', rowBytes, 'bytes per row')
    .set('NAXIS2', nRow, 'rows')
    .set('PCOUNT', 0)
    .set('GCOUNT', 1)
    .set('TFIELDS', table.columns.length)
    .set('EXTNAME', table.name)
    .set('EXTVER', table.version ?? 1)
  table.columns.forEach((column, i) => {
    header.set(`TTYPE${i + 1}`, column.name).set(`TFORM${i + 1}`, column.format)
    if (column.unit) header.set(`TUNIT${i + 1}`, column.unit)
  })
  return header
}

function encodeColumn(column: ColumnToWrite): { bytes: Uint8Array; width: number; nRow: number } {
  const match = /^(\d*)([LBIJEDCMA])$/.exec(column.format)
  if (match === null) {
    throw new FitsError(
      `expected a format of L, B, I, J, E, D, C, M or A, got '${column.format}' (column ${column.name})`,
    )
  }
  const repeat = match[1] === '' ? 1 : Number(match[1])
  if (match[2] === 'A') return encodeText(column.values as readonly string[], repeat)
  const numbers = column.values as ArrayLike<number>
  const perRow = repeat * (match[2] === 'C' || match[2] === 'M' ? 2 : 1)
  const nRow = perRow === 0 ? 0 : numbers.length / perRow
  if (!Number.isInteger(nRow)) {
    throw new FitsError(`expected a multiple of ${perRow} numbers, got ${numbers.length} (column ${column.name})`)
  }
  const bytes = ENCODERS[match[2]](numbers)
  return { bytes, width: nRow === 0 ? 0 : bytes.length / nRow, nRow }
}

function encodeText(texts: readonly string[], width: number) {
  const bytes = new Uint8Array(texts.length * width).fill(0x20)
  const encoder = new TextEncoder()
  for (let row = 0; row < texts.length; row++) bytes.set(encoder.encode(texts[row]).subarray(0, width), row * width)
  return { bytes, width, nRow: texts.length }
}
