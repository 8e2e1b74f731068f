import type { Stokes } from './polarisation.ts'

export type DirectionFrame = 'J2000' | 'ICRS' | 'B1950' | 'GALACTIC'
export type SpectralFrame =
  | 'REST'
  | 'LSRK'
  | 'LSRD'
  | 'BARY'
  | 'GEO'
  | 'TOPO'
  | 'GALACTO'
  | 'LGROUP'
  | 'CMB'
  | 'Undefined'
export type Projection =
  | 'SIN'
  | 'TAN'
  | 'ARC'
  | 'STG'
  | 'ZEA'
  | 'NCP'
  | 'CAR'
  | 'AIT'
  | 'MOL'
  | 'SFL'
  | 'GLS'
  | 'MER'
  | 'CEA'

/** A direction on the sky; longitude is right ascension for the equatorial frames. */
export interface Direction {
  readonly frame: DirectionFrame
  readonly longitudeRad: number
  readonly latitudeRad: number
}

/** Gaussian restoring beam; the axes are full widths at half maximum, the angle runs from north through east. */
export interface RestoringBeam {
  readonly majorRad: number
  readonly minorRad: number
  readonly positionAngleRad: number
}

/** Celestial part of an image's coordinates. Pixels count from 0 at the centre of the first pixel. */
export interface DirectionCoordinate {
  readonly frame: DirectionFrame
  readonly projection: Projection
  /** Parameters of the projection (FITS PV2_1, PV2_2); SIN uses [0, 0]. */
  readonly projectionParameters: readonly number[]
  readonly referenceRad: readonly [longitude: number, latitude: number]
  readonly referencePixel: readonly [x: number, y: number]
  /** Along x normally negative: east is to the left. */
  readonly incrementRad: readonly [x: number, y: number]
  /** Rotation and skew, row-major [1, 0, 0, 1] when there is none (FITS PCi_j). */
  readonly pc: readonly [number, number, number, number]
  readonly longPoleRad: number
  readonly latPoleRad: number
}

/** Spectral part: linear, or tabular when `tableHz` lists the frequency of every channel. */
export interface SpectralCoordinate {
  readonly frame: SpectralFrame
  readonly referenceHz: number
  /** Counts from 0. */
  readonly referencePixel: number
  readonly incrementHz: number
  readonly restFrequencyHz: number
  readonly tableHz?: readonly number[]
}

/** Who observed, with what, when and from where. */
export interface ObservationInfo {
  readonly telescope: string
  readonly observer: string
  /** Start of the observation, modified Julian date in days, UTC. */
  readonly dateMjd: number
  /** Geocentric (ITRF) position of the telescope, metres; null when unknown. */
  readonly telescopePositionMetres: readonly [number, number, number] | null
  readonly object: string
  /** Pointing direction, when known. */
  readonly pointing: Direction | null
}

/** Coordinates of an image with axes [x (longitude), y (latitude), Stokes, channel]. Plain data, serialisable. */
export interface ImageCoordinates {
  readonly direction: DirectionCoordinate
  readonly stokes: readonly Stokes[]
  readonly spectral: SpectralCoordinate
  readonly observation: ObservationInfo
}
