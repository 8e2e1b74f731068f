// Coordinates from a FITS header, whatever the order of its axes.
// World coordinates: Calabretta & Greisen 2002 (A&A 395, 1077), with the older CDi_j and CROTAn forms; spectral axes:
// Greisen et al. 2006 (A&A 446, 747), with AIPS's FELO and VELO.
import type { FitsHeader } from '@cleanbeam/fits'
import { RAD_PER_DEG as RADIANS, SPEED_OF_LIGHT } from '@cleanbeam/measures'
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
import { mjdOfDateText } from './calendar.ts'
import { equatorialFrameOf, spectralFrameOf, VELREF_RADIO } from './frame-names.ts'

const PROJECTIONS: readonly string[] = 'SIN TAN ARC STG ZEA NCP CAR AIT MOL SFL GLS MER CEA'.split(' ')
const ANGLE_UNITS: Readonly<Record<string, number>> = {
  '': RADIANS,
  deg: RADIANS,
  rad: 1,
  arcmin: RADIANS / 60,
  arcsec: RADIANS / 3600,
  mas: RADIANS / 3.6e6,
}
const FREQUENCY_UNITS: Readonly<Record<string, number>> = { '': 1, Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9, THz: 1e12 }
const VELOCITY_UNITS: Readonly<Record<string, number>> = { '': 1, 'm/s': 1, 'm s-1': 1, 'km/s': 1e3, 'km s-1': 1e3 }

/** Coordinates, the shape they describe, and where each axis is on disk. */
export interface ReadCoordinates {
  readonly shape: ImageShape
  readonly coordinates: ImageCoordinates
  readonly axisMap: AxisMap
}

/**
 * @param axes NAXISn, the fastest first
 * @param tableHz frequencies of a tabular axis (FREQ-TAB), read beforehand
 * @throws ImageError when there is no pair of celestial axes, or another axis has more than one pixel
 */
export function readCoordinates(
  header: FitsHeader,
  axes: readonly number[],
  tableHz: readonly number[] | null = null,
): ReadCoordinates {
  const axisMap = classifyAxes(header, axes)
  const size = (axis: number) => (axis < 0 ? 1 : axes[axis])
  const shape: ImageShape = [size(axisMap.x), size(axisMap.y), size(axisMap.stokes), size(axisMap.spectral)]
  const direction = readDirection(header, axisMap)
  const coordinates: ImageCoordinates = {
    direction,
    stokes: readStokes(header, axisMap.stokes, shape[2]),
    spectral: readSpectral(header, axisMap.spectral, shape[3], tableHz),
    observation: readObservation(header, direction.frame),
  }
  return { shape, coordinates, axisMap }
}

function classifyAxes(header: FitsHeader, axes: readonly number[]): AxisMap {
  const map = { x: -1, y: -1, stokes: -1, spectral: -1 }
  for (let axis = 0; axis < axes.length; axis++) {
    const type = header
      .string(`CTYPE${axis + 1}`, '')
      .trim()
      .toUpperCase()
    const kind = axisKind(type)
    if (kind && map[kind] < 0) map[kind] = axis
    else if (axes[axis] > 1) {
      throw new ImageError(
        `expected axes of direction, frequency and Stokes, got '${type}' with ${axes[axis]} pixels (${header.where}, CTYPE${axis + 1}): select a plane of it first`,
        { ctype: type },
      )
    }
  }
  if (map.x < 0 || map.y < 0) {
    throw new ImageError(
      `expected an image with right ascension and declination (or galactic) axes, got none (${header.where}): its CTYPE cards do not describe the sky`,
      { where: header.where },
    )
  }
  return map
}

function axisKind(type: string): keyof AxisMap | null {
  if (/^(RA--|RA$|GLON)/.test(type)) return 'x'
  if (/^(DEC-|DEC$|GLAT)/.test(type)) return 'y'
  if (type === 'STOKES') return 'stokes'
  return /^(FREQ|VRAD|VELO|FELO|VOPT|WAVE|AWAV)/.test(type) ? 'spectral' : null
}

function scaleOf(header: FitsHeader, axis: number, units: Readonly<Record<string, number>>): number {
  const unit = header.string(`CUNIT${axis + 1}`, '').trim()
  const scale = units[unit] ?? units[unit.toLowerCase()]
  if (scale !== undefined) return scale
  throw new ImageError(
    `expected one of the units ${Object.keys(units).join(' ')}, got '${unit}' (${header.where}, CUNIT${axis + 1})`,
    { unit },
  )
}

