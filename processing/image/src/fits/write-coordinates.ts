// The header cards of an image's coordinates, in the order and with the names CASA's exportfits uses.
// Axes on disk: longitude, latitude, frequency, Stokes. World coordinates: Calabretta & Greisen 2002 (A&A 395, 1077),
// spectral axes: Greisen et al. 2006 (A&A 446, 747). FITS counts pixels from 1.
import type { FitsHeader } from '@cleanbeam/fits'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageCoordinates, SpectralCoordinate, Stokes } from '@cleanbeam/types'
import { FITS_STOKES_CODES } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { dateTextOfMjd } from './calendar.ts'
import { DIRECTION_NAMES, SPECSYS, VELREF, VELREF_RADIO } from './frame-names.ts'
import { SPECTRAL_TABLE } from './spectral-table.ts'

const DEGREES = 180 / Math.PI
/** Largest departure from a straight line, in channels, that a linear FITS axis may hide. */
const LINEAR_TOLERANCE_CHANNELS = 1e-6

/** How the spectral axis is written. */
export interface SpectralStyle {
  /** As radio velocity (VRAD, m/s) instead of frequency. */
  readonly velocity: boolean
}

/**
 * Adds the cards of all four axes, frames and rest frequency.
 * Channels that are not evenly spaced refer to a table (spectral-table.ts).
 * @throws ImageError for Stokes that are not evenly spaced in FITS's numbering
 */
export function writeCoordinates(header: FitsHeader, coordinates: ImageCoordinates, style: SpectralStyle): void {
  const { direction } = coordinates
  const names = DIRECTION_NAMES[direction.frame]
  if (names.equinox !== null) header.setReal('EQUINOX', names.equinox)
  if (names.radesys !== null) header.set('RADESYS', names.radesys)
  header.setReal('LONPOLE', direction.longPoleRad * DEGREES).setReal('LATPOLE', direction.latPoleRad * DEGREES)
  for (let column = 1; column <= 4; column++) {
    for (let row = 1; row <= 4; row++) {
      const inDirection = row <= 2 && column <= 2
      const value = inDirection ? direction.pc[2 * (row - 1) + (column - 1)] : Number(row === column)
      header.setReal(`PC${row}_${column}`, value)
    }
  }
  const ctype = (name: string) => `${name.padEnd(4, '-')}-${direction.projection}`
  for (const axis of [0, 1] as const) {
    const type = ctype(axis === 0 ? names.longitude : names.latitude)
    const value = direction.referenceRad[axis] * DEGREES
    writeAxis(header, axis + 1, type, axis === 0 ? wrapDegrees(value) : value, direction.incrementRad[axis] * DEGREES)
    header.setReal(`CRPIX${axis + 1}`, direction.referencePixel[axis] + 1).set(`CUNIT${axis + 1}`, 'deg')
  }
  const spectral = linearSpectral(coordinates.spectral)
  if (isUneven(coordinates.spectral)) writeTabularAxis(header)
  else writeSpectralAxis(header, spectral, style)
  writeStokesAxis(header, coordinates.stokes)
  for (const [i, value] of direction.projectionParameters.entries()) header.setReal(`PV2_${i + 1}`, value)
  writeSpectralFrame(header, spectral, style)
}

/** Adds telescope, observer, date, pointing and position. */
export function writeObservation(header: FitsHeader, { observation }: ImageCoordinates): void {
  header.set('TELESCOP', observation.telescope).set('OBSERVER', observation.observer)
  const date = dateTextOfMjd(observation.dateMjd)
  if (date !== '') header.set('DATE-OBS', date)
  header.set('TIMESYS', 'UTC')
  if (observation.pointing) {
    header
      .setReal('OBSRA', wrapDegrees(observation.pointing.longitudeRad * DEGREES))
      .setReal('OBSDEC', observation.pointing.latitudeRad * DEGREES)
  }
  observation.telescopePositionMetres?.forEach((metres, i) => {
    header.setReal(`OBSGEO-${'XYZ'[i]}`, metres)
  })
}

function writeAxis(header: FitsHeader, axis: number, type: string, value: number, increment: number): void {
  header.set(`CTYPE${axis}`, type).setReal(`CRVAL${axis}`, value).setReal(`CDELT${axis}`, increment)
}

