import { decodeNumbers } from './big-endian.ts'
import { FitsError } from './fits-error.ts'
import type { FitsFile, Hdu } from './hdu.ts'

/** Type letters of TFORMn (FITS standard 4.0, table 18) with the bytes of one element. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  L: 1,
  X: 0.125,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
  P: 8,
  Q: 16,
}
const BITPIX: Readonly<Record<string, number>> = { I: 16, J: 32, K: 64, E: -32, D: -64, C: -32, M: -64 }

/** Values of a column, row slowest: numbers as stored (complex interleaved), bytes for L, X and B, text for A. */
export type ColumnValues =
  | Uint8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly string[]

/** A column of a binary table. */
export interface TableColumn {
  readonly name: string
  /** Type letter of TFORMn: L X B I J K A E D C M P Q. */
  readonly type: string
  /** Elements per row; characters for type A, bits for type X. */
  readonly repeat: number
  readonly unit: string
  /** TDIMn, first axis fastest; [repeat] when absent. */
  readonly dimensions: readonly number[]
  readonly scale: number
  readonly zero: number
  readonly byteOffset: number
}

/** A binary table read into memory; columns are decoded when asked for. */
export class BinaryTable {
  readonly nRow: number
  readonly columns: readonly TableColumn[]
  readonly #bytes: Uint8Array
  readonly #rowBytes: number
  readonly #where: string

  constructor(nRow: number, columns: readonly TableColumn[], bytes: Uint8Array, rowBytes: number, where: string) {
    this.nRow = nRow
    this.columns = columns
    this.#bytes = bytes
    this.#rowBytes = rowBytes
    this.#where = where
  }

  /** The column of that name, ignoring case and trailing blanks. */
  find(name: string): TableColumn | undefined {
    const wanted = name.trim().toUpperCase()
    return this.columns.find(column => column.name.toUpperCase() === wanted)
  }

  has(name: string): boolean {
    return this.find(name) !== undefined
  }

  /**
   * Values as stored, without TSCAL and TZERO.
   * @returns a new array [nRow, repeat]; complex types have two numbers per element; one string per row for type A
   * @throws FitsError when there is no such column or it has variable length
   */
  values(name: string): ColumnValues {
    const column = this.#require(name)
    const width = columnBytes(column)
    const bytes = new Uint8Array(width * this.nRow)
    for (let row = 0; row < this.nRow; row++) {
      const at = row * this.#rowBytes + column.byteOffset
      bytes.set(this.#bytes.subarray(at, at + width), row * width)
    }
    if (column.type === 'A') return decodeStrings(bytes, width, this.nRow)
    return decodeNumbers(bytes, BITPIX[column.type] ?? 8)
  }

  /**
   * Real numbers with TSCAL and TZERO applied.
   * @returns a new array [nRow, repeat]
   * @throws FitsError when the column holds text, bits or complex numbers
   */
  numbers(name: string): Float64Array {
    const column = this.#require(name)
    if (!'BIJKED'.includes(column.type)) {
      throw new FitsError(`expected numbers in column ${name}, got type ${column.type} (${this.#where})`, {
        column: name,
      })
    }
    const raw = this.values(name)
    return Float64Array.from(raw as ArrayLike<number>, value => Number(value) * column.scale + column.zero)
  }

  /**
   * Text of an A column without trailing blanks.
   * @throws FitsError when the column holds something else
   */
  strings(name: string): readonly string[] {
    const column = this.#require(name)
    if (column.type === 'A') return this.values(name) as readonly string[]
    throw new FitsError(`expected text in column ${name}, got type ${column.type} (${this.#where})`, { column: name })
  }

  #require(name: string): TableColumn {
    const column = this.find(name)
    if (column === undefined) {
      const have = this.columns.map(each => each.name).join(', ')
      throw new FitsError(`expected a column ${name}, got ${have} (${this.#where})`, { column: name })
    }
    if (column.type === 'P' || column.type === 'Q') {
      throw new FitsError(
        `expected fixed-length values in column ${name}, got variable-length arrays, which are not supported (${this.#where})`,
        { column: name },
      )
    }
    return column
  }
}

function decodeStrings(bytes: Uint8Array, width: number, nRow: number): string[] {
  const text = new TextDecoder('latin1').decode(bytes)
  return Array.from({ length: nRow }, (_, row) => {
    const value = text.slice(row * width, (row + 1) * width)
    const end = value.indexOf('\0')
    return (end < 0 ? value : value.slice(0, end)).trimEnd()
  })
}

/** Bytes of one row of the column. */
function columnBytes(column: Pick<TableColumn, 'type' | 'repeat'>): number {
  return Math.ceil(ELEMENT_BYTES[column.type] * column.repeat)
}

/**
 * Reads a BINTABLE extension.
 * @throws FitsError when the HDU is something else or its columns do not fit its rows
 * @see FITS standard 4.0, section 7.3
 */
export async function readBinaryTable(file: FitsFile, hdu: Hdu): Promise<BinaryTable> {
  const { header } = hdu
  if (hdu.kind !== 'bintable' || hdu.axes.length !== 2) {
    throw new FitsError(`expected a binary table, got ${hdu.kind} (${header.where})`, { kind: hdu.kind })
  }
  const [rowBytes, nRow] = hdu.axes
  const columns: TableColumn[] = []
  let byteOffset = 0
  const nColumn = header.integer('TFIELDS')
  if (nColumn < 0 || nColumn > 999)
    throw new FitsError(`expected TFIELDS from 0 to 999, got ${nColumn} (${header.where})`)
  for (let i = 1; i <= nColumn; i++) {
    const form = parseForm(header.string(`TFORM${i}`), `${header.where}, TFORM${i}`)
    const column = {
      ...form,
      name: header.string(`TTYPE${i}`, `COL${i}`).trim(),
      unit: header.string(`TUNIT${i}`, '').trim(),
      dimensions: parseDimensions(header.string(`TDIM${i}`, ''), form.repeat),
      scale: header.number(`TSCAL${i}`, 1),
      zero: header.number(`TZERO${i}`, 0),
      byteOffset,
    }
    byteOffset += columnBytes(column)
    columns.push(column)
  }
  if (byteOffset > rowBytes) {
    throw new FitsError(
      `expected columns of ${rowBytes} bytes together, got ${byteOffset} (${header.where}): the header is damaged`,
    )
  }
  const bytes = await file.source.read(hdu.dataOffset, rowBytes * nRow)
  return new BinaryTable(nRow, columns, bytes, rowBytes, header.where)
}

function parseForm(form: string, where: string): { type: string; repeat: number } {
  const match = /^\s*(\d*)([LXBIJKAEDCMPQ])/.exec(form)
  if (match === null) throw new FitsError(`expected a format such as 3D or 8A, got '${form}' (${where})`, { form })
  return { type: match[2], repeat: match[1] === '' ? 1 : Number(match[1]) }
}

function parseDimensions(text: string, repeat: number): number[] {
  const numbers = text.match(/\d+/g)
  return numbers === null ? [repeat] : numbers.map(Number)
}
