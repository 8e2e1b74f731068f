import type { Rgb } from './colormap.ts'

/** Linear grey. */
export function gray(t: number): Rgb {
  return [t, t, t]
}

/**
 * Cubehelix with start 0.5, −1.5 rotations, hue 1, gamma 1: brightness rises steadily also when printed in grey.
 * @see D. A. Green, Bull. Astr. Soc. India 39, 289 (2011), equations 1 and 2
 */
export function cubehelix(t: number): Rgb {
  const angle = 2 * Math.PI * (0.5 / 3 + 1 - 1.5 * t)
  const amplitude = (t * (1 - t)) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [
    t + amplitude * (-0.14861 * cos + 1.78277 * sin),
    t + amplitude * (-0.29227 * cos - 0.90649 * sin),
    t + amplitude * (1.97294 * cos),
  ]
}

/** Black body look: black, red, yellow, white; each component ramps over its own third. */
export function heat(t: number): Rgb {
  return [clamp01(3 * t), clamp01(3 * t - 1), clamp01(3 * t - 2)]
}

/** Classic rainbow from blue over green to red at full saturation, as radio astronomers know it from older viewers. */
export function rainbow(t: number): Rgb {
  const hue = (1 - t) * 4
  return [clamp01(2 - hue), clamp01(hue < 2 ? hue : 4 - hue), clamp01(hue - 2)]
}

// Ends of the diverging map: published as sRGB (59, 76, 192) and (180, 4, 38), here in Msh (magnitude, saturation, hue).
const COOL: Msh = [80, 1.08, -1.1]
const WARM: Msh = [80, 1.08, 0.5]
const WHITE_MAGNITUDE = 88

/**
 * Diverging blue–white–red for images where zero is in the middle, smooth in Msh space.
 * @see K. Moreland, Diverging Color Maps for Scientific Visualization, ISVC 2009, sections 4 and 5
 */
export function coolwarm(t: number): Rgb {
  const [end, f] = t < 0.5 ? [COOL, 2 * t] : [WARM, 2 - 2 * t]
  const white: Msh = [WHITE_MAGNITUDE, 0, adjustedHue(end)]
  return mshToSrgb([mix(end[0], white[0], f), mix(end[1], white[1], f), mix(end[2], white[2], f)])
}

type Msh = readonly [magnitude: number, saturation: number, hue: number]

/** The hue an end takes on its way to white, so that the path looks straight (Moreland, AdjustHue). */
function adjustedHue([magnitude, saturation, hue]: Msh): number {
  const spin = (saturation * Math.sqrt(WHITE_MAGNITUDE ** 2 - magnitude ** 2)) / (magnitude * Math.sin(saturation))
  return hue > -Math.PI / 3 ? hue + spin : hue - spin
}

function mshToSrgb([magnitude, saturation, hue]: Msh): Rgb {
  const lightness = magnitude * Math.cos(saturation)
  const a = magnitude * Math.sin(saturation) * Math.cos(hue)
  const b = magnitude * Math.sin(saturation) * Math.sin(hue)
  const fy = (lightness + 16) / 116
  // CIE Lab to XYZ with the D65 white point, then to linear sRGB (IEC 61966-2-1).
  const x = 0.95047 * inverseLab(fy + a / 500)
  const y = inverseLab(fy)
  const z = 1.08883 * inverseLab(fy - b / 200)
  return [
    gammaEncode(3.2406 * x - 1.5372 * y - 0.4986 * z),
    gammaEncode(-0.9689 * x + 1.8758 * y + 0.0415 * z),
    gammaEncode(0.0557 * x - 0.204 * y + 1.057 * z),
  ]
}

function inverseLab(f: number): number {
  return f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29)
}

function gammaEncode(linear: number): number {
  const v = clamp01(linear)
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055
}

function mix(a: number, b: number, f: number): number {
  return a + f * (b - a)
}

function clamp01(v: number): number {
  return Math.min(1, Math.max(0, v))
}
