import type { Stokes } from '@cleanbeam/types'

/** Which of several planes add up how in the brightness of a pixel. */
export interface PlaneRoles {
  /** Stokes I; −1 when it is not among the planes. */
  readonly intensity: number
  /** Q, U and V. */
  readonly polarised: readonly number[]
  /** Single correlations, each a brightness of its own. */
  readonly correlations: readonly number[]
}

/** Sorts planes by what they hold; without names the first is taken for I and the others for polarised. */
export function planeRoles(stokes: readonly (Stokes | undefined)[]): PlaneRoles {
  if (stokes.every(name => name === undefined)) {
    return { intensity: 0, polarised: stokes.slice(1).map((_, k) => k + 1), correlations: [] }
  }
  const indices = (wanted: (name: Stokes | undefined) => boolean) =>
    stokes.flatMap((name, k) => (wanted(name) ? [k] : []))
  const polarised = indices(name => name === 'Q' || name === 'U' || name === 'V')
  const intensity = stokes.indexOf('I')
  return { intensity, polarised, correlations: indices(name => name !== undefined && !'IQUV'.includes(name)) }
}

/**
 * The brightness by which a joint clean picks its components: |I| + √(Q² + U² + V²), which is the larger eigenvalue of
 * the coherency matrix times its sign, or the largest single correlation. CASA's clark counts with it (44 and 55
 * iterations of tp_cube_IV_clark, 44 of li_IQUV_clark; √(I² + …) would give 41, 45 and 40).
 */
export function jointBrightness(roles: PlaneRoles, values: readonly Float32Array[], at: number): number {
  let square = 0
  for (const p of roles.polarised) square += values[p][at] * values[p][at]
  let brightness = Math.sqrt(square) + (roles.intensity >= 0 ? Math.abs(values[roles.intensity][at]) : 0)
  for (const p of roles.correlations) brightness = Math.max(brightness, Math.abs(values[p][at]))
  return brightness
}
