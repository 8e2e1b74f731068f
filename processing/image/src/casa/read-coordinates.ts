// Coordinates of a CASA image from the record `coords` in its keywords.
// Layout: casacore notes on CoordinateSystem (coordinates of each kind are numbered, with maps to pixel and world axes).
import type { TableRecord } from '@cleanbeam/casatable'
import { RAD_PER_DEG } from '@cleanbeam/measures'
import type {
  Direction,
  DirectionCoordinate,
  DirectionFrame,
  ImageCoordinates,
  ImageShape,
  ObservationInfo,
  Projection,
  SpectralCoordinate,
  SpectralFrame,
  Stokes,
} from '@cleanbeam/types'
import { FITS_STOKES_CODES } from '@cleanbeam/types'
import type { AxisMap } from '../disk-order.ts'
import { ImageError } from '../image-error.ts'
import { hertzPer, radiansPer } from './record-values.ts'

const FRAMES: readonly DirectionFrame[] = ['J2000', 'ICRS', 'B1950', 'GALACTIC']
const SPECTRAL_FRAMES: readonly SpectralFrame[] = 'REST LSRK LSRD BARY GEO TOPO GALACTO LGROUP CMB Undefined'.split(
  ' ',
) as SpectralFrame[]
const PROJECTIONS = 'SIN TAN ARC STG ZEA NCP CAR AIT MOL SFL GLS MER CEA'.split(' ') as Projection[]

/** Coordinates, the shape they describe, and where each axis is in the pixel array. */
export interface CasaCoordinates {
  readonly shape: ImageShape
  readonly coordinates: ImageCoordinates
  readonly axisMap: AxisMap
}

/**
 * @param axes lengths of the pixel axes, the fastest first
 * @param object name of the source, which casacore keeps outside the coordinates
 * @throws ImageError for coordinates that are not of the sky, or a further axis with more than one pixel
 */
export function readCasaCoordinates(
  coords: TableRecord,
  axes: readonly number[],
  object: string,
  where: string,
): CasaCoordinates {
  const parts = findCoordinates(coords)
  const { direction, stokes, spectral } = parts
  if (!direction) {
    throw new ImageError(`expected an image with a direction coordinate, got none (${where})`, { where })
  }
  const [x, y] = direction.pixelAxes
  const axisMap = { x, y, stokes: stokes?.pixelAxes[0] ?? -1, spectral: spectral?.pixelAxes[0] ?? -1 }
  refuseOtherAxes(axisMap, axes, where)
  const size = (axis: number) => (axis < 0 ? 1 : axes[axis])
  const shape: ImageShape = [size(x), size(y), size(axisMap.stokes), size(axisMap.spectral)]
  const sky = readDirection(direction.record, where)
  return {
    shape,
    axisMap,
    coordinates: {
      direction: sky,
      stokes: stokes ? readStokes(stokes.record, shape[2], where) : ['I'],
      spectral: spectral ? readSpectral(spectral.record, shape[3], where) : NO_SPECTRAL,
      observation: readObservation(coords, sky.frame, object),
    },
  }
}

const NO_SPECTRAL: SpectralCoordinate = {
  frame: 'Undefined',
  referenceHz: 0,
  referencePixel: 0,
  incrementHz: 1,
  restFrequencyHz: 0,
}

interface CoordinatePart {
  readonly record: TableRecord
  readonly pixelAxes: readonly number[]
}

function findCoordinates(
  coords: TableRecord,
): Partial<Record<'direction' | 'stokes' | 'spectral', CoordinatePart | undefined>> {
  const found = new Map<string, CoordinatePart>()
  for (const name of coords.names) {
    const match = /^(direction|stokes|spectral)(\d+)$/.exec(name)
    if (!match || found.has(match[1])) continue
    found.set(match[1], { record: coords.record(name), pixelAxes: coords.numbers(`pixelmap${match[2]}`) })
  }
  return { direction: found.get('direction'), stokes: found.get('stokes'), spectral: found.get('spectral') }
}

function refuseOtherAxes(map: AxisMap, axes: readonly number[], where: string): void {
  const known = [map.x, map.y, map.stokes, map.spectral]
  if (map.x < 0 || map.y < 0 || known.some(axis => axis >= axes.length)) {
    throw new ImageError(
      `expected pixel axes for both directions on the sky, got axes ${known.join(', ')} of ${axes.length} (${where})`,
      { where },
    )
  }
  const other = axes.findIndex((n, axis) => n > 1 && !known.includes(axis))
  if (other < 0) return
  throw new ImageError(
    `expected axes of direction, frequency and Stokes, got another with ${axes[other]} pixels (${where}, axis ${other}): select a plane of it first`,
    { where, axis: other },
  )
}

function readDirection(record: TableRecord, where: string): DirectionCoordinate {
  const [unitX, unitY] = record.strings('units').map(unit => radiansPer(unit, `${where}, direction coordinate`))
  const [longitude, latitude] = record.numbers('crval')
  const [x, y] = record.numbers('crpix')
  const [stepX, stepY] = record.numbers('cdelt')
  // Row by row on disk: casacore 3.5 makes PC1_2 of the second number.
  const [pc11, pc12, pc21, pc22] = record.numbers('pc')
  return {
    frame: oneOf(FRAMES, record.string('system'), 'a direction frame', where),
    projection: oneOf(PROJECTIONS, record.string('projection').trim().toUpperCase(), 'a projection', where),
    projectionParameters: record.has('projection_parameters') ? record.numbers('projection_parameters') : [],
    referenceRad: [longitude * unitX, latitude * unitY],
    referencePixel: [x, y],
    incrementRad: [stepX * unitX, stepY * unitY],
    pc: [pc11, pc12, pc21, pc22],
    longPoleRad: (record.has('longpole') ? record.number('longpole') : 180) * RAD_PER_DEG,
    latPoleRad: (record.has('latpole') ? record.number('latpole') : (latitude * unitY) / RAD_PER_DEG) * RAD_PER_DEG,
  }
}