function wrapDegrees(degrees: number): number {
  const wrapped = degrees % 360
  return wrapped < 0 ? wrapped + 360 : wrapped
}

/** True for channels that no straight line describes. */
export function isUneven({ tableHz, incrementHz }: SpectralCoordinate): boolean {
  if (!tableHz || tableHz.length < 3) return false
  const n = tableHz.length
  const increment = (tableHz[n - 1] - tableHz[0]) / (n - 1)
  const tolerance = LINEAR_TOLERANCE_CHANNELS * Math.abs(increment || incrementHz)
  return tableHz.some((hz, i) => Math.abs(hz - tableHz[0] - i * increment) > tolerance)
}

/** The straight line through a tabular axis that is one. */
export function linearSpectral(spectral: SpectralCoordinate): SpectralCoordinate {
  const table = spectral.tableHz
  if (!table || table.length === 0) return spectral
  const n = table.length
  const incrementHz = n > 1 ? (table[n - 1] - table[0]) / (n - 1) : spectral.incrementHz
  return { ...spectral, referenceHz: table[0], referencePixel: 0, incrementHz, tableHz: undefined }
}

function writeSpectralAxis(header: FitsHeader, spectral: SpectralCoordinate, style: SpectralStyle): void {
  const { referenceHz, incrementHz, restFrequencyHz } = spectral
  if (style.velocity && restFrequencyHz > 0) {
    const scale = -SPEED_OF_LIGHT / restFrequencyHz
    writeAxis(header, 3, 'VRAD', SPEED_OF_LIGHT + scale * referenceHz, scale * incrementHz)
  } else {
    writeAxis(header, 3, 'FREQ', referenceHz, incrementHz)
  }
  header.setReal('CRPIX3', spectral.referencePixel + 1)
  header.set('CUNIT3', style.velocity && restFrequencyHz > 0 ? 'm/s' : 'Hz')
}

function writeTabularAxis(header: FitsHeader): void {
  writeAxis(header, 3, 'FREQ-TAB', 1, 1)
  header
    .setReal('CRPIX3', 1)
    .set('CUNIT3', 'Hz')
    .set('PS3_0', SPECTRAL_TABLE.extension, 'Table of frequencies')
    .set('PS3_1', SPECTRAL_TABLE.column)
    .set('PV3_1', 1)
    .set('PV3_2', 1)
    .set('PV3_3', 1)
}

function writeStokesAxis(header: FitsHeader, stokes: readonly Stokes[]): void {
  const codes = stokes.map(name => FITS_STOKES_CODES[name])
  const increment = codes.length > 1 ? codes[1] - codes[0] : 1
  if (codes.some((code, i) => code !== codes[0] + i * increment)) {
    throw new ImageError(
      `expected Stokes evenly spaced in FITS's numbering, got ${stokes.join(', ')}: write CASA images, or image another set`,
      { stokes: [...stokes] },
    )
  }
  writeAxis(header, 4, 'STOKES', codes[0], increment)
  header.setReal('CRPIX4', 1).set('CUNIT4', '')
}

function writeSpectralFrame(header: FitsHeader, spectral: SpectralCoordinate, style: SpectralStyle): void {
  const { referenceHz, restFrequencyHz, frame } = spectral
  if (restFrequencyHz > 0) header.setReal('RESTFRQ', restFrequencyHz, 'Rest Frequency (Hz)')
  if (SPECSYS[frame] !== '') header.set('SPECSYS', SPECSYS[frame], 'Spectral reference frame')
  const velref = VELREF[frame]
  if (velref === undefined || restFrequencyHz <= 0) return
  const velocity = SPEED_OF_LIGHT * (1 - referenceHz / restFrequencyHz)
  const alternate = style.velocity ? 'Alternate frequency reference' : 'Alternate velocity reference'
  header
    .setReal('ALTRVAL', style.velocity ? referenceHz : velocity, `${alternate} value`)
    .setReal('ALTRPIX', spectral.referencePixel + 1, `${alternate} pixel`)
    .set('VELREF', velref + VELREF_RADIO, '1 LSR, 2 HEL, 3 OBS, +256 Radio')
    .addComment('casacore non-standard usage: 4 LSD, 5 GEO, 6 SOU, 7 GAL')
}
