import type { ClipRange } from './clip.ts'
import type { Colouring } from './colouring.ts'
import { lineMark, type Mark } from './marks.ts'
import { linearTicks } from './nice-ticks.ts'
import { formatSignificant, type SiScale, siScale } from './number-format.ts'
import type { PictureLayout } from './picture-layout.ts'
import type { PictureTheme } from './picture-theme.ts'
import { applyBiasContrast, scaleFraction } from './scaling.ts'

const LABEL_SIZE = 11
const LABEL_SPACING = 28

/** A tick of the colour bar: the value and how far up the bar it stands, 0 … 1. */
export interface ColourBarTick {
  readonly value: number
  readonly fraction: number
}

/** The colour bar with its ticks and unit, right of the picture. */
export function colourBarMarks(colouring: Colouring, unit: string, layout: PictureLayout, theme: PictureTheme): Mark[] {
  const { colourBar } = layout
  const right = colourBar.x + colourBar.width
  const ticks = colourBarTicks(colouring, colourBar.height)
  const { scale, labels } = tickLabels(ticks.map(t => t.value))
  const marks: Mark[] = [{ kind: 'gradient', rect: colourBar, table: appliedTable(colouring) }]
  ticks.forEach((tick, i) => {
    const y = colourBar.y + (1 - tick.fraction) * colourBar.height
    marks.push(lineMark(right, y, right + 4, y, { colour: theme.frame, width: 1 }))
    const text = { kind: 'text', align: 'left', baseline: 'middle', size: LABEL_SIZE, colour: theme.label } as const
    marks.push({ ...text, text: labels[i], x: right + 8, y })
  })
  marks.push({
    kind: 'text',
    text: scale.prefix + unit,
    x: layout.width - 6,
    y: colourBar.y + colourBar.height + 8,
    align: 'right',
    baseline: 'top',
    size: LABEL_SIZE,
    colour: theme.faint,
  })
  return marks
}

/**
 * Round values for a colour bar of a given height: evenly spaced for a linear scale, otherwise the roundest that leave
 * room for their labels.
 */
export function colourBarTicks(colouring: Colouring, height: number): ColourBarTick[] {
  const { clip, scaling } = colouring
  const fractionOf = (value: number) => scaleFraction(scaling, (value - clip.low) / (clip.high - clip.low))
  const candidates = scaling.name === 'linear' ? [linearTicks(clip, height / 56).values] : roundValuesByImportance(clip)
  const taken: ColourBarTick[] = []
  for (const value of candidates.flat()) {
    const fraction = fractionOf(value)
    if (taken.every(t => Math.abs(t.fraction - fraction) * height >= LABEL_SPACING)) taken.push({ value, fraction })
  }
  return taken.sort((a, b) => a.value - b.value)
}

/** Zero, then powers of ten, 5, 2, from the largest down, on both sides of zero. */
function roundValuesByImportance(clip: ClipRange): number[][] {
  const top = Math.ceil(Math.log10(Math.max(Math.abs(clip.low), Math.abs(clip.high))))
  const inside = (value: number) => value >= clip.low && value <= clip.high
  const exponents = Array.from({ length: 8 }, (_, i) => top - i)
  const multiples = (factor: number) =>
    exponents.flatMap(e => [Number(`${factor}e${e}`), -Number(`${factor}e${e}`)]).filter(inside)
  return [[0].filter(inside), multiples(1), multiples(5), multiples(2), multiples(3)]
}

/** One prefix for all when every tick reads well with it, otherwise a prefix on each tick. */
function tickLabels(values: readonly number[]): { scale: SiScale; labels: string[] } {
  const sizes = values.map(Math.abs).filter(v => v > 0)
  const common = siScale(Math.max(0, ...sizes))
  const readsWell = sizes.every(v => v / 10 ** common.exponent >= 0.0099)
  const none: SiScale = { exponent: 0, prefix: '' }
  if (readsWell) return { scale: common, labels: values.map(v => plainNumber(v / 10 ** common.exponent)) }
  return {
    scale: none,
    labels: values.map(v => {
      const own = siScale(v)
      return plainNumber(v / 10 ** own.exponent) + own.prefix
    }),
  }
}

function plainNumber(value: number): string {
  return formatSignificant(value, 4)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** The colour table as bias and contrast show it. */
function appliedTable(colouring: Colouring): Uint8Array {
  const n = colouring.table.length / 4
  const shown = new Uint8Array(colouring.table.length)
  for (let i = 0; i < n; i++) {
    const position = applyBiasContrast(i / (n - 1), colouring.bias, colouring.contrast)
    const from = 4 * Math.min(n - 1, Math.floor(position * n))
    shown.set(colouring.table.subarray(from, from + 4), 4 * i)
  }
  return shown
}
