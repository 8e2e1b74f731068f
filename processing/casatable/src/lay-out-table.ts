import { ArrayFileEditor } from './array-file-editor.ts'
import type { WritableTableStorage } from './byte-source.ts'
import { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import { elementCount } from './cell-value.ts'
import type { ManagedColumn } from './column-storage.ts'
import { defaultImageTile, defaultRowTile } from './default-tiles.ts'
import { IncrementalEditor } from './incremental-editor.ts'
import { isInBucket } from './incremental-layout.ts'
import { StandardEditor } from './standard-editor.ts'
import { standardKind } from './standard-layout.ts'
import { type ColumnDescription, OPTION_DIRECT, OPTION_FIXED_SHAPE } from './table-description.ts'
import type { ManagerDescription, PlainTableFile } from './table-file.ts'
import { TableRecord } from './table-record.ts'
import type { ColumnSpec, StorageSpec, TableSpec } from './table-spec.ts'
import { TiledEditor } from './tiled-editor.ts'
import { isNumericType, type NumericType, numericLayout } from './value-type.ts'

/** Fixed-shape arrays up to this size lie in the buckets themselves. */
const MAX_DIRECT_BYTES = 512

/** Where a new manager is laid out. */
export interface LayoutTarget {
  readonly storage: WritableTableStorage
  readonly path: string
  readonly nRow: number
  readonly littleEndian: boolean
}

/** Describes a table to be made; nothing is written. */
export function describeTable(
  spec: TableSpec,
  path: string,
): { file: PlainTableFile; managers: readonly StorageSpec[] } {
  const managers = spec.storage ?? [{ type: 'StandardStMan', name: 'StandardStMan' }]
  const names = new Set(managers.map(manager => manager.name))
  if (names.size !== managers.length || managers.length === 0)
    throw new CasatableError('expected storage managers of different names, got none or two of one name', {
      file: path,
    })
  if (!Number.isSafeInteger(spec.nRow) || spec.nRow < 0)
    throw new CasatableError(`expected a number of rows, got ${spec.nRow}`, { file: path })
  const privateKeywords = new TableRecord()
  const columns = spec.columns.map(column => {
    const manager = managerOf(column, managers, path)
    checkColumn(column, manager, path)
    return describeColumn(column, manager)
  })
  if (new Set(columns.map(column => column.name)).size !== columns.length)
    throw new CasatableError('expected columns of different names, got two of one name', { file: path })
  for (const manager of managers) defineHypercolumn(privateKeywords, manager, columns)
  const used = managers.filter(manager => columns.some(column => column.managerGroup === manager.name))
  const bindings = columns.map(column => ({
    originalName: column.name,
    sequence: used.findIndex(manager => manager.name === column.managerGroup),
    fixedShape: column.isArray && (column.options & OPTION_FIXED_SHAPE) !== 0 ? column.shape : null,
  }))
  const file: PlainTableFile = {
    kind: 'PlainTable',
    nRow: spec.nRow,
    littleEndian: spec.littleEndian ?? true,
    description: {
      name: '',
      version: '',
      comment: '',
      keywords: spec.keywords ?? new TableRecord(),
      privateKeywords,
      columns,
    },
    managers: used.map((manager, sequence) => ({ type: manager.type, sequence, info: new Uint8Array(0) })),
    bindings,
    lastSequence: used.length,
    storageOption: null,
  }
  return { file, managers: used }
}

/** Describes a column to be added to a table. */
export function describeAddedColumn(column: ColumnSpec, manager: StorageSpec, path: string): ColumnDescription {
  checkColumn(column, manager, path)
  return describeColumn(column, manager)
}

/** Adds the hypercolumn definition that tiled managers need. */
export function defineHypercolumn(
  into: TableRecord,
  manager: StorageSpec,
  columns: readonly ColumnDescription[],
): void {
  const own = columns.filter(column => column.managerGroup === manager.name)
  if (!manager.type.startsWith('Tiled') || own.length === 0) return
  const nAxis = own[0].nAxis + (manager.type === 'TiledCellStMan' ? 0 : 1)
  const definition = new TableRecord()
    .set('ndim', 'int32', nAxis)
    .setVector(
      'data',
      'string',
      own.map(column => column.name),
    )
    .setVector('coord', 'string', [])
    .setVector('id', 'string', [])
  into.set(`Hypercolumn_${manager.name}`, 'record', definition)
}

/** Writes the files of a new storage manager. */
export function layOutManager(
  target: LayoutTarget,
  spec: StorageSpec,
  sequence: number,
  columns: readonly ManagedColumn[],
): ManagerDescription {
  const { storage, path, nRow, littleEndian } = target
  const base = `${path}/table.f${sequence}`
  const store = new WritableSource(storage.create(base))
  try {
    if (spec.type === 'StandardStMan') {
      // casacore expects the file of indirect arrays as soon as a column could use it.
      if (columns.some(column => standardKind(column) === 'arrayReference')) makeArrayFile(target, `${base}i`, false)
      return { type: spec.type, sequence, info: layOutStandard(target, spec.name, base, store, columns) }
    }
    if (spec.type === 'IncrementalStMan') {
      if (columns.some(column => !isInBucket(column))) makeArrayFile(target, `${base}i`, true)
      const { file, info } = IncrementalEditor.initialize(columns, spec.name, nRow, littleEndian)
      store.write(0, file)
      return { type: spec.type, sequence, info }
    }
    const tileShape = spec.tileShape ?? defaultTile(spec, columns, nRow)
    const expected = columns[0].description.nAxis + (spec.type === 'TiledCellStMan' ? 0 : 1)
    if (tileShape.length !== expected || tileShape.some(length => !Number.isInteger(length) || length < 1))
      throw new CasatableError(`expected a tile shape of ${expected} axes, got [${tileShape.join(', ')}]`, {
        file: base,
      })
    const name = spec.name
    const options = { type: spec.type, columns, name, sequence, nRow, littleEndian, tileShape }
    store.write(0, TiledEditor.initialize(options))
    if (spec.type !== 'TiledShapeStMan') storage.create(`${base}_TSM0`).close()
    return { type: spec.type, sequence, info: new Uint8Array(0) }
  } finally {
    store.close()
  }
}

function layOutStandard(
  target: LayoutTarget,
  name: string,
  base: string,
  source: WritableSource,
  columns: readonly ManagedColumn[],
): Uint8Array {
  const { storage, path, nRow, littleEndian } = target
  const info = StandardEditor.initialize(source, columns, name, nRow, littleEndian)
  const openArrays = () => new WritableSource(storage.openForUpdate(`${base}i`))
  const tableFile = `${path}/table.dat`
  const editor = new StandardEditor({ columns, nRow: 0, littleEndian, info, tableFile, source, openArrays })
  editor.addRows(nRow)
  return editor.flush()
}

function makeArrayFile(target: LayoutTarget, name: string, withReferenceCount: boolean): void {
  const store = new WritableSource(target.storage.create(name))
  ArrayFileEditor.initialize(store, target.littleEndian, withReferenceCount)
  store.close()
}

function defaultTile(spec: StorageSpec, columns: readonly ManagedColumn[], nRow: number): number[] {
  const { description, fixedShape } = columns[0]
  if (spec.type === 'TiledCellStMan') return defaultImageTile(description.nAxis)
  // Cells of unknown shape: each cube cuts the tile to its own cells.
  const cell = fixedShape ?? new Array<number>(description.nAxis).fill(description.nAxis > 1 ? 64 : 512)
  return defaultRowTile(description.type as NumericType, cell, nRow)
}

function managerOf(column: ColumnSpec, managers: readonly StorageSpec[], path: string): StorageSpec {
  const manager = column.storage === undefined ? managers[0] : managers.find(entry => entry.name === column.storage)
  if (manager !== undefined) return manager
  const names = managers.map(entry => entry.name).join(', ')
  throw new CasatableError(`expected a storage manager ${column.storage} for column ${column.name}, got ${names}`, {
    file: path,
  })
}

function checkColumn(column: ColumnSpec, manager: StorageSpec, path: string): void {
  const refuse = (expected: string, got: string) => {
    throw new CasatableError(`expected ${expected} for column ${column.name}, got ${got}`, { file: path })
  }
  if (column.type === 'table') refuse('a type that cells can have', 'a table')
  if (column.type === 'record' && column.shape !== undefined) refuse('a scalar record', 'an array')
  if (!manager.type.startsWith('Tiled')) return
  if (!isNumericType(column.type) || column.shape === undefined)
    refuse(`numeric arrays in ${manager.type}`, 'something else')
  if (manager.type === 'TiledColumnStMan' && column.shape === 'variable')
    refuse('a fixed shape in TiledColumnStMan', 'a variable one')
  if (column.shape === 'variable' && !(column.nAxis !== undefined && column.nAxis > 0))
    refuse(`nAxis in ${manager.type}`, 'an unknown number of axes')
}

function describeColumn(column: ColumnSpec, manager: StorageSpec): ColumnDescription {
  const isArray = column.shape !== undefined
  const fixed = column.shape !== undefined && column.shape !== 'variable' ? [...column.shape] : []
  const bytes = isNumericType(column.type)
    ? elementCount(fixed) * numericLayout(column.type).bytes
    : Number.POSITIVE_INFINITY
  const isDirect = fixed.length > 0 && bytes <= MAX_DIRECT_BYTES && !manager.type.startsWith('Tiled')
  const unknownAxes = isArray ? -1 : 0
  return {
    name: column.name,
    comment: column.comment ?? '',
    type: column.type,
    isArray,
    managerType: manager.type,
    managerGroup: manager.name,
    options: (fixed.length > 0 ? OPTION_FIXED_SHAPE : 0) | (isDirect ? OPTION_DIRECT : 0),
    nAxis: fixed.length > 0 ? fixed.length : isArray ? (column.nAxis ?? unknownAxes) : unknownAxes,
    shape: fixed,
    maxLength: 0,
    keywords: column.keywords ?? new TableRecord(),
    defaultValue: null,
  }
}
