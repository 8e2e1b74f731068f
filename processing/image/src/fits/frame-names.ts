// Names of frames in FITS headers (FITS standard 4.0, tables 27 and 28) and casacore's VELREF numbers.
import type { DirectionFrame, SpectralFrame } from '@cleanbeam/types'

/** SPECSYS of each spectral frame. */
export const SPECSYS: Readonly<Record<SpectralFrame, string>> = {
  REST: 'SOURCE',
  LSRK: 'LSRK',
  LSRD: 'LSRD',
  BARY: 'BARYCENT',
  GEO: 'GEOCENTR',
  TOPO: 'TOPOCENT',
  GALACTO: 'GALACTOC',
  LGROUP: 'LOCALGRP',
  CMB: 'CMBDIPOL',
  Undefined: '',
}

/** AIPS's velocity reference, with casacore's additions 4 to 7; 256 is added for the radio definition. */
export const VELREF: Readonly<Partial<Record<SpectralFrame, number>>> = {
  LSRK: 1,
  BARY: 2,
  TOPO: 3,
  LSRD: 4,
  GEO: 5,
  REST: 6,
  GALACTO: 7,
}

/** Added to VELREF for the radio definition of velocity. */
export const VELREF_RADIO = 256

/** The frame of SPECSYS, else that of VELREF, else Undefined. */
export function spectralFrameOf(specsys: string, velref: number): SpectralFrame {
  const wanted = specsys.trim().toUpperCase()
  for (const [frame, name] of Object.entries(SPECSYS)) if (name !== '' && name === wanted) return frame as SpectralFrame
  if (wanted === 'HELIOCEN') return 'BARY'
  const number = velref % VELREF_RADIO
  for (const [frame, code] of Object.entries(VELREF)) if (code === number) return frame as SpectralFrame
  return 'Undefined'
}

/** Prefixes of CTYPE and the cards that name a direction frame. */
export interface DirectionNames {
  readonly longitude: string
  readonly latitude: string
  readonly radesys: string | null
  readonly equinox: number | null
}

/** How each direction frame is written. */
export const DIRECTION_NAMES: Readonly<Record<DirectionFrame, DirectionNames>> = {
  J2000: { longitude: 'RA', latitude: 'DEC', radesys: 'FK5', equinox: 2000 },
  ICRS: { longitude: 'RA', latitude: 'DEC', radesys: 'ICRS', equinox: 2000 },
  B1950: { longitude: 'RA', latitude: 'DEC', radesys: 'FK4', equinox: 1950 },
  GALACTIC: { longitude: 'GLON', latitude: 'GLAT', radesys: null, equinox: null },
}

/** The frame of an equatorial image; FITS takes FK5 for EQUINOX ≥ 1984, FK4 before, ICRS without either. */
export function equatorialFrameOf(radesys: string, equinox: number | undefined): DirectionFrame {
  const name = radesys.trim().toUpperCase()
  if (name === 'ICRS') return 'ICRS'
  if (name === 'FK5') return 'J2000'
  if (name === 'FK4' || name === 'FK4-NO-E') return 'B1950'
  if (equinox === undefined) return 'ICRS'
  return equinox < 1984 ? 'B1950' : 'J2000'
}
