// A CASA image (casacore's PagedImage): one array cell in the column `map`, everything else in keywords and subtables.
import { isArrayValue, isTableReference, type PlainValue, type Table, TableRecord } from '@cleanbeam/casatable'
import type { ImageCube, JsonValue } from '@cleanbeam/types'
import { toMemoryOrder } from '../disk-order.ts'
import { ImageError } from '../image-error.ts'
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
  const reference = masks.has(name) ? masks.record(name).get('mask') : undefined
  if (!isTableReference(reference)) {
    throw new ImageError(`expected a pixel mask '${name}', got none of that name (${table.path})`, { name })
  }
  const paged = table.openReference(reference)
  const cell = paged.column(paged.columnNames[0]).getCell(0)
  if (!isArrayValue(cell) || cell.shape.length !== axes.length || cell.shape.some((n, axis) => n !== axes[axis])) {
    const got = isArrayValue(cell) ? `[${cell.shape.join(', ')}]` : 'no array'
    throw new ImageError(
      `expected a pixel mask of shape [${axes.join(', ')}] like the image, got ${got} (${table.path}, ${name})`,
      { name },
    )
  }
  const good = cell.data as Uint8Array
  return good.includes(0) ? good : null
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
