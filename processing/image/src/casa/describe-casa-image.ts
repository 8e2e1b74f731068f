// What the tables of a CASA image hold: the image itself, its pixel mask and its log.
import { TableRecord, type TableSpec } from '@cleanbeam/casatable'
import { RAD_PER_DEG } from '@cleanbeam/measures'
import type { ImageCube, ImageShape, JsonObject, RestoringBeam } from '@cleanbeam/types'
import { quantityRecord } from './record-values.ts'
import { casaCoordinates } from './write-coordinates.ts'

/** Name of the pixel mask, as CASA names the first one. */
export const MASK_NAME = 'mask0'
/** Column of an image's pixels. */
export const PIXEL_COLUMN = 'map'
/** Column of a mask's pixels. */
export const MASK_COLUMN = 'PagedArray'
const ARCSEC = RAD_PER_DEG / 3600

/** The main table: one cell with the pixels, the rest in keywords. */
export function describeImageTable(cube: ImageCube): TableSpec {
  const keywords = new TableRecord()
    .set('logtable', 'table', { tablePath: '././logtable' })
    .set('coords', 'record', casaCoordinates(cube.coordinates))
    .set('miscinfo', 'record', miscInfoRecord(cube.miscInfo))
  if (cube.mask) {
    const masks = new TableRecord().set(MASK_NAME, 'record', maskRecord(cube.shape))
    keywords.set('masks', 'record', masks).set('Image_defaultmask', 'string', MASK_NAME)
  }
  keywords.set('units', 'string', cube.unit).set('imageinfo', 'record', imageInfo(cube))
  return arrayTable(PIXEL_COLUMN, 'float32', keywords, 'Image')
}

/** The table of a pixel mask. */
export function describeMaskTable(): TableSpec {
  return arrayTable(MASK_COLUMN, 'bool', new TableRecord(), 'Paged Array')
}

function arrayTable(column: string, type: 'float32' | 'bool', keywords: TableRecord, kind: string): TableSpec {
  return {
    nRow: 1,
    columns: [{ name: column, type, shape: 'variable', nAxis: 4, comment: 'version 4.0', storage: column }],
    storage: [{ type: 'TiledCellStMan', name: column }],
    keywords,
    info: { type: kind },
  }
}

/** The table of history lines. */
export function describeLogTable(nRow: number): TableSpec {
  const time = new TableRecord()
    .set('UNIT', 'string', 's')
    .set('MEASURE_TYPE', 'string', 'EPOCH')
    .set('MEASURE_REFERENCE', 'string', 'UTC')
  return {
    nRow,
    columns: [
      { name: 'TIME', type: 'float64', comment: 'MJD in seconds', keywords: time },
      { name: 'PRIORITY', type: 'string' },
      { name: 'MESSAGE', type: 'string' },
      { name: 'LOCATION', type: 'string' },
      { name: 'OBJECT_ID', type: 'string' },
    ],
    storage: [{ type: 'StandardStMan', name: 'SSM' }],
    info: { type: 'Log message', readme: 'Repository for software-generated logging messages\n' },
  }
}

/** A mask in a table of its own, over the box of the whole image (counted from 1). */
function maskRecord(shape: ImageShape): TableRecord {
  const box = new TableRecord()
    .set('isRegion', 'int32', 1)
    .set('name', 'string', 'LCBox')
    .set('comment', 'string', '')
    .set('oneRel', 'bool', true)
    .setVector('blc', 'float32', [1, 1, 1, 1])
    .setVector('trc', 'float32', shape)
    .setVector('shape', 'int32', shape)
  return new TableRecord()
    .set('isRegion', 'int32', 1)
    .set('name', 'string', 'LCPagedMask')
    .set('comment', 'string', '')
    .set('mask', 'table', { tablePath: `././${MASK_NAME}` })
    .set('box', 'record', box)
}

function imageInfo({ beams, shape, coordinates }: ImageCube): TableRecord {
  const info = new TableRecord()
    .set('imagetype', 'string', 'Intensity')
    .set('objectname', 'string', coordinates.observation.object)
  if (beams.length === 1) info.set('restoringbeam', 'record', beamRecord(beams[0]))
  if (beams.length > 1) info.set('perplanebeams', 'record', perPlaneBeams(beams, shape))
  return info
}

/** Numbered with channels fastest. */
function perPlaneBeams(beams: readonly RestoringBeam[], [, , nStokes, nChannel]: ImageShape): TableRecord {
  const record = new TableRecord().set('nChannels', 'uint32', nChannel).set('nStokes', 'uint32', nStokes)
  for (let stokes = 0; stokes < nStokes; stokes++) {
    for (let channel = 0; channel < nChannel; channel++) {
      record.set(`*${channel + nChannel * stokes}`, 'record', beamRecord(beams[stokes + nStokes * channel]))
    }
  }
  return record
}

function beamRecord(beam: RestoringBeam): TableRecord {
  return new TableRecord()
    .set('major', 'record', quantityRecord(beam.majorRad / ARCSEC, 'arcsec'))
    .set('minor', 'record', quantityRecord(beam.minorRad / ARCSEC, 'arcsec'))
    .set('positionangle', 'record', quantityRecord(beam.positionAngleRad / RAD_PER_DEG, 'deg'))
}

/** Free keywords; lists of one type stay lists, anything else that casacore has no type for becomes JSON text. */
function miscInfoRecord(miscInfo: JsonObject): TableRecord {
  const record = new TableRecord()
  for (const [key, value] of Object.entries(miscInfo)) {
    if (value === undefined || value === null) continue
    if (typeof value === 'string') record.set(key, 'string', value)
    else if (typeof value === 'boolean') record.set(key, 'bool', value)
    else if (typeof value === 'number') record.set(key, 'float64', value)
    else if (!Array.isArray(value)) record.set(key, 'record', miscInfoRecord(value))
    else if (isListOf(value, 'number')) record.setVector(key, 'float64', value)
    else if (isListOf(value, 'string')) record.setVector(key, 'string', value)
    else record.set(key, 'string', JSON.stringify(value))
  }
  return record
}

function isListOf<K extends 'number' | 'string'>(
  values: readonly unknown[],
  type: K,
): values is K extends 'number' ? number[] : string[] {
  return values.length > 0 && values.every(value => typeof value === type)
}
