// The pixel masks of a CASA image: tables inside its folder that the record `masks` names, one of them the default.
import { cp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isTableReference, type Table, TableRecord } from '@cleanbeam/casatable'
import { openTable, openTableForUpdate } from '@cleanbeam/casatable/node'
import { ImageError } from '../image-error.ts'

/** Names of an image's pixel masks. */
export interface MaskNames {
  readonly names: readonly string[]
  /** '' when none is in use. */
  readonly defaultName: string
}

/** What {@link changeCasaMasks} can do. */
export type MaskChange = 'set' | 'delete' | 'rename' | 'copy'

/** The masks of a CASA image. */
export function casaMaskNames(path: string): MaskNames {
  const table = openTable(path)
  try {
    return namesIn(table)
  } finally {
    table.close()
  }
}

/** Names of all regions that are stored with a CASA image, its masks among them. */
export function casaRegionNames(path: string): string[] {
  const table = openTable(path)
  try {
    const { keywords } = table
    const regions = keywords.has('regions') ? keywords.record('regions').names : []
    return [...regions, ...masksIn(keywords).names]
  } finally {
    table.close()
  }
}

function namesIn(table: Table): MaskNames {
  const { keywords } = table
  return {
    names: masksIn(keywords)
      .entries()
      .map(entry => entry.name),
    defaultName: keywords.has('Image_defaultmask') ? keywords.string('Image_defaultmask') : '',
  }
}

function masksIn(keywords: TableRecord): TableRecord {
  return keywords.has('masks') ? keywords.record('masks') : new TableRecord()
}

/**
 * Refuses a change of masks that cannot be made.
 * @param names - of the masks there are
 * @throws ImageError for too few names, one that does not exist, or a new one that is taken
 */
export function checkMaskChange(
  change: MaskChange,
  given: readonly string[],
  names: readonly string[],
  where: string,
): void {
  const known = names.length > 0 ? names.join(', ') : 'none'
  const needed = { set: 1, delete: 0, rename: 2, copy: 2 }[change]
  const [from = '', to = ''] = given
  if (given.length < needed || (needed === 2 && !/^[A-Za-z0-9_]+$/.test(to)))
    throw new ImageError(`expected ${needed} mask names, got '${given.join("', '")}' (maskhandler, ${change})`, {
      change,
    })
  if (change !== 'delete' && !(change === 'set' && from === '') && !names.includes(from))
    throw new ImageError(`expected one of the masks ${known}, got '${from}' (${where})`, { mask: from })
  if (needed === 2 && names.includes(to))
    throw new ImageError(`expected a new mask name, got '${to}', which exists (${where})`, { mask: to })
}

/**
 * Changes masks of a CASA image in place, as CASA's `maskhandler` does: `set` makes a mask the default ('' none), `delete`
 * removes some (all when none is named), `rename` and `copy` take the old and the new name.
 * @throws ImageError for a name that does not exist or is taken; CasatableError when the image is in use
 */
export async function changeCasaMasks(path: string, change: MaskChange, given: readonly string[]): Promise<void> {
  const { names, defaultName } = casaMaskNames(path)
  checkMaskChange(change, given, names, path)
  const [from = '', to = ''] = given
  const gone = change === 'delete' ? names.filter(name => given.length === 0 || given.includes(name)) : []
  const isPaged = names.includes(from) && (await isTable(join(path, from)))
  if (change === 'copy' && isPaged) await cp(join(path, from), join(path, to), { recursive: true })
  if (change === 'rename' && isPaged) await rename(join(path, from), join(path, to))
  updateKeywords(path, keywords => {
    const masks = masksIn(keywords)
    const record = masks.get(from)
    if ((change === 'copy' || change === 'rename') && record instanceof TableRecord)
      masks.set(to, 'record', isPaged ? withTable(record, to) : record)
    if (change === 'rename') masks.remove(from)
    for (const name of gone) masks.remove(name)
    const next =
      change === 'set'
        ? from
        : gone.includes(defaultName)
          ? ''
          : change === 'rename' && from === defaultName
            ? to
            : null
    keywords.set('masks', 'record', masks)
    if (next !== null) keywords.set('Image_defaultmask', 'string', next)
  })
  for (const name of gone) await rm(join(path, name), { recursive: true, force: true })
}

/** Takes all masks, and which of them is the default, over from one CASA image to one of the same shape without masks. */
export async function takeOverMasks(from: string, to: string): Promise<void> {
  const { names, defaultName } = casaMaskNames(from)
  const old = openTable(from)
  const masks = masksIn(old.keywords)
  old.close()
  for (const name of names) {
    const reference = masks.record(name).get('mask')
    if (isTableReference(reference)) await cp(join(from, name), join(to, name), { recursive: true })
  }
  updateKeywords(to, keywords => {
    keywords.set('masks', 'record', masks).set('Image_defaultmask', 'string', defaultName)
  })
}

/** Masks may lie in tables of their own, or be described (boxes, polygons …) in their records alone. */
async function isTable(path: string): Promise<boolean> {
  return (await stat(join(path, 'table.dat')).catch(() => null)) !== null
}

/** The record of a mask that lies in another table of the same folder. */
function withTable(record: TableRecord, name: string): TableRecord {
  const copy = new TableRecord()
  for (const entry of record.entries()) copy.set(entry.name, entry.type, entry.value, entry.comment)
  return copy.set('mask', 'table', { tablePath: `././${name}` })
}

function updateKeywords(path: string, change: (keywords: TableRecord) => void): void {
  const table = openTableForUpdate(path)
  try {
    const keywords = new TableRecord()
    for (const entry of table.keywords.entries()) keywords.set(entry.name, entry.type, entry.value, entry.comment)
    change(keywords)
    table.setKeywords(keywords)
  } finally {
    table.close()
  }
}
