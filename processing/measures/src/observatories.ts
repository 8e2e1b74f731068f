import type { Vector3 } from './vector.ts'

/**
 * Geocentric (ITRF) positions in metres under the names that data carry as TELESCOPE_NAME; where CASA lists one, that one (read
 * from images it wrote and from its sidereal times and elevations).
 */
const POSITIONS: Readonly<Record<string, Vector3>> = {
  ALMA: [2_225_343.555, -5_440_366.402, -2_480_637.971],
  ATCA: [-4_750_927.8, 2_792_897.7, -3_200_473.5],
  GMRT: [1_657_038.7, 5_797_772.7, 2_073_662.8],
  HERA: [5_109_342.76, 2_005_241.904, -3_239_939.469],
  LOFAR: [3_827_134.6, 461_025.8, 5_064_474.9],
  MEERKAT: [5_109_960.0, 2_003_703.2, -3_239_878.9],
  MWA: [-2_559_454.08, 5_095_372.14, -2_849_057.19],
  VLA: [-1_601_184.149, -5_041_989.178, 3_554_874.501],
  /** CASA lists the VLBA as a whole at Mauna Kea. */
  VLBA: [-5_464_044.022, -2_495_258.329, 2_148_255.024],
  WSRT: [3_828_695.4, 443_220.9, 5_064_839.3],
  ASKAP: [-2_556_084.669, 5_097_398.382, -2_848_424.035],
}

const ALIASES: Readonly<Record<string, string>> = { EVLA: 'VLA', JVLA: 'VLA', NRAOVLA: 'VLA', ACA: 'ALMA' }

/**
 * Position of an observatory by name, ignoring case; undefined for one that is not listed.
 *
 * CASA refers frequencies to the place it lists for the telescope's name, not to an antenna of the data, so this comes first
 * and the data's array position is the fallback.
 */
export function observatoryPosition(name: string): Vector3 | undefined {
  const key = name.trim().toUpperCase()
  return POSITIONS[ALIASES[key] ?? key]
}
