import { coolwarm, cubehelix, gray, heat, rainbow } from './formula-colormaps.ts'
import { PERCEPTUAL_CONTROL_POINTS } from './perceptual-control-points.ts'

/** Number of entries in a colour table; the table is sampled at `i / (COLOUR_TABLE_LENGTH − 1)`. */
export const COLOUR_TABLE_LENGTH = 256

/** Names of the colormaps on offer, in the order of a menu: perceptual maps first, then the classic ones. */
export const COLORMAP_NAMES = [
  'inferno',
  'viridis',
  'magma',
  'plasma',
  'cividis',
  'cubehelix',
  'gray',
  'heat',
  'rainbow',
  'coolwarm',
] as const

/** One of {@link COLORMAP_NAMES}. */
export type ColormapName = (typeof COLORMAP_NAMES)[number]

/** A colour as sRGB components from 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number]

const FORMULAS: Partial<Record<ColormapName, (t: number) => Rgb>> = { cubehelix, gray, heat, rainbow, coolwarm }

/** True for a name in {@link COLORMAP_NAMES}; for values from storage and the command line. */
export function isColormapName(name: unknown): name is ColormapName {
  return (COLORMAP_NAMES as readonly unknown[]).includes(name)
}

/**
 * The lookup table of a colormap.
 * @param inverted - true swaps the ends.
 * @returns a new RGBA table, Uint8Array [COLOUR_TABLE_LENGTH, 4], alpha 255
 */
export function colourTable(name: ColormapName, inverted = false): Uint8Array {
  const table = new Uint8Array(COLOUR_TABLE_LENGTH * 4)
  const formula = FORMULAS[name]
  const points = formula ? null : parseControlPoints(PERCEPTUAL_CONTROL_POINTS[name as PerceptualName])
  for (let i = 0; i < COLOUR_TABLE_LENGTH; i++) {
    const t = i / (COLOUR_TABLE_LENGTH - 1)
    const rgb = formula ? formula(t) : interpolate(points!, t)
    const row = inverted ? COLOUR_TABLE_LENGTH - 1 - i : i
    for (let c = 0; c < 3; c++) table[4 * row + c] = Math.round(255 * Math.min(1, Math.max(0, rgb[c])))
    table[4 * row + 3] = 255
  }
  return table
}

type PerceptualName = keyof typeof PERCEPTUAL_CONTROL_POINTS

function parseControlPoints(digits: string): Rgb[] {
  const points: Rgb[] = []
  for (let i = 0; i < digits.length; i += 6) {
    const code = Number.parseInt(digits.slice(i, i + 6), 16)
    points.push([(code >> 16) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255])
  }
  return points
}

function interpolate(points: readonly Rgb[], t: number): Rgb {
  const position = t * (points.length - 1)
  const i = Math.min(points.length - 2, Math.floor(position))
  const f = position - i
  const [a, b] = [points[i], points[i + 1]]
  return [a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])]
}
