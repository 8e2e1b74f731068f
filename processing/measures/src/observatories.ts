import type { Vector3 } from './vector.ts'

/**
 * Geocentric (ITRF) positions in metres under the names that data carry as TELESCOPE_NAME; where CASA lists one, that one (read
 * from images it wrote and from its sidereal times and elevations; those to a decimetre are what its `me.observatory` answers).
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
  ARECIBO: [2_390_399.1, -5_564_549.1, 1_994_652.9],
  ARO: [918_012.1, -4_346_143.8, 4_561_978.7],
  ATA: [-2_523_949.2, -4_123_555.7, 4_147_729.7],
  CARMA: [-2_397_417.6, -4_482_053.6, 3_843_531.2],
  CHIME: [-2_059_172.8, -3_621_267, 4_814_321.1],
  CSO: [-5_464_507.8, -2_493_084.6, 2_150_601.4],
  DRAO: [-2_059_172.8, -3_621_267, 4_814_321.1],
  EFFELSBERG: [4_033_921, 486_929.4, 4_900_366.9],
  FAST: [-1_668_482.7, 5_506_621.7, 2_744_820.6],
  GBT: [882_599.5, -4_924_858.6, 3_943_715.9],
  GALENKI: [-3_059_681, 3_427_240, 4_409_445.7],
  KVN: [-3_042_508.6, 4_045_905.2, 3_867_068],
  LLAMA: [2_325_319.9, -5_341_424.6, -2_599_649],
  LMT: [-768_706.3, -5_988_482, 2_063_352.8],
  LOVELL: [3_822_599.8, -154_009.3, 5_086_391.9],
  MOST: [-4_483_282, 2_648_860.9, -3_671_906.2],
  MRAO: [3_920_278.2, 2_230.5, 5_014_266],
  NGVLA: [-1_601_184.1, -5_041_989.2, 3_554_874.5],
  NOEMA: [4_523_924.8, 468_133.9, 4_460_278.7],
  OMT: [3_920_611.3, 2_538.7, 5_014_005.9],
  OSO: [3_370_939.2, 711_460.8, 5_349_618.2],
  OOTY: [1_442_689.7, 6_086_946.5, 1_251_032],
  P2500: [3_768_076, 2_464_820.7, 4_502_255.9],
  PAST: [268_073.9, 4_671_949.5, 4_323_145.5],
  QTT: [25_642.6, 4_627_354.5, 4_377_317.3],
  'RATAN-600': [3_447_739.4, 3_059_613.6, 4_394_847.8],
  SKA: [-2_556_077.7, 5_097_414.5, -2_848_432.8],
  SMA: [-5_464_541.4, -2_492_872.7, 2_150_790.1],
  SRT: [4_865_121.1, 791_916.6, 4_035_082.2],
  SUFFA: [1_807_734.7, 4_577_483.5, 4_047_056.5],
  'UTR-2': [3_308_101.7, 2_487_053.9, 4_836_934.6],
}

const ALIASES: Readonly<Record<string, string>> = {
  EVLA: 'VLA',
  JVLA: 'VLA',
  NRAOVLA: 'VLA',
  ACA: 'ALMA',
  MWA32T: 'MWA',
}

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
