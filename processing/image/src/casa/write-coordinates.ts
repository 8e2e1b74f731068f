// The record `coords` of a CASA image with the axes of an image cube: direction, direction, Stokes, frequency.

import { TableRecord } from '@cleanbeam/casatable'
import { RAD_PER_DEG } from '@cleanbeam/measures'
import type {
  DirectionCoordinate,
  ImageCoordinates,
  ObservationInfo,
  SpectralCoordinate,
  Stokes,
} from '@cleanbeam/types'
import { isUneven, linearSpectral } from '../fits/write-coordinates.ts'
import { quantityRecord } from './record-values.ts'
import { CASA_STOKES_NUMBERS } from './stokes-numbers.ts'

/** casacore keeps the name of a spectral axis in a field as long as FITS allows, ended by zeros. */
const CTYPE_FREQ = `FREQ${'\0'.repeat(5)}`

/** Coordinates as casacore's CoordinateSystem keeps them; read by {@link readCasaCoordinates}. */
export function casaCoordinates({ direction, stokes, spectral, observation }: ImageCoordinates): TableRecord {
  const coords = new TableRecord()
  writeObservation(coords, observation)
  const firstStokes = CASA_STOKES_NUMBERS[stokes[0]]
  addCoordinate(coords, 0, 'direction', directionRecord(direction), [0, 1], direction.referenceRad)
  addCoordinate(coords, 1, 'stokes', stokesRecord(stokes, firstStokes), [2], [firstStokes])
  addCoordinate(coords, 2, 'spectral', spectralRecord(spectral), [3], [spectral.referenceHz])
  return coords
}

function addCoordinate(
  coords: TableRecord,
  number: number,
  kind: string,
  record: TableRecord,
  axes: readonly number[],
  world: readonly number[],
): void {
  coords
    .set(`${kind}${number}`, 'record', record)
    .setVector(`worldmap${number}`, 'int32', axes)
    .setVector(`worldreplace${number}`, 'float64', world)
    .setVector(`pixelmap${number}`, 'int32', axes)
    .setVector(
      `pixelreplace${number}`,
      'float64',
      axes.map(() => 0),
    )
}

function directionRecord(direction: DirectionCoordinate): TableRecord {
  const [pc11, pc12, pc21, pc22] = direction.pc
  const axes = direction.frame === 'GALACTIC' ? ['Longitude', 'Latitude'] : ['Right Ascension', 'Declination']
  return (
    new TableRecord()
      .set('system', 'string', direction.frame)
      .set('projection', 'string', direction.projection)
      .setVector('projection_parameters', 'float64', direction.projectionParameters)
      .setVector('crval', 'float64', direction.referenceRad)
      .setVector('crpix', 'float64', direction.referencePixel)
      .setVector('cdelt', 'float64', direction.incrementRad)
      // Row by row on disk: casacore 3.5 makes PC1_2 of the second number.
      .setArray('pc', 'float64', [2, 2], [pc11, pc12, pc21, pc22])
      .setVector('axes', 'string', axes)
      .setVector('units', 'string', ['rad', 'rad'])
      .set('conversionSystem', 'string', direction.frame)
      .set('longpole', 'float64', direction.longPoleRad / RAD_PER_DEG)
      .set('latpole', 'float64', direction.latPoleRad / RAD_PER_DEG)
  )
}

function stokesRecord(stokes: readonly Stokes[], first: number): TableRecord {
  return new TableRecord()
    .setVector('axes', 'string', ['Stokes'])
    .setVector('stokes', 'string', [...stokes])
    .setVector('crval', 'float64', [first])
    .setVector('crpix', 'float64', [0])
    .setVector('cdelt', 'float64', [1])
    .setArray('pc', 'float64', [1, 1], [1])
}

function spectralRecord(spectral: SpectralCoordinate): TableRecord {
  const { tableHz } = spectral
  const { frame, restFrequencyHz, referenceHz, referencePixel, incrementHz } = isUneven(spectral)
    ? spectral
    : linearSpectral(spectral)
  const wcs = new TableRecord()
    .set('crval', 'float64', referenceHz)
    .set('crpix', 'float64', referencePixel)
    .set('cdelt', 'float64', incrementHz)
    .set('pc', 'float64', 1)
    .set('ctype', 'string', CTYPE_FREQ)
  const record = new TableRecord()
    .set('version', 'int32', 2)
    .set('system', 'string', frame)
    .set('restfreq', 'float64', restFrequencyHz)
    .setVector('restfreqs', 'float64', [restFrequencyHz])
    .set('velType', 'int32', 0)
    .set('nativeType', 'int32', 0)
    .set('velUnit', 'string', 'km/s')
    .set('waveUnit', 'string', 'mm')
    .set('formatUnit', 'string', '')
    .set('wcs', 'record', wcs)
    .set('unit', 'string', 'Hz')
    .set('name', 'string', 'Frequency')
    .set('conversion', 'record', noConversion(frame))
  if (tableHz && isUneven(spectral)) record.set('tabular', 'record', tabularRecord(tableHz, incrementHz))
  return record
}

function tabularRecord(tableHz: readonly number[], incrementHz: number): TableRecord {
  return new TableRecord()
    .setVector('crval', 'float64', [tableHz[0]])
    .setVector('crpix', 'float64', [0])
    .setVector('cdelt', 'float64', [incrementHz])
    .setArray('pc', 'float64', [1, 1], [1])
    .setVector('axes', 'string', ['Frequency'])
    .setVector('units', 'string', ['Hz'])
    .setVector(
      'pixelvalues',
      'float64',
      Float64Array.from(tableHz, (_, channel) => channel),
    )
    .setVector('worldvalues', 'float64', tableHz)
}

/** Frequencies are shown in their own frame; what a conversion would need is left at casacore's defaults. */
function noConversion(frame: string): TableRecord {
  return new TableRecord()
    .set('direction', 'record', measure('direction', 'J2000', [0, Math.PI / 2], ['rad', 'rad']))
    .set('position', 'record', measure('position', 'ITRF', [0, 0, 0], ['rad', 'rad', 'm']))
    .set('epoch', 'record', measure('epoch', 'LAST', [0], ['d']))
    .set('system', 'string', frame)
}

function writeObservation(coords: TableRecord, observation: ObservationInfo): void {
  const { telescope, observer, dateMjd, telescopePositionMetres, pointing } = observation
  coords.set('telescope', 'string', telescope).set('observer', 'string', observer)
  if (Number.isFinite(dateMjd)) coords.set('obsdate', 'record', measure('epoch', 'UTC', [dateMjd], ['d']))
  const centre = pointing ? [pointing.longitudeRad, pointing.latitudeRad] : [0, 0]
  const record = new TableRecord().setVector('value', 'float64', centre).set('initial', 'bool', pointing === null)
  coords.set('pointingcenter', 'record', record)
  if (telescopePositionMetres) coords.set('telescopeposition', 'record', positionRecord(telescopePositionMetres))
}

function positionRecord([x, y, z]: readonly [number, number, number]): TableRecord {
  const longitudeLatitudeRadius = [Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y)), Math.hypot(x, y, z)]
  return measure('position', 'ITRF', longitudeLatitudeRadius, ['rad', 'rad', 'm'])
}

/** A measure with its values m0, m1, …. */
function measure(type: string, refer: string, values: readonly number[], units: readonly string[]): TableRecord {
  const record = new TableRecord().set('type', 'string', type).set('refer', 'string', refer)
  values.forEach((value, i) => {
    record.set(`m${i}`, 'record', quantityRecord(value, units[i]))
  })
  return record
}
