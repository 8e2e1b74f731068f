/** Airy pattern of a dish whose blocked centre has 1/ratio of its diameter. */
export interface AiryModel {
  readonly kind: 'airy'
  readonly dishMetres: number
  readonly ratio: number
  readonly maxArcminGhz: number
}

/** cos^power(scale·x), x in radians times GHz. */
export interface CosineModel {
  readonly kind: 'cosine'
  readonly scale: number
  readonly power: number
  readonly maxArcminGhz: number
}

/** 1 + c₁x² + c₂x⁴ + …, or one over it, x in arcmin times GHz. */
export interface PolynomialModel {
  readonly kind: 'polynomial' | 'inverse-polynomial'
  readonly coefficients: readonly number[]
  readonly maxArcminGhz: number
}

export type PrimaryBeamModel = AiryModel | CosineModel | PolynomialModel

/** Polynomials for the bands of a telescope; the one nearest in frequency (by ratio) is taken. */
interface Band {
  readonly frequencyGhz: number
  readonly model: PrimaryBeamModel
}

/** Radius of the first null of a 25 m dish, where CASA ends its patterns (0.8564° at 1 GHz); scales with 1/diameter. */
const NULL_OF_25_METRES = 51.38
/** Dish to blockage where nothing else is known, from CASA's profiles of the VLA (25 m, 2.38 m). */
const COMMON_RATIO = 10.5

/** Airy pattern of a dish of this diameter with the common blockage. */
export function airyModel(dishMetres: number): AiryModel {
  return {
    kind: 'airy',
    dishMetres,
    ratio: COMMON_RATIO,
    maxArcminGhz: (NULL_OF_25_METRES * 25) / dishMetres,
  }
}

/** Effective diameters and blockages of ALMA's antennas (ALMA Technical Handbook; CASA documentation, "Primary beams"). */
const ALMA_12M: AiryModel = { kind: 'airy', dishMetres: 10.7, ratio: 10.7 / 0.75, maxArcminGhz: 107.04 }
const ALMA_7M: AiryModel = { kind: 'airy', dishMetres: 6.25, ratio: 6.25 / 0.75, maxArcminGhz: 214.08 }

/** Fitted to CASA's profile, residual 1.4e-4. */
const WSRT: CosineModel = { kind: 'cosine', scale: 65, power: 8, maxArcminGhz: 60.5 }

/**
 * Main lobes as polynomials in the form of R. Perley, EVLA Memo 195 (2016); coefficients fitted to CASA's profiles at
 * these frequencies, residual 1e-4.
 */
const EVLA: readonly Band[] = [
  evla(1.4, -1.46113877e-3, 8.21887485e-7, -1.82607981e-10, 41),
  evla(3, -1.43217707e-3, 7.45012872e-7, -1.41688472e-10, 43.1),
  evla(6, -1.42715006e-3, 7.55932738e-7, -1.56634561e-10, 41),
  evla(10, -1.40820449e-3, 7.28065155e-7, -1.38710386e-10, 43.8),
  evla(15, -1.39219883e-3, 7.15046669e-7, -1.36698634e-10, 43.1),
  evla(22, -1.43815289e-3, 7.80930133e-7, -1.60638206e-10, 42.4),
  evla(33, -1.41220267e-3, 7.3605866e-7, -1.41706914e-10, 43.8),
  evla(45, -1.45118257e-3, 7.67026355e-7, -1.46697582e-10, 43.8),
]

function evla(frequencyGhz: number, c1: number, c2: number, c3: number, maxArcminGhz: number): Band {
  return { frequencyGhz, model: { kind: 'polynomial', coefficients: [c1, c2, c3], maxArcminGhz } }
}

/**
 * The old VLA is an Airy pattern in its receivers' bands; between them (0.5 to 1 and 2 to 4 GHz) CASA takes a polynomial,
 * fitted to its profile at 3 GHz (1.2e-4).
 */
const VLA_BETWEEN_BANDS: PolynomialModel = {
  kind: 'polynomial',
  coefficients: [-1.39194172e-3, 8.01652531e-7, -2.49829426e-10, 4.39951239e-14, -3.53222663e-18],
  maxArcminGhz: 51.4,
}

/**
 * Inverse polynomials in the form of M. Wieringa and M. Kesteven, ATNF memo AT/39.3/024 (1992); coefficients fitted to
 * CASA's profiles at these frequencies, residual 4e-4.
 */
const ATCA: readonly Band[] = [
  atca(1.4, [1.04017781e-3, 1.28214539e-6, -8.41725953e-10, 1.01321746e-12]),
  atca(2.1, [9.77598711e-4, 6.63211061e-7, 4.14102671e-11, 2.62172938e-13]),
  atca(5.5, [1.08149734e-3, 1.16629759e-6, -9.53594143e-10, 9.30936931e-13]),
  atca(9, [1.03922439e-3, 8.36083426e-7, -4.68021758e-10, 5.49409738e-13]),
  atca(17, [9.82457712e-4, 1.08080479e-6, -4.6756164e-10, 6.64256555e-13]),
]

function atca(frequencyGhz: number, coefficients: readonly number[]): Band {
  return { frequencyGhz, model: { kind: 'inverse-polynomial', coefficients, maxArcminGhz: 53.2 } }
}

/** The model for a telescope at a frequency; null when it has none of its own. */
export function primaryBeamModel(telescope: string, dishMetres: number, frequencyHz: number): PrimaryBeamModel | null {
  const frequencyGhz = frequencyHz / 1e9
  switch (telescope.toUpperCase()) {
    case 'VLA':
      return isBetweenVlaBands(frequencyGhz) ? VLA_BETWEEN_BANDS : airyModel(25)
    case 'EVLA':
    case 'JVLA':
      return nearestBand(EVLA, frequencyGhz)
    case 'ALMA':
      return dishMetres < 9 ? ALMA_7M : ALMA_12M
    case 'ACA':
      return ALMA_7M
    case 'ATCA':
      return nearestBand(ATCA, frequencyGhz)
    case 'WSRT':
      return WSRT
    default:
      return null
  }
}

function isBetweenVlaBands(frequencyGhz: number): boolean {
  return (frequencyGhz >= 0.5 && frequencyGhz <= 1) || (frequencyGhz >= 2 && frequencyGhz < 4)
}

function nearestBand(bands: readonly Band[], frequencyGhz: number): PrimaryBeamModel {
  const distance = (band: Band) => Math.abs(Math.log(band.frequencyGhz / frequencyGhz))
  return bands.reduce((best, band) => (distance(band) < distance(best) ? band : best)).model
}
