// Quantities and measures as casacore's records keep them.
import { TableRecord } from '@cleanbeam/casatable'
import { RAD_PER_DEG } from '@cleanbeam/measures'
import { ImageError } from '../image-error.ts'

const ANGLE_UNITS: Readonly<Record<string, number>> = {
  rad: 1,
  deg: RAD_PER_DEG,
  arcmin: RAD_PER_DEG / 60,
  "'": RAD_PER_DEG / 60,
  arcsec: RAD_PER_DEG / 3600,
  '"': RAD_PER_DEG / 3600,
  mas: RAD_PER_DEG / 3.6e6,
  marcsec: RAD_PER_DEG / 3.6e6,
}
const FREQUENCY_UNITS: Readonly<Record<string, number>> = { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9, THz: 1e12 }

/** @throws ImageError when the unit is no unit of angles */
export function radiansPer(unit: string, where: string): number {
  return scaleOf(ANGLE_UNITS, unit, where)
}

/** @throws ImageError when the unit is no unit of frequency */
export function hertzPer(unit: string, where: string): number {
  return scaleOf(FREQUENCY_UNITS, unit, where)
}

function scaleOf(units: Readonly<Record<string, number>>, unit: string, where: string): number {
  const scale = units[unit]
  if (scale !== undefined) return scale
  throw new ImageError(`expected one of the units ${Object.keys(units).join(' ')}, got '${unit}' (${where})`, { unit })
}

/** A quantity record {value, unit} in radians. */
export function radiansOf(quantity: TableRecord, where: string): number {
  return quantity.number('value') * radiansPer(quantity.string('unit'), where)
}

/** {value, unit}, as casacore writes quantities. */
export function quantityRecord(value: number, unit: string): TableRecord {
  return new TableRecord().set('value', 'float64', value).set('unit', 'string', unit)
}