function readDirection(header: FitsHeader, { x, y }: AxisMap): DirectionCoordinate {
  const type = header
    .string(`CTYPE${x + 1}`)
    .trim()
    .toUpperCase()
  const projection = type.length > 5 ? type.slice(5).replace(/^-+/, '') : 'CAR'
  if (!PROJECTIONS.includes(projection)) {
    throw new ImageError(
      `expected a projection among ${PROJECTIONS.join(' ')}, got '${projection}' (${header.where}, CTYPE${x + 1})`,
      { projection },
    )
  }
  const equinox = header.has('EQUINOX') ? header.number('EQUINOX') : header.number('EPOCH', Number.NaN)
  const frame: DirectionFrame = type.startsWith('GLON')
    ? 'GALACTIC'
    : equatorialFrameOf(
        header.string('RADESYS', header.string('RADECSYS', '')),
        Number.isNaN(equinox) ? undefined : equinox,
      )
  const scale = [scaleOf(header, x, ANGLE_UNITS), scaleOf(header, y, ANGLE_UNITS)]
  const reference = [x, y].map((axis, i) => header.number(`CRVAL${axis + 1}`, 0) * scale[i])
  const { increment, pc } = readLinear(header, x, y, scale)
  const zenithal = !['CAR', 'AIT', 'MOL', 'SFL', 'GLS', 'MER', 'CEA'].includes(projection)
  const latitude0 = zenithal ? Math.PI / 2 : 0
  const longPole = header.number('LONPOLE', reference[1] >= latitude0 ? 0 : 180)
  return {
    frame,
    projection: projection as Projection,
    projectionParameters: readProjectionParameters(header, y, projection),
    referenceRad: [reference[0], reference[1]],
    referencePixel: [header.number(`CRPIX${x + 1}`, 0) - 1, header.number(`CRPIX${y + 1}`, 0) - 1],
    incrementRad: [increment[0], increment[1]],
    pc,
    longPoleRad: longPole * RADIANS,
    latPoleRad: header.number('LATPOLE', zenithal ? reference[1] / RADIANS : 90) * RADIANS,
  }
}

/** Increments and PC matrix from PCi_j and CDELT, from CDi_j, or from CDELT and CROTA. */
function readLinear(
  header: FitsHeader,
  x: number,
  y: number,
  scale: readonly number[],
): { increment: readonly [number, number]; pc: readonly [number, number, number, number] } {
  const entry = (name: string, i: number, j: number, fallback: number) =>
    header.number(`${name}${i + 1}_${j + 1}`, fallback)
  const hasCd = [x, y].some(i => [x, y].some(j => header.has(`CD${i + 1}_${j + 1}`)))
  if (hasCd) {
    const cd = [entry('CD', x, x, 0), entry('CD', x, y, 0), entry('CD', y, x, 0), entry('CD', y, y, 0)]
    const signX = cd[0] < 0 ? -1 : 1
    const stepX = signX * Math.hypot(cd[0], cd[1])
    const stepY = (cd[3] < 0 ? -1 : 1) * Math.hypot(cd[2], cd[3])
    return {
      increment: [stepX * scale[0], stepY * scale[1]],
      pc: [cd[0] / stepX, cd[1] / stepX, cd[2] / stepY, cd[3] / stepY],
    }
  }
  const step = [header.number(`CDELT${x + 1}`, 1), header.number(`CDELT${y + 1}`, 1)]
  const increment = [step[0] * scale[0], step[1] * scale[1]] as const
  const rotation = header.number(`CROTA${y + 1}`, header.number(`CROTA${x + 1}`, 0)) * RADIANS
  const hasPc = [x, y].some(i => [x, y].some(j => header.has(`PC${i + 1}_${j + 1}`)))
  if (hasPc || rotation === 0) {
    return { increment, pc: [entry('PC', x, x, 1), entry('PC', x, y, 0), entry('PC', y, x, 0), entry('PC', y, y, 1)] }
  }
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)]
  return { increment, pc: [cos, (-sin * step[1]) / step[0], (sin * step[0]) / step[1], cos] }
}

function readProjectionParameters(header: FitsHeader, y: number, projection: string): number[] {
  const parameters: number[] = []
  for (let i = 1; i <= 2; i++) parameters.push(header.number(`PV${y + 1}_${i}`, 0))
  if (projection === 'SIN') return parameters
  return header.has(`PV${y + 1}_1`) ? parameters : []
}

function readStokes(header: FitsHeader, axis: number, n: number): Stokes[] {
  if (axis < 0) return ['I']
  const reference = header.number(`CRVAL${axis + 1}`, 1)
  const pixel = header.number(`CRPIX${axis + 1}`, 1)
  const increment = header.number(`CDELT${axis + 1}`, 1)
  return Array.from({ length: n }, (_, i) => {
    const code = Math.round(reference + (i + 1 - pixel) * increment)
    const name = Object.entries(FITS_STOKES_CODES).find(([, value]) => value === code)?.[0]
    if (name) return name as Stokes
    throw new ImageError(`expected Stokes codes 1 to 4 or −1 to −8, got ${code} (${header.where}, axis ${axis + 1})`, {
      code,
    })
  })
}

