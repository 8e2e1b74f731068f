import type { WritableTableStorage } from './byte-source.ts'
import { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import type { ManagerEditor } from './column-editor.ts'
import type { ManagedColumn, StorageManager } from './column-storage.ts'
import { openManager, readWhole } from './data-managers.ts'
import { EditableColumn } from './editable-column.ts'
import { IncrementalEditor } from './incremental-editor.ts'
import { defineHypercolumn, describeAddedColumn, layOutManager } from './lay-out-table.ts'
import { writeLockState } from './lock-state.ts'
import type { TableOpener } from './open-table.ts'
import { StandardEditor } from './standard-editor.ts'
import type { TableInfo } from './table.ts'
import { TableBase } from './table-base.ts'
import type { ManagerDescription, PlainTableFile } from './table-file.ts'
import type { TableRecord } from './table-record.ts'
import type { ColumnSpec, StorageSpec, WritableColumn, WritableTable } from './table-spec.ts'
import { TiledEditor } from './tiled-editor.ts'
import type { TiledType } from './tiled-layout.ts'
import { writeTableFile } from './write-table-file.ts'

const EDITABLE_TYPES: readonly string[] = [
  'StandardStMan',
  'IncrementalStMan',
  'TiledShapeStMan',
  'TiledColumnStMan',
  'TiledCellStMan',
]

/** Watches over other processes' use of the table. */
export interface TableGuard {
  /** @throws CasatableError when another process has locked the table */
  check(): void
}

/** A table that holds its own data, opened for changes. */
export class EditableTable extends TableBase implements WritableTable {
  readonly kind = 'PlainTable'
  private file: PlainTableFile
  private readonly files: WritableTableStorage
  private readonly guard: TableGuard
  private readonly editors = new Map<number, ManagerEditor>()
  private readonly readers = new Map<number, StorageManager>()
  private readonly columns = new Map<string, EditableColumn>()
  private fileChanged = false
  private closed = false

  constructor(
    path: string,
    file: PlainTableFile,
    info: TableInfo,
    opener: TableOpener,
    storage: WritableTableStorage,
    guard: TableGuard,
  ) {
    super(path, info, opener)
    this.file = file
    this.files = storage
    this.guard = guard
  }

  get nRow(): number {
    return this.file.nRow
  }

  get littleEndian(): boolean {
    return this.file.littleEndian
  }

  get columnNames(): readonly string[] {
    return this.file.description.columns.map(column => column.name)
  }

  get keywords(): TableRecord {
    return this.file.description.keywords
  }

  column(name: string): WritableColumn {
    let column = this.columns.get(name)
    if (column === undefined) {
      const index = this.columnNames.indexOf(name)
      if (index < 0) throw this.missingColumn(name)
      column = this.makeColumn(index)
      this.columns.set(name, column)
    }
    return column
  }

  setKeywords(keywords: TableRecord): void {
    this.update({ description: { ...this.file.description, keywords } })
  }

  setColumnKeywords(name: string, keywords: TableRecord): void {
    this.column(name)
    const columns = this.file.description.columns.map(column =>
      column.name === name ? { ...column, keywords } : column,
    )
    this.update({ description: { ...this.file.description, columns } })
    this.columns.delete(name)
  }

  addColumn(spec: ColumnSpec, manager: StorageSpec): WritableColumn {
    if (this.hasColumn(spec.name))
      throw new CasatableError(`expected a new column, got ${spec.name}, which exists`, { file: this.path })
    const { description, bindings, managers, lastSequence } = this.file
    if (description.columns.some(column => column.managerGroup === manager.name))
      throw new CasatableError(`expected a new storage manager, got ${manager.name}, which exists`, { file: this.path })
    const column = describeAddedColumn({ ...spec, storage: manager.name }, manager, this.path)
    const sequence = Math.max(lastSequence, ...managers.map(entry => entry.sequence + 1))
    const fixedShape = column.shape.length > 0 ? column.shape : null
    const managed = { description: column, originalName: column.name, fixedShape }
    defineHypercolumn(description.privateKeywords, manager, [column])
    const made = layOutManager(this.layoutTarget, manager, sequence, [managed])
    this.update({
      description: { ...description, columns: [...description.columns, column] },
      bindings: [...bindings, { originalName: column.name, sequence, fixedShape }],
      managers: [...managers, made],
      lastSequence: sequence + 1,
    })
    return this.column(spec.name)
  }

  addRows(nRow: number): void {
    if (!Number.isSafeInteger(nRow) || nRow < 0)
      throw new CasatableError(`expected a number of rows to add, got ${nRow}`, { file: this.path })
    const foreign = this.file.managers.find(manager => !EDITABLE_TYPES.includes(manager.type))
    if (foreign !== undefined) throw this.notEditable(foreign.type)
    for (const manager of this.file.managers) this.editor(manager).addRows(nRow)
    this.update({ nRow: this.file.nRow + nRow })
  }

  flush(): void {
    this.guard.check()
    const managers = this.file.managers.map(manager => {
      const info = this.editors.get(manager.sequence)?.flush()
      return info === undefined || equalBytes(info, manager.info) ? manager : { ...manager, info }
    })
    if (managers.some((manager, i) => manager !== this.file.managers[i])) this.update({ managers })
    if (this.fileChanged) this.replaceFile(`${this.path}/table.dat`, writeTableFile(this.file))
    writeLockState(this.files, this.path, {
      nRow: this.file.nRow,
      nColumn: this.file.description.columns.length,
      tableChanged: this.fileChanged,
      nManager: managers.length,
    })
    this.fileChanged = false
  }

  override close(): void {
    if (this.closed) return
    this.flush()
    this.discard()
  }

  /** Closes the files without writing what is still in memory. */
  discard(): void {
    super.close()
    for (const editor of this.editors.values()) editor.close()
    for (const reader of this.readers.values()) reader.close()
    this.closed = true
  }

  private get layoutTarget() {
    return { storage: this.files, path: this.path, nRow: this.nRow, littleEndian: this.littleEndian }
  }

  private update(change: Partial<PlainTableFile>): void {
    this.file = { ...this.file, ...change }
    this.fileChanged = true
  }

  private makeColumn(index: number): EditableColumn {
    const { sequence } = this.file.bindings[index]
    const manager = this.file.managers.find(entry => entry.sequence === sequence) as ManagerDescription
    const position = this.membersOf(sequence).indexOf(index)
    const editable = EDITABLE_TYPES.includes(manager.type)
    return new EditableColumn(
      this.managed(index),
      { type: manager.type, sequence },
      this.path,
      () => this.nRow,
      () => (editable ? this.editor(manager).column(position) : this.reader(manager).column(position)),
      () => {
        if (!editable) throw this.notEditable(manager.type)
        return this.editor(manager).column(position)
      },
    )
  }

  private managed(index: number): ManagedColumn {
    const description = this.file.description.columns[index]
    const binding = this.file.bindings[index]
    const fixedShape = binding.fixedShape ?? (description.shape.length > 0 ? description.shape : null)
    return { description, originalName: binding.originalName, fixedShape }
  }

  private membersOf(sequence: number): number[] {
    return this.file.bindings.flatMap((binding, i) => (binding.sequence === sequence ? [i] : []))
  }

  private reader(manager: ManagerDescription): StorageManager {
    let reader = this.readers.get(manager.sequence)
    if (reader === undefined) {
      const columns = this.membersOf(manager.sequence).map(i => this.managed(i))
      const { privateKeywords } = this.file.description
      reader = openManager(manager, columns, {
        ...this.layoutTarget,
        privateKeywords,
        findColumn: name => this.column(name),
      })
      this.readers.set(manager.sequence, reader)
    }
    return reader
  }

  private editor(manager: ManagerDescription): ManagerEditor {
    let editor = this.editors.get(manager.sequence)
    if (editor === undefined) {
      editor = this.openEditor(manager)
      this.editors.set(manager.sequence, editor)
    }
    return editor
  }

  private openEditor(manager: ManagerDescription): ManagerEditor {
    const { nRow, littleEndian, files: storage } = this
    const columns = this.membersOf(manager.sequence).map(i => this.managed(i))
    const base = `${this.path}/table.f${manager.sequence}`
    const info = manager.info
    const open = (name: string) => new WritableSource(storage.openForUpdate(name))
    const openArrays = () => open(`${base}i`)
    if (manager.type === 'StandardStMan') {
      const tableFile = `${this.path}/table.dat`
      return new StandardEditor({ columns, nRow, littleEndian, info, tableFile, source: open(base), openArrays })
    }
    if (manager.type === 'IncrementalStMan') {
      const replace = (bytes: Uint8Array) => this.replaceFile(base, bytes)
      return new IncrementalEditor({ columns, nRow, littleEndian, info, source: open(base), openArrays, replace })
    }
    return new TiledEditor({
      type: manager.type as TiledType,
      columns,
      nRow,
      littleEndian,
      header: readWhole(storage.open(base)),
      headerFile: base,
      privateKeywords: this.file.description.privateKeywords,
      openTiles: sequence => {
        const name = `${base}_TSM${sequence}`
        return storage.isFile(name) ? open(name) : new WritableSource(storage.create(name))
      },
      putHeader: bytes => this.replaceFile(base, bytes),
    })
  }

  /** Writes beside and renames, so that a crash leaves the old file or the new one. */
  private replaceFile(name: string, bytes: Uint8Array): void {
    const beside = `${name}.new`
    const store = this.files.create(beside)
    try {
      store.write(0, bytes)
      store.sync()
    } finally {
      store.close()
    }
    this.files.rename(beside, name)
  }

  private notEditable(type: string): CasatableError {
    return new CasatableError(`expected a storage manager that can be changed, got ${type}`, { file: this.path })
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
