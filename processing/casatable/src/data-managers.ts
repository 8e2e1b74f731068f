import type { ByteSource, TableStorage } from './byte-source.ts'
import { CachedSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import type { ManagedColumn, StorageManager } from './column-storage.ts'
import { DyscoStorage } from './dysco-storage.ts'
import { IncrementalStorage } from './incremental-storage.ts'
import type { ColumnFinder } from './mapped-columns.ts'
import { openMappedEngine } from './mapped-engines.ts'
import { tableFiles } from './multifile.ts'
import { StandardStorage } from './standard-storage.ts'
import type { ManagerDescription } from './table-file.ts'
import type { TableRecord } from './table-record.ts'
import type { TiledType } from './tiled-layout.ts'
import { TiledStorage } from './tiled-storage.ts'

/** Head files larger than this are refused. */
const MAX_HEADER_BYTES = 1 << 30

/** What a data manager needs to know of its table. */
export interface ManagerContext {
  readonly storage: TableStorage
  readonly path: string
  /** Null to take what the manager tells. */
  readonly nRow: number | null
  readonly littleEndian: boolean
  readonly privateKeywords: TableRecord
  /** Finds another column of the table: some managers compute values from those. */
  readonly findColumn: ColumnFinder
}

const TILED_TYPES: readonly string[] = ['TiledShapeStMan', 'TiledColumnStMan', 'TiledCellStMan', 'TiledDataStMan']

const STORE_VALUES = 'copy the table with casacore first, which stores the values'

/** Data managers that are known and not read, with what can be done about it. */
const UNSUPPORTED: readonly (readonly [string, string])[] = [
  ['ScaledArrayEngine', STORE_VALUES],
  ['ScaledComplexData', STORE_VALUES],
  ['RetypedArrayEngine', STORE_VALUES],
  ['MappedArrayEngine', STORE_VALUES],
  ['ForwardColumn', 'copy the table with casacore first, which stores the values of the other table'],
  ['LofarStMan', 'copy the MeasurementSet with LOFAR software first'],
  ['AipsIOStMan', 'copy the table with casacore first, which rewrites it with StandardStMan'],
  ['StManAipsIO', 'copy the table with casacore first, which rewrites it with StandardStMan'],
  ['VirtualTaQLColumn', STORE_VALUES],
  ['Adios2StMan', 'copy the table with casacore first, choosing another storage manager'],
]

/** Managers that know how many rows the table has. */
const COUNTING_TYPES: readonly string[] = ['StandardStMan', 'IncrementalStMan', ...TILED_TYPES]

/** True for a manager whose own number of rows is that of the table. */
export function countsRows(type: string): boolean {
  return COUNTING_TYPES.includes(type)
}

/** Opens the storage manager of a table. */
export function openManager(
  manager: ManagerDescription,
  columns: readonly ManagedColumn[],
  context: ManagerContext,
): StorageManager {
  const { path, nRow, littleEndian } = context
  const storage = tableFiles(context.storage, path)
  const base = `${path}/table.f${manager.sequence}`
  const open = (name: string) => new CachedSource(storage.open(name))
  const openArrays = () => open(`${base}i`)
  if (manager.type === 'StandardStMan') {
    const tableFile = `${path}/table.dat`
    return new StandardStorage({
      columns,
      nRow,
      littleEndian,
      info: manager.info,
      tableFile,
      source: open(base),
      openArrays,
    })
  }
  if (manager.type === 'IncrementalStMan')
    return new IncrementalStorage({ columns, nRow, littleEndian, source: open(base), openArrays })
  if (TILED_TYPES.includes(manager.type))
    return new TiledStorage({
      type: manager.type as TiledType,
      columns,
      nRow,
      littleEndian,
      header: readWhole(storage.open(base)),
      headerFile: base,
      privateKeywords: context.privateKeywords,
      openTiles: sequence => open(`${base}_TSM${sequence}`),
    })
  if (manager.type === 'DyscoStMan')
    return new DyscoStorage({
      columns,
      nRow,
      source: open(base),
      integers: (name, rowStart, n) =>
        context.findColumn(name).getRange(rowStart, n).data as unknown as ArrayLike<number>,
    })
  const mapped = openMappedEngine(manager.type, columns, nRow ?? 0, context.findColumn)
  if (mapped !== null) return mapped
  throw unsupportedManager(manager.type, columns, path)
}

/** The error for a data manager that cannot be read. */
function unsupportedManager(type: string, columns: readonly ManagedColumn[], path: string): CasatableError {
  const names = columns.map(column => column.description.name).join(', ')
  const remedy = UNSUPPORTED.find(entry => type.startsWith(entry[0]))?.[1] ?? 'no reader for it exists here'
  return new CasatableError(`expected a data manager that can be read for column ${names}, got ${type}; ${remedy}`, {
    file: `${path}/table.dat`,
  })
}

/** Reads a whole (small) file and closes it. */
export function readWhole(source: ByteSource): Uint8Array {
  try {
    if (source.size > MAX_HEADER_BYTES)
      throw new CasatableError(`expected a file of at most ${MAX_HEADER_BYTES} bytes, got ${source.size}`, {
        file: source.name,
      })
    const bytes = new Uint8Array(source.size)
    source.readInto(0, bytes)
    return bytes
  } finally {
    source.close()
  }
}
