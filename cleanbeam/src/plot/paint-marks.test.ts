import { lineMark, rectMark } from '@cleanbeam/viewer/drawing'
import { describe, expect, it } from 'vitest'
import { type Canvas, paintMarks, parseColour } from './paint-marks.ts'
import { textStrokes } from './stroke-font.ts'

function canvas(width: number, height: number, ratio = 1): Canvas {
  const pixels = new Uint8ClampedArray(4 * width * height)
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255
  return { width, height, ratio, pixels }
}

/** Painted area in pixels, by the red channel. */
const area = ({ pixels }: Canvas) => pixels.reduce((sum, value, i) => (i % 4 === 0 ? sum + value / 255 : sum), 0)

describe('paintMarks', () => {
  it('fills a rectangle to its exact area, also between pixels', () => {
    const target = canvas(20, 20)
    paintMarks(target, [rectMark({ x: 2.5, y: 3.25, width: 10.25, height: 8.5 }, undefined, '#ff0000')])
    expect(area(target)).toBeGreaterThan(10.25 * 8.5 - 0.5)
    expect(area(target)).toBeLessThan(10.25 * 8.5 + 0.5)
  })

  it('strokes a line of the width asked for, and scales it with the canvas', () => {
    for (const ratio of [1, 2]) {
      const target = canvas(40 * ratio, 10 * ratio, ratio)
      paintMarks(target, [lineMark(5, 5, 35, 5, { colour: '#ff0000', width: 2 })])
      expect(area(target) / ratio ** 2).toBeGreaterThan(58)
      expect(area(target) / ratio ** 2).toBeLessThan(66)
    }
  })

  it('keeps clipped marks within their rectangle', () => {
    const target = canvas(20, 20)
    const line = lineMark(0, 10, 20, 10, { colour: '#ff0000', width: 4 })
    paintMarks(target, [{ kind: 'clipped', rect: { x: 5, y: 0, width: 3, height: 20 }, marks: [line] }])
    expect(area(target)).toBeCloseTo(12, 5)
  })

  it('draws dashes with their gaps', () => {
    const target = canvas(60, 6)
    paintMarks(target, [lineMark(0, 3, 60, 3, { colour: '#ff0000', width: 2, dash: [6, 6] })])
    expect(area(target)).toBeGreaterThan(0.5 * 120)
    expect(area(target)).toBeLessThan(0.75 * 120)
  })

  it('places text by its alignment', () => {
    const centred = canvas(100, 30)
    const mark = { kind: 'text', x: 50, y: 15, text: '0.0', colour: '#ff0000', size: 16, baseline: 'middle' } as const
    paintMarks(centred, [{ ...mark, align: 'center' }])
    const columns = Array.from({ length: 100 }, (_, x) => x).filter(x =>
      Array.from({ length: 30 }, (_, y) => centred.pixels[4 * (x + 100 * y)]).some(value => value > 100),
    )
    expect((columns[0] + columns[columns.length - 1]) / 2).toBeGreaterThan(48)
    expect((columns[0] + columns[columns.length - 1]) / 2).toBeLessThan(52)
  })
})

it.each([
  ['#0e1116', [14, 17, 22, 1]],
  ['rgba(0, 0, 0, 0.55)', [0, 0, 0, 0.55]],
  ['rgb(1,2,3)', [1, 2, 3, 1]],
])('reads the colour %s', (css, expected) => {
  expect(parseColour(css)).toEqual(expected)
})

it('has a glyph of its own for every letter that pictures use', () => {
  const shape = (letter: string) => JSON.stringify(textStrokes(letter, 10).lines)
  const unknown = shape('\u{1F600}')
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-−×.,:/()°′″µʰᵐˢ') {
    expect(shape(letter), letter).not.toBe(unknown)
  }
  expect(textStrokes('11', 10).width).toBe(textStrokes('00', 10).width)
})
