import type { ManagedColumn, StorageManager } from './column-storage.ts'
import { bitFlagMask, type CellDecoder, type ColumnFinder, engineScales, MappedColumns } from './mapped-columns.ts'

type DecoderMaker = (column: ManagedColumn, find: ColumnFinder) => CellDecoder

/** Engines that compute a column from a stored one, by the beginning of their names (types follow in some). */
const ENGINES: readonly (readonly [string, DecoderMaker])[] = [
  ['CompressFloat', compressedFloats],
  ['CompressComplexSD', compressedSingleDish],
  ['CompressComplex', compressedComplex],
  ['BitFlagsEngine', bitFlags],
]

/** The manager of a virtual column, or null when it is none of those that are read. */
export function openMappedEngine(
  type: string,
  columns: readonly ManagedColumn[],
  nRow: number,
  find: ColumnFinder,
): StorageManager | null {
  const engine = ENGINES.find(([name]) => type.startsWith(name))
  return engine === undefined ? null : new MappedColumns(columns, nRow, find, engine[1])
}

/** Stored for what is not finite. */
const NOT_FINITE = -32768

/** 16-bit integers, scale · n + offset. @see casacore, "CompressFloat" */
function compressedFloats(column: ManagedColumn, find: ColumnFinder): CellDecoder {
  const scales = engineScales(column, 'CompressFloat', find)
  return (row, stored, target) => {
    const { scale, offset } = scales(row)
    for (let i = 0; i < stored.length; i++) {
      const n = Number(stored[i])
      target[i] = n === NOT_FINITE ? Number.NaN : Math.fround(scale * n) + offset
    }
  }
}

/** Real part in the upper, imaginary part in the lower 16 bits of an integer. @see casacore, "CompressComplex" */
function compressedComplex(column: ManagedColumn, find: ColumnFinder): CellDecoder {
  const scales = engineScales(column, 'CompressComplex', find)
  return (row, stored, target) => {
    const { scale, offset } = scales(row)
    for (let i = 0; i < stored.length; i++) {
      const n = Number(stored[i])
      const imaginary = (n << 16) >> 16
      const real = (n - imaginary) / 65536
      if (real === NOT_FINITE || imaginary === NOT_FINITE) target[2 * i] = target[2 * i + 1] = Number.NaN
      else {
        target[2 * i] = Math.fround(scale * real) + offset
        target[2 * i + 1] = Math.fround(scale * imaginary) + offset
      }
    }
  }
}

/**
 * As the above where the lowest bit is set (which does not count as part of the imaginary part); else the other 31 bits are
 * a real part in steps of scale / 32768 and the imaginary part is zero. @see casacore, "CompressComplexSD"
 */
function compressedSingleDish(column: ManagedColumn, find: ColumnFinder): CellDecoder {
  const scales = engineScales(column, 'CompressComplex', find)
  return (row, stored, target) => {
    const { scale, offset } = scales(row)
    for (let i = 0; i < stored.length; i++) {
      const n = Number(stored[i])
      if ((n & 1) === 0) {
        target[2 * i] = Math.fround((scale / 32768) * (n >> 1)) + offset
        target[2 * i + 1] = 0
        continue
      }
      const imaginary = (n << 16) >> 16
      target[2 * i] = Math.fround(scale * ((n - imaginary) / 65536)) + offset
      target[2 * i + 1] = Math.fround(scale * (imaginary - 1)) + offset
    }
  }
}

/** True where any of the chosen bits is set. @see casacore, "BitFlagsEngine" */
function bitFlags(column: ManagedColumn, find: ColumnFinder): CellDecoder {
  const mask = bitFlagMask(column, find)
  return (_, stored, target) => {
    for (let i = 0; i < stored.length; i++) target[i] = (Number(stored[i]) & mask) !== 0 ? 1 : 0
  }
}