function readStokes(record: TableRecord, n: number, where: string): Stokes[] {
  const names = record.strings('stokes')
  // A coordinate may name more Stokes parameters than the image has planes, as casacore's default one does.
  if (names.length < n) {
    throw new ImageError(`expected ${n} Stokes, got ${names.join(', ')} (${where})`, { where })
  }
  return names.slice(0, n).map(name => oneOf(Object.keys(FITS_STOKES_CODES) as Stokes[], name, 'Stokes', where))
}

function readSpectral(record: TableRecord, n: number, where: string): SpectralCoordinate {
  const frame = oneOf(SPECTRAL_FRAMES, record.string('system'), 'a spectral frame', where)
  const restFrequencyHz = record.has('restfreq') ? record.number('restfreq') : 0
  if (record.has('tabular')) {
    const table = record.record('tabular')
    const scale = table.has('units') ? hertzPer(table.strings('units')[0], `${where}, spectral table`) : 1
    return tabular(table, scale, n, { frame, restFrequencyHz }, where)
  }
  const wcs = record.record('wcs')
  const type = wcs.string('ctype').replaceAll('\0', '').trim()
  if (type !== 'FREQ') {
    throw new ImageError(`expected a frequency axis, got '${type}' (${where}): not yet supported: ${type}`, { type })
  }
  return {
    frame,
    restFrequencyHz,
    referenceHz: wcs.number('crval'),
    referencePixel: wcs.number('crpix'),
    incrementHz: wcs.number('cdelt') * wcs.number('pc'),
  }
}

function tabular(
  table: TableRecord,
  scale: number,
  n: number,
  frame: Pick<SpectralCoordinate, 'frame' | 'restFrequencyHz'>,
  where: string,
): SpectralCoordinate {
  const pixels = table.numbers('pixelvalues')
  const worlds = table.numbers('worldvalues').map(value => value * scale)
  if (worlds.length < 1 || worlds.length !== pixels.length) {
    throw new ImageError(`expected a frequency for every table entry, got ${worlds.length} (${where})`, { where })
  }
  const tableHz = Array.from({ length: n }, (_, channel) => interpolate(pixels, worlds, channel))
  const incrementHz = n > 1 ? tableHz[1] - tableHz[0] : table.numbers('cdelt')[0] * scale
  return { ...frame, referenceHz: tableHz[0], referencePixel: 0, incrementHz, tableHz }
}

/** Between and beyond the entries of the table: along the straight line of the nearest two. */
function interpolate(pixels: readonly number[], worlds: readonly number[], pixel: number): number {
  if (pixels.length === 1) return worlds[0]
  let above = pixels.findIndex(each => each >= pixel)
  if (above < 0) above = pixels.length - 1
  if (pixels[above] === pixel) return worlds[above]
  const [low, high] = above === 0 ? [0, 1] : [above - 1, above]
  return worlds[low] + ((pixel - pixels[low]) * (worlds[high] - worlds[low])) / (pixels[high] - pixels[low])
}

function readObservation(coords: TableRecord, frame: DirectionFrame, object: string): ObservationInfo {
  const text = (name: string) => (coords.has(name) ? coords.string(name) : '')
  return {
    telescope: text('telescope'),
    observer: text('observer'),
    dateMjd: coords.has('obsdate') ? coords.record('obsdate').record('m0').number('value') : Number.NaN,
    telescopePositionMetres: coords.has('telescopeposition') ? readPosition(coords.record('telescopeposition')) : null,
    object,
    pointing: coords.has('pointingcenter') ? readPointing(coords.record('pointingcenter'), frame) : null,
  }
}

/** A position measure: geocentric longitude, latitude and distance. */
function readPosition(position: TableRecord): readonly [number, number, number] {
  const longitude = position.record('m0').number('value')
  const latitude = position.record('m1').number('value')
  const radius = position.record('m2').number('value')
  const equatorial = radius * Math.cos(latitude)
  return [equatorial * Math.cos(longitude), equatorial * Math.sin(longitude), radius * Math.sin(latitude)]
}

/** casacore marks a pointing centre that nobody has set as initial. */
function readPointing(record: TableRecord, frame: DirectionFrame): Direction | null {
  if (record.get('initial') === true) return null
  const [longitude, latitudeRad] = record.numbers('value')
  const longitudeRad = longitude < 0 ? longitude + 2 * Math.PI : longitude
  return { frame: frame === 'GALACTIC' ? 'J2000' : frame, longitudeRad, latitudeRad }
}

function oneOf<T extends string>(names: readonly T[], got: string, what: string, where: string): T {
  const found = names.find(name => name === got)
  if (found !== undefined) return found
  throw new ImageError(
    `expected ${what} among ${names.join(' ')}, got '${got}' (${where}): not yet supported: ${got}`,
    {
      got,
    },
  )
}
