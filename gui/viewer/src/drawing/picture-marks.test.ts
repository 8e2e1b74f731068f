import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { colourTable } from './colormap.ts'
import type { Mark, TextMark } from './marks.ts'
import { marksToSvg } from './marks-to-svg.ts'
import { pictureLayout } from './picture-layout.ts'
import { pictureMarks } from './picture-marks.ts'
import { DARK_PICTURE_THEME } from './picture-theme.ts'
import { LINEAR_SCALING } from './scaling.ts'
import { fittedView } from './view-transform.ts'

const MAS = Math.PI / 180 / 3600e3
const coordinate: DirectionCoordinate = {
  frame: 'J2000',
  projection: 'SIN',
  projectionParameters: [0, 0],
  referenceRad: [3.2760865, 0.2162659],
  referencePixel: [256, 256],
  incrementRad: [-0.1 * MAS, 0.1 * MAS],
  pc: [1, 0, 0, 1],
  longPoleRad: Math.PI,
  latPoleRad: 0.2162659,
}

function marksFor(width: number, height: number): Mark[] {
  const layout = pictureLayout(width, height)
  return pictureMarks({
    layout,
    view: fittedView(512, 512, layout.frame),
    colouring: {
      clip: { low: -0.01, high: 1.35 },
      scaling: LINEAR_SCALING,
      bias: 0.5,
      contrast: 1,
      table: colourTable('inferno'),
      nan: [0, 0, 0],
    },
    unit: 'Jy/beam',
    coordinate,
    projection: skyTransform(coordinate),
    beam: { majorRad: 1.94 * MAS, minorRad: 1.05 * MAS, positionAngleRad: -0.0167 },
    showGrid: true,
    maskOutlines: [[10, 10, 20, 10, 20, 20]],
    maskDisplay: 'shaded',
    draft: {
      region: {
        shape: 'box',
        corners: [
          { x: 1, y: 1 },
          { x: 9, y: 9 },
        ],
      },
      mode: 'add',
      closed: true,
      handles: [],
    },
    theme: DARK_PICTURE_THEME,
  })
}

const texts = (marks: readonly Mark[]): TextMark[] =>
  marks.flatMap(mark => (mark.kind === 'text' ? [mark] : mark.kind === 'clipped' ? texts(mark.marks) : []))

describe('marks of a picture', () => {
  it('name the beam, the scale and the unit', () => {
    const words = texts(marksFor(900, 560)).map(mark => mark.text)
    expect(words).toEqual(expect.arrayContaining(['1.94 × 1.05 mas, −1°', 'Jy/beam', '12ʰ30ᵐ', '+12°23′']))
    expect(words.some(word => /^\d+ mas$/.test(word))).toBe(true)
  })

  it.each([
    [900, 560],
    [500, 330],
    [1500, 800],
  ])('keep their labels apart and inside at %i × %i', (width, height) => {
    const boxes = texts(marksFor(width, height)).map(mark => {
      const w = mark.text.length * mark.size * 0.56
      const x = mark.x - { left: 0, center: w / 2, right: w }[mark.align]
      const y = mark.y - { top: 0, middle: mark.size / 2, bottom: mark.size }[mark.baseline]
      return { text: mark.text, x, y, w, h: mark.size }
    })
    for (const box of boxes) {
      expect(box.x, box.text).toBeGreaterThanOrEqual(-2)
      expect(box.x + box.w, box.text).toBeLessThanOrEqual(width + 2)
      expect(box.y + box.h, box.text).toBeLessThanOrEqual(height + 2)
    }
    const overlapping = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(b => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
        .map(b => `${a.text} / ${b.text}`),
    )
    expect(overlapping).toEqual([])
  })

  it('are written as SVG that holds the same', () => {
    const svg = marksToSvg(marksFor(900, 560), 'test')
    expect(svg).toContain('1.94 × 1.05 mas')
    expect(svg).toContain('clip-path="url(#test-')
    expect(svg).toContain('<linearGradient')
    expect(svg).not.toMatch(/NaN|undefined/)
  })
})
