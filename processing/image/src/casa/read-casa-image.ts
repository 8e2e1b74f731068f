// A CASA image (casacore's PagedImage): one array cell in the column `map`, everything else in keywords and subtables.
import {
  isArrayValue,
  isTableReference,
  type PlainValue,
  type Table,
  TableRecord,
  type TableReference,
} from '@cleanbeam/casatable'
import type { ImageCube, JsonValue } from '@cleanbeam/types'
import { toMemoryOrder } from '../disk-order.ts'
import { ImageError } from '../image-error.ts'
import { latticeRegionPixels } from './lattice-region.ts'
import { readCasaBeams } from './read-beams.ts'
import { readCasaCoordinates } from './read-coordinates.ts'

/**
 * The image in a table, with the default pixel mask.
 * @throws ImageError when the table is no image of the sky, or one of complex numbers; CasatableError when it is damaged
 */
export function readCasaImage(table: Table): ImageCube {
  if (!table.hasColumn('map') || !table.keywords.has('coords')) {
    const what = table.info.type || `columns ${table.columnNames.join(', ')}`
    throw new ImageError(`expected a CASA image, got a table of another kind: ${what} (${table.path})`, {
      path: table.path,
    })
  }
  const axes = table.column('map').cellShape(0)
  if (table.nRow !== 1 || axes === null) {
    throw new ImageError(`expected an image with pixels, got ${table.nRow} arrays (${table.path})`, {
      path: table.path,
    })
  }
  const { keywords } = table
  const info = keywords.has('imageinfo') ? keywords.record('imageinfo') : new TableRecord()
  const object = info.has('objectname') ? info.string('objectname') : ''
  const { shape, coordinates, axisMap } = readCasaCoordinates(keywords.record('coords'), axes, object, table.path)
  const mask = readDefaultMask(table, axes)
  return {
    shape,
    pixels: toMemoryOrder(readPixels(table), axes, shape, axisMap),
    mask: mask && toMemoryOrder(mask, axes, shape, axisMap),
    coordinates,
    unit: keywords.has('units') ? keywords.string('units') : '',
    beams: readCasaBeams(info, shape, table.path),
    miscInfo: keywords.has('miscinfo') ? (jsonOf(keywords.record('miscinfo').toPlain()) as ImageCube['miscInfo']) : {},
    history: readHistory(table),
  }
}

function readPixels(table: Table): Float32Array {
  const column = table.column('map')
  if (column.type.startsWith('complex') || column.type === 'string' || column.type === 'bool') {
    throw new ImageError(
      `expected an image of real numbers, got ${column.type} (${table.path}): not yet supported: ${column.type} images`,
      { type: column.type },
    )
  }
  const { data } = column.getRange(0, 1)
  return data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>)
}

/** The mask that Image_defaultmask names, 1 = good; null when there is none or all of it is good. */
function readDefaultMask(table: Table, axes: readonly number[]): Uint8Array | null {
  const { keywords } = table
  const name = keywords.has('Image_defaultmask') ? keywords.string('Image_defaultmask') : ''
  if (name === '') return null
  const masks = keywords.has('masks') ? keywords.record('masks') : new TableRecord()
  if (!(masks.get(name) instanceof TableRecord)) {
    throw new ImageError(`expected a pixel mask '${name}', got none of that name (${table.path})`, { name })
  }
  const good = storedRegion(table, masks.record(name), axes, name)
  return good.includes(0) ? good : null
}

/**
 * The pixels of a region or mask stored with an image, 1 inside, in the order of the image in memory.
 * @throws ImageError when there is none of that name, or one of a kind that {@link latticeRegionPixels} refuses
 */
export function readStoredRegion(table: Table, name: string): Uint8Array {
  const { keywords } = table
  const axes = table.column('map').cellShape(0) ?? []
  for (const group of ['regions', 'masks']) {
    const found = keywords.has(group) ? keywords.record(group).get(name) : undefined
    if (!(found instanceof TableRecord)) continue
    const { shape, axisMap } = readCasaCoordinates(keywords.record('coords'), axes, '', table.path)
    return toMemoryOrder(storedRegion(table, found, axes, name), axes, shape, axisMap)
  }
  throw new ImageError(`expected a region or mask of the image, got '${name}' (${table.path})`, { name })
}

function storedRegion(table: Table, record: TableRecord, axes: readonly number[], name: string): Uint8Array {
  const where = `${table.path}, ${name}`
  const pagedMask = (reference: TableReference) => {
    const paged = table.openReference(reference)
    const cell = paged.column(paged.columnNames[0]).getCell(0)
    if (isArrayValue(cell) && cell.data instanceof Uint8Array) return { shape: cell.shape, inside: cell.data }
    throw new ImageError(`expected a mask, got no array of bools (${where})`, { name })
  }
  const mask = record.get('mask')
  if (isTableReference(mask)) {
    const whole = pagedMask(mask)
    if (whole.shape.join() === axes.join()) return whole.inside
  }
  return latticeRegionPixels(record, { shape: axes, pagedMask, where }).inside
}

function readHistory(table: Table): string[] {
  if (!table.hasSubtable('logtable')) return []
  const log = table.subtable('logtable')
  return log.hasColumn('MESSAGE') ? log.column('MESSAGE').getStrings(0, log.nRow) : []
}

/** Free keywords as JSON: long integers become numbers, complex ones pairs. */
function jsonOf(value: PlainValue): JsonValue {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item as PlainValue)]))
}
