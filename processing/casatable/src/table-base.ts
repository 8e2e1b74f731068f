import { CasatableError } from './casatable-error.ts'
import type { TableOpener } from './open-table.ts'
import type { Table, TableColumn, TableInfo } from './table.ts'
import { isTableReference, type TableRecord, type TableReference } from './table-record.ts'

/** What all kinds of tables have in common: finding columns and subtables. */
export abstract class TableBase implements Table {
  readonly path: string
  readonly info: TableInfo
  abstract readonly kind: Table['kind']
  abstract readonly nRow: number
  abstract readonly columnNames: readonly string[]
  abstract readonly keywords: TableRecord
  abstract readonly littleEndian: boolean
  protected readonly opener: TableOpener
  private readonly subtables = new Map<string, Table>()

  constructor(path: string, info: TableInfo, opener: TableOpener) {
    this.path = path
    this.info = info
    this.opener = opener
  }

  hasColumn(name: string): boolean {
    return this.columnNames.includes(name)
  }

  abstract column(name: string): TableColumn

  get subtableNames(): readonly string[] {
    return this.keywords
      .entries()
      .filter(entry => isTableReference(entry.value))
      .map(entry => entry.name)
  }

  hasSubtable(name: string): boolean {
    const reference = this.keywords.get(name)
    return isTableReference(reference) && this.opener.exists(reference.tablePath, this.referenceBase)
  }

  subtable(name: string): Table {
    let table = this.subtables.get(name)
    if (table === undefined) {
      table = this.openSubtable(name)
      this.subtables.set(name, table)
    }
    return table
  }

  openReference(reference: TableReference): Table {
    let table = this.subtables.get(reference.tablePath)
    if (table === undefined) {
      table = this.opener.follow(reference.tablePath, this.referenceBase)
      this.subtables.set(reference.tablePath, table)
    }
    return table
  }

  close(): void {
    for (const table of this.subtables.values()) table.close()
    this.subtables.clear()
  }

  /** The table whose keywords these are: relative references start there. */
  protected get referenceBase(): string {
    return this.path
  }

  /** Opens the table a keyword refers to. */
  protected openSubtable(name: string): Table {
    const reference = this.keywords.get(name)
    if (!isTableReference(reference))
      throw new CasatableError(`expected a subtable ${name}, got ${this.subtableNames.join(', ') || 'no subtables'}`, {
        file: this.path,
      })
    return this.opener.follow(reference.tablePath, this.path)
  }

  protected missingColumn(name: string): CasatableError {
    return new CasatableError(`expected a column ${name}, got ${this.columnNames.join(', ') || 'no columns'}`, {
      file: this.path,
    })
  }
}
