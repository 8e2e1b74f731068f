import type { WritableTableStorage } from './byte-source.ts'
import { CasatableError } from './casatable-error.ts'
import { EditableTable, type TableGuard } from './editable-table.ts'
import { describeTable, layOutManager } from './lay-out-table.ts'
import { writeLockState } from './lock-state.ts'
import { multiFilePath } from './multifile.ts'
import { TableOpener } from './open-table.ts'
import { PlainTable } from './plain-table.ts'
import { normalizePath, parentPath } from './table-path.ts'
import type { TableSpec } from './table-spec.ts'
import { writeTableFile } from './write-table-file.ts'

/** Opens an existing table for changes. */
export function editTable(storage: WritableTableStorage, path: string, guard: TableGuard): EditableTable {
  const opener = new TableOpener(storage)
  const directory = normalizePath(path)
  guard.check()
  const table = opener.open(directory)
  if (!(table instanceof PlainTable)) {
    table.close()
    throw new CasatableError(
      `expected a table with data of its own, got a ${table.kind}; change the table it refers to`,
      {
        file: directory,
      },
    )
  }
  if (storage.isFile(multiFilePath(directory))) {
    table.close()
    throw new CasatableError('expected separate files, got a MultiFile, which is only read; copy the table first', {
      file: directory,
    })
  }
  const { info, nRow } = table
  const file = { ...table.file, nRow }
  table.close()
  return new EditableTable(directory, file, info, opener, storage, guard)
}

/**
 * Makes a table and opens it for changes. Nothing is written when the description is wrong or the path is taken.
 */
export function makeTable(
  storage: WritableTableStorage,
  path: string,
  spec: TableSpec,
  guard: TableGuard,
): EditableTable {
  const directory = normalizePath(path)
  if (storage.isDirectory(directory) || storage.isFile(directory))
    throw new CasatableError('expected a new path, got one that exists; remove it first', { file: directory })
  if (!storage.isDirectory(parentPath(directory)))
    throw new CasatableError('expected an existing directory to make the table in, got none', { file: directory })
  const { file, managers } = describeTable(spec, directory)
  storage.makeDirectory(directory)
  const target = { storage, path: directory, nRow: file.nRow, littleEndian: file.littleEndian }
  const laidOut = managers.map((manager, sequence) => {
    const members = file.description.columns.flatMap((description, i) =>
      file.bindings[i].sequence === sequence
        ? [{ description, originalName: description.name, fixedShape: file.bindings[i].fixedShape }]
        : [],
    )
    return layOutManager(target, manager, sequence, members)
  })
  put(storage, `${directory}/table.info`, new TextEncoder().encode(infoText(spec)))
  put(storage, `${directory}/table.dat`, writeTableFile({ ...file, managers: laidOut }))
  writeLockState(storage, directory, {
    nRow: file.nRow,
    nColumn: file.description.columns.length,
    tableChanged: true,
    nManager: laidOut.length,
  })
  return editTable(storage, directory, guard)
}

function infoText(spec: TableSpec): string {
  const { type = '', subType = '', readme = '' } = spec.info ?? {}
  return `Type = ${type}\nSubType = ${subType}\n\n${readme === '' ? '' : `${readme}\n`}`
}

function put(storage: WritableTableStorage, path: string, bytes: Uint8Array): void {
  const store = storage.create(path)
  try {
    store.write(0, bytes)
  } finally {
    store.close()
  }
}
