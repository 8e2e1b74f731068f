import { decodeText } from './aipsio-reader.ts'
import type { TableStorage } from './byte-source.ts'
import { CasatableError } from './casatable-error.ts'
import { ConcatTable } from './concat-table.ts'
import { readWhole } from './data-managers.ts'
import { PlainTable } from './plain-table.ts'
import { ReferenceTable } from './reference-table.ts'
import type { Table, TableInfo } from './table.ts'
import { parseTableFile } from './table-file.ts'
import { normalizePath, resolveReference } from './table-path.ts'

/** Tables that refer to tables that refer to tables … end here. */
const MAX_REFERENCES = 32

/** Opens tables of one storage and keeps circles of references from turning forever. */
export class TableOpener {
  readonly storage: TableStorage
  /** Tables on the way to the one being opened. */
  private readonly chain: readonly string[]

  constructor(storage: TableStorage, chain: readonly string[] = []) {
    this.storage = storage
    this.chain = chain
  }

  /** Opens the table in directory `path`. */
  open(path: string): Table {
    const directory = normalizePath(path)
    if (this.chain.includes(directory) || this.chain.length >= MAX_REFERENCES)
      throw new CasatableError(
        `expected references that come to an end, got ${[...this.chain, directory].join(' → ')}`,
        {
          file: directory,
        },
      )
    const file = `${directory}/table.dat`
    if (!this.storage.isFile(file))
      throw new CasatableError('expected a table (a directory with a file table.dat), got none', { file: directory })
    const parsed = parseTableFile(readWhole(this.storage.open(file)), file)
    const opener = new TableOpener(this.storage, [...this.chain, directory])
    const info = this.info(directory)
    if (parsed.kind === 'PlainTable') return new PlainTable(directory, parsed, info, opener)
    if (parsed.kind === 'RefTable') return new ReferenceTable(directory, parsed, info, opener)
    return new ConcatTable(directory, parsed, info, opener)
  }

  /** Opens a table that the one in `from` refers to. */
  follow(reference: string, from: string): Table {
    return this.open(resolveReference(reference, from))
  }

  /** True when there is a table where the reference leads. */
  exists(reference: string, from: string): boolean {
    return this.storage.isFile(`${resolveReference(reference, from)}/table.dat`)
  }

  private info(directory: string): TableInfo {
    const file = `${directory}/table.info`
    if (!this.storage.isFile(file)) return { type: '', subType: '', readme: '' }
    return parseTableInfo(decodeText(readWhole(this.storage.open(file))))
  }
}

/** Parses the text of table.info. */
export function parseTableInfo(text: string): TableInfo {
  const [typeLine = '', subTypeLine = '', ...rest] = text.split('\n')
  const after = (line: string) => (line.includes('=') ? line.slice(line.indexOf('=') + 1).trim() : '')
  return { type: after(typeLine), subType: after(subTypeLine), readme: rest.join('\n').trim() }
}
