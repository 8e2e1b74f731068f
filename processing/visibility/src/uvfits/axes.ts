import type { Hdu } from '@cleanbeam/fits'
import { type Correlation, FITS_STOKES_CODES } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'

/** One regular axis of the visibility array of a group. */
export interface GroupAxis {
  readonly type: string
  readonly size: number
  /** Numbers between neighbours along this axis. */
  readonly stride: number
  readonly referenceValue: number
  readonly referencePixel: number
  readonly increment: number
}

/** The axes that matter; those a file leaves out have size 1. */
export interface UvfitsAxes {
  readonly complex: GroupAxis
  readonly stokes: GroupAxis
  readonly frequency: GroupAxis
  readonly intermediateFrequency: GroupAxis
  /** Right ascension and declination of the header, radians; null when the file gives neither. */
  readonly directionRad: readonly [number, number] | null
}

const KNOWN = new Set(['COMPLEX', 'STOKES', 'FREQ', 'IF', 'RA', 'DEC', 'GLON', 'GLAT'])

/**
 * Finds the axes COMPLEX, STOKES, FREQ, IF, RA and DEC by their CTYPEn, in whatever order they stand.
 * @throws VisibilityError when COMPLEX or FREQ is missing or an unknown axis is longer than 1
 * @see AIPS Memo 117, section 3
 */
export function readAxes(hdu: Hdu): UvfitsAxes {
  const { header } = hdu
  const found = new Map<string, GroupAxis>()
  let stride = 1
  for (let n = 2; n <= hdu.axes.length; n++) {
    const type = header.string(`CTYPE${n}`, '').split('-')[0].trim()
    const size = hdu.axes[n - 1]
    if (!KNOWN.has(type) && size > 1) {
      throw new VisibilityError(
        `expected the axes COMPLEX, STOKES, FREQ, IF, RA, DEC, got '${type}' with ${size} entries (${header.where}, CTYPE${n}): this kind of UVFITS is not supported`,
        { axis: type },
      )
    }
    found.set(type, {
      type,
      size,
      stride,
      referenceValue: header.number(`CRVAL${n}`, 0),
      referencePixel: header.number(`CRPIX${n}`, 1),
      increment: header.number(`CDELT${n}`, 1),
    })
    stride *= size
  }
  const complex = required(found, 'COMPLEX', header.where)
  if (complex.size !== 3 && complex.size !== 2) {
    throw new VisibilityError(
      `expected real, imaginary and weight along COMPLEX (3 or 2 entries), got ${complex.size} (${header.where})`,
      { size: complex.size },
    )
  }
  return {
    complex,
    stokes: found.get('STOKES') ?? absent('STOKES', 1),
    frequency: required(found, 'FREQ', header.where),
    intermediateFrequency: found.get('IF') ?? absent('IF', 1),
    directionRad: directionOf(found),
  }
}

function required(found: ReadonlyMap<string, GroupAxis>, type: string, where: string): GroupAxis {
  const axis = found.get(type)
  if (axis !== undefined) return axis
  throw new VisibilityError(
    `expected an axis ${type}, got ${[...found.keys()].join(', ')} (${where}): these random groups are not a UVFITS observation`,
    { axis: type },
  )
}

function absent(type: string, referenceValue: number): GroupAxis {
  return { type, size: 1, stride: 0, referenceValue, referencePixel: 1, increment: 1 }
}

function directionOf(found: ReadonlyMap<string, GroupAxis>): [number, number] | null {
  const longitude = found.get('RA')
  const latitude = found.get('DEC')
  if (longitude === undefined || latitude === undefined) return null
  return [(longitude.referenceValue * Math.PI) / 180, (latitude.referenceValue * Math.PI) / 180]
}

/** The order in which a MeasurementSet keeps correlations, which importuvfits restores. */
const MEASUREMENT_SET_ORDER: readonly Correlation[] = [
  'I',
  'Q',
  'U',
  'V',
  'RR',
  'RL',
  'LR',
  'LL',
  'XX',
  'XY',
  'YX',
  'YY',
]

/**
 * Correlations in MeasurementSet order with their index along the STOKES axis of the file.
 * @throws VisibilityError for a code the FITS standard does not define
 */
export function readCorrelations(axis: GroupAxis, where: string): { correlation: Correlation; fileIndex: number }[] {
  const entries = Array.from({ length: axis.size }, (_, fileIndex) => {
    const code = Math.round(axis.referenceValue + (fileIndex + 1 - axis.referencePixel) * axis.increment)
    const correlation = MEASUREMENT_SET_ORDER.find(name => FITS_STOKES_CODES[name] === code)
    if (correlation !== undefined) return { correlation, fileIndex }
    throw new VisibilityError(`expected Stokes codes 1 to 4 or -1 to -8, got ${code} (${where}, STOKES axis)`, { code })
  })
  return entries.sort(
    (a, b) => MEASUREMENT_SET_ORDER.indexOf(a.correlation) - MEASUREMENT_SET_ORDER.indexOf(b.correlation),
  )
}
