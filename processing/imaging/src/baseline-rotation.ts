import type { Direction } from '@cleanbeam/types'

/**
 * Turns baselines from one phase centre to another: (u, v, w) of the new centre, and the path difference that takes the
 * phases along, V′ = V·exp(−2πi(w′ − w)).
 */
export interface BaselineRotation {
  /** Row-major 3 × 3. */
  readonly matrix: readonly number[]
}

/**
 * The rotation between two phase centres given in the same frame, or null when they are the same to 1e-13 rad.
 * @see A. R. Thompson, J. M. Moran, G. W. Swenson, Interferometry and Synthesis in Radio Astronomy (2017), section 4.1
 */
export function baselineRotation(from: Direction, to: Direction): BaselineRotation | null {
  const away = Math.hypot(
    (from.longitudeRad - to.longitudeRad) * Math.cos(to.latitudeRad),
    from.latitudeRad - to.latitudeRad,
  )
  if (away < 1e-13) return null
  const before = basis(from)
  const after = basis(to)
  const matrix: number[] = []
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      matrix.push(
        after[row][0] * before[column][0] + after[row][1] * before[column][1] + after[row][2] * before[column][2],
      )
    }
  }
  return { matrix }
}

/** Unit vectors towards east, north and the direction itself. */
function basis(direction: Direction): number[][] {
  const sinA = Math.sin(direction.longitudeRad)
  const cosA = Math.cos(direction.longitudeRad)
  const sinD = Math.sin(direction.latitudeRad)
  const cosD = Math.cos(direction.latitudeRad)
  return [
    [-sinA, cosA, 0],
    [-cosA * sinD, -sinA * sinD, cosD],
    [cosA * cosD, sinA * cosD, sinD],
  ]
}
