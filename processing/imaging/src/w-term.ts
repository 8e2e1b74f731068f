/**
 * Largest phase, radians, that is lost by leaving out the w term for |w| ≤ `maxWLambda` over an image of nx × ny pixels:
 * 2π|w|(1 − √(1 − l² − m²)) at the corners.
 * @see T. J. Cornwell, R. A. Perley, A&A 261 (1992) 353
 */
export function neglectedPhaseRad(
  maxWLambda: number,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
): number {
  const l = 0.5 * nx * cellRad[0]
  const m = 0.5 * ny * cellRad[1]
  const r2 = Math.min(1, l * l + m * m)
  return 2 * Math.PI * maxWLambda * (r2 / (1 + Math.sqrt(1 - r2)))
}