function readSpectral(
  header: FitsHeader,
  axis: number,
  n: number,
  table: readonly number[] | null,
): SpectralCoordinate {
  const velref = header.integer('VELREF', 0)
  const frame = spectralFrameOf(header.string('SPECSYS', ''), velref)
  const restFrequencyHz = header.number('RESTFRQ', header.number('RESTFREQ', 0))
  if (axis < 0) {
    return { frame, referenceHz: restFrequencyHz, referencePixel: 0, incrementHz: 1, restFrequencyHz }
  }
  const type = header
    .string(`CTYPE${axis + 1}`)
    .trim()
    .toUpperCase()
  if (table) return tabularSpectral(table, n, frame, restFrequencyHz)
  const value = header.number(`CRVAL${axis + 1}`, 0)
  const increment = header.number(`CDELT${axis + 1}`, 1) * header.number(`PC${axis + 1}_${axis + 1}`, 1)
  const referencePixel = header.number(`CRPIX${axis + 1}`, 1) - 1
  if (type.startsWith('FREQ')) {
    const scale = scaleOf(header, axis, FREQUENCY_UNITS)
    return { frame, restFrequencyHz, referenceHz: value * scale, referencePixel, incrementHz: increment * scale }
  }
  const toHz = frequencyOfAxis(header, axis, type, restFrequencyHz, velref)
  const tableHz = Array.from({ length: n }, (_, i) => toHz(value + (i - referencePixel) * increment))
  const referenceHz = toHz(value)
  const incrementHz = toHz(value + increment) - referenceHz
  const isLinear = tableHz.every(
    (hz, i) => Math.abs(hz - referenceHz - (i - referencePixel) * incrementHz) <= 1e-9 * Math.abs(incrementHz),
  )
  const linear = { frame, restFrequencyHz, referenceHz, referencePixel, incrementHz }
  return isLinear ? linear : { ...linear, tableHz }
}

function tabularSpectral(
  table: readonly number[],
  n: number,
  frame: SpectralFrame,
  restFrequencyHz: number,
): SpectralCoordinate {
  if (table.length < n) {
    throw new ImageError(`expected ${n} frequencies for the channels, got ${table.length} (FREQ-TAB table)`, { n })
  }
  const tableHz = table.slice(0, n)
  const incrementHz = n > 1 ? tableHz[1] - tableHz[0] : 1
  return { frame, restFrequencyHz, referenceHz: tableHz[0], referencePixel: 0, incrementHz, tableHz }
}

function frequencyOfAxis(
  header: FitsHeader,
  axis: number,
  type: string,
  restHz: number,
  velref: number,
): (value: number) => number {
  if (type.startsWith('WAVE')) return metres => SPEED_OF_LIGHT / metres
  const scale = scaleOf(header, axis, VELOCITY_UNITS)
  if (!(restHz > 0)) {
    throw new ImageError(`expected RESTFRQ for a velocity axis, got none (${header.where})`, { ctype: type })
  }
  const isRadio = type.startsWith('VRAD') || (type.startsWith('VELO') && velref > VELREF_RADIO)
  if (isRadio) return velocity => restHz * (1 - (velocity * scale) / SPEED_OF_LIGHT)
  if (type.startsWith('VELO')) {
    return velocity => {
      const beta = (velocity * scale) / SPEED_OF_LIGHT
      return restHz * Math.sqrt((1 - beta) / (1 + beta))
    }
  }
  if (type.startsWith('FELO')) return feloAxis(header, axis, restHz, scale)
  return velocity => restHz / (1 + (velocity * scale) / SPEED_OF_LIGHT)
}

/** FELO counts optical velocity with a step that is even in frequency: CDELT is dv/dpixel at the reference. */
function feloAxis(header: FitsHeader, axis: number, restHz: number, scale: number): (value: number) => number {
  const velocity = header.number(`CRVAL${axis + 1}`, 0) * scale
  const referenceHz = restHz / (1 + velocity / SPEED_OF_LIGHT)
  const slope = (-referenceHz * referenceHz) / (restHz * SPEED_OF_LIGHT)
  return value => referenceHz + slope * (value * scale - velocity)
}

function readObservation(header: FitsHeader, frame: DirectionFrame): ObservationInfo {
  const text = (keyword: string) => {
    const value = header.get(keyword)
    return typeof value === 'string' ? value.trim() : ''
  }
  const position = ['X', 'Y', 'Z'].map(axis => header.number(`OBSGEO-${axis}`, Number.NaN))
  const hasPosition = position.every(Number.isFinite)
  const equatorial: Direction['frame'] = frame === 'GALACTIC' ? 'J2000' : frame
  const pointing: Direction | null =
    header.has('OBSRA') && header.has('OBSDEC')
      ? {
          frame: equatorial,
          longitudeRad: header.number('OBSRA') * RADIANS,
          latitudeRad: header.number('OBSDEC') * RADIANS,
        }
      : null
  return {
    telescope: text('TELESCOP'),
    observer: text('OBSERVER'),
    dateMjd: mjdOfDateText(text('DATE-OBS')),
    telescopePositionMetres: hasPosition ? [position[0], position[1], position[2]] : null,
    object: text('OBJECT'),
    pointing,
  }
}
