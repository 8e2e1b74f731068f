import type { ManagedColumn, StorageManager } from './column-storage.ts'
import { countsRows, openManager } from './data-managers.ts'
import { readLockState } from './lock-state.ts'
import type { TableOpener } from './open-table.ts'
import { StoredColumn } from './stored-column.ts'
import type { TableColumn, TableInfo } from './table.ts'
import { TableBase } from './table-base.ts'
import type { ManagerDescription, PlainTableFile } from './table-file.ts'
import type { TableRecord } from './table-record.ts'

/** A table that holds its own data. Managers' files are opened when a column of theirs is first read. */
export class PlainTable extends TableBase {
  readonly kind = 'PlainTable'
  readonly columnNames: readonly string[]
  readonly littleEndian: boolean
  readonly file: PlainTableFile
  readonly nRow: number
  private readonly columns = new Map<string, StoredColumn>()
  private readonly managers = new Map<number, StorageManager>()
  private readonly managed: readonly ManagedColumn[]

  constructor(path: string, file: PlainTableFile, info: TableInfo, opener: TableOpener) {
    super(path, info, opener)
    this.file = file
    this.littleEndian = file.littleEndian
    this.columnNames = file.description.columns.map(column => column.name)
    this.managed = file.description.columns.map((description, i) => ({
      description,
      originalName: file.bindings[i].originalName,
      fixedShape: file.bindings[i].fixedShape ?? (description.shape.length > 0 ? description.shape : null),
    }))
    this.nRow = this.findRowCount()
  }

  get keywords(): TableRecord {
    return this.file.description.keywords
  }

  column(name: string): TableColumn {
    let column = this.columns.get(name)
    if (column === undefined) {
      const index = this.columnNames.indexOf(name)
      if (index < 0) throw this.missingColumn(name)
      column = this.makeColumn(index)
      this.columns.set(name, column)
    }
    return column
  }

  override close(): void {
    super.close()
    for (const manager of this.managers.values()) manager.close()
    this.managers.clear()
    this.columns.clear()
  }

  /**
   * casacore leaves table.dat alone when only rows are added and keeps their number in table.lock. Where the two differ
   * (or there is no lock file to ask) the first storage manager that counts them decides, so that a damaged lock file does no harm.
   */
  private findRowCount(): number {
    const { nRow, managers } = this.file
    const state = readLockState(this.opener.storage, this.path)
    const description = managers.find(manager => countsRows(manager.type))
    if (state?.nRow === nRow || description === undefined) return nRow
    try {
      const manager = this.open(description, this.membersOf(description.sequence), null)
      manager.close()
      return manager.nRow
    } catch {
      // The error returns, with its place, when a column of that manager is read.
      return nRow
    }
  }

  /** The columns a manager keeps. */
  private membersOf(sequence: number): number[] {
    return this.file.bindings.flatMap((binding, i) => (binding.sequence === sequence ? [i] : []))
  }

  private makeColumn(index: number): StoredColumn {
    const { sequence } = this.file.bindings[index]
    const description = this.file.managers.find(entry => entry.sequence === sequence) as ManagerDescription
    const members = this.membersOf(sequence)
    return new StoredColumn(
      this.managed[index],
      { type: description.type, sequence },
      this.path,
      () => this.nRow,
      () => this.manager(description, members).column(members.indexOf(index)),
    )
  }

  private manager(description: ManagerDescription, members: readonly number[]): StorageManager {
    let manager = this.managers.get(description.sequence)
    if (manager === undefined) {
      manager = this.open(description, members, this.nRow)
      this.managers.set(description.sequence, manager)
    }
    return manager
  }

  private open(description: ManagerDescription, members: readonly number[], nRow: number | null): StorageManager {
    return openManager(
      description,
      members.map(i => this.managed[i]),
      {
        storage: this.opener.storage,
        path: this.path,
        nRow,
        littleEndian: this.littleEndian,
        privateKeywords: this.file.description.privateKeywords,
        findColumn: name => this.column(name),
      },
    )
  }
}
