import type { ClipRange } from './clip.ts'
import type { Rgb } from './colormap.ts'
import { COLOUR_TABLE_LENGTH } from './colormap.ts'
import { applyBiasContrast, type Scaling, scaleFraction } from './scaling.ts'

/** Everything that turns a pixel value into a colour. The GPU and {@link colourOf} follow the same rule. */
export interface Colouring {
  readonly clip: ClipRange
  readonly scaling: Scaling
  /** Where the middle of the colour table stands in the scaled range, 0 … 1; 0.5 changes nothing. */
  readonly bias: number
  /** Slope of the colour table about its middle; 1 changes nothing. */
  readonly contrast: number
  /** RGBA, [COLOUR_TABLE_LENGTH, 4]. */
  readonly table: Uint8Array
  /** Colour of NaN. */
  readonly nan: Rgb
}

/** Row of the colour table for a finite value. */
export function tableIndex(colouring: Colouring, value: number): number {
  const { low, high } = colouring.clip
  const s = scaleFraction(colouring.scaling, (value - low) / (high - low))
  const position = applyBiasContrast(s, colouring.bias, colouring.contrast)
  return Math.min(COLOUR_TABLE_LENGTH - 1, Math.floor(position * COLOUR_TABLE_LENGTH))
}

/** Colour of a value, three bytes. */
export function colourOf(colouring: Colouring, value: number): readonly [number, number, number] {
  if (Number.isNaN(value)) {
    const [r, g, b] = colouring.nan
    return [Math.round(255 * r), Math.round(255 * g), Math.round(255 * b)]
  }
  const i = 4 * tableIndex(colouring, value)
  return [colouring.table[i], colouring.table[i + 1], colouring.table[i + 2]]
}
