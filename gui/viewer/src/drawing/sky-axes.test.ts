import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { beamOutline } from './beam-ellipse.ts'
import { scaleBar } from './scale-bar.ts'
import { skyAxes, skyGrid } from './sky-axes.ts'
import { fittedView, imageToScreen, screenToImage } from './view-transform.ts'

const DEG = Math.PI / 180
const MAS = DEG / 3600e3
const FRAME = { x: 76, y: 10, width: 700, height: 500 }

/** The direction coordinate of the M87 reference images. */
function m87(turnRad = 0): DirectionCoordinate {
  const [c, s] = [Math.cos(turnRad), Math.sin(turnRad)]
  return {
    frame: 'J2000',
    projection: 'SIN',
    projectionParameters: [0, 0],
    referenceRad: [187.705930754 * DEG, 12.39112328610001 * DEG],
    referencePixel: [256, 256],
    incrementRad: [-0.1 * MAS, 0.1 * MAS],
    pc: [c, -s, s, c],
    longPoleRad: Math.PI,
    latPoleRad: 12.39112328610001 * DEG,
  }
}

describe('axes of the M87 field', () => {
  const projection = skyTransform(m87())
  const view = fittedView(512, 512, FRAME)
  const axes = skyAxes(projection, view, FRAME)

  it('show right ascension below and declination on the left, with what is common apart', () => {
    expect(axes.bottom.coordinate).toBe('longitude')
    expect(axes.bottom.prefix).toBe('12ʰ30ᵐ')
    expect(axes.left.prefix).toBe('+12°23′')
    expect(axes.bottom.ticks.every(t => /^49\.\d{3,4}ˢ$/.test(t.label))).toBe(true)
    expect(axes.left.ticks.map(t => t.label)).toContain('28.04″')
    expect(axes.left.ticks.length).toBeGreaterThanOrEqual(4)
  })

  it('put every tick where its value is, to a thousandth of a pixel', () => {
    let worst = 0
    for (const tick of axes.bottom.ticks) {
      const pixel = screenToImage(view, FRAME, tick.position, FRAME.y + FRAME.height)
      const [longitude] = projection.toWorld(pixel.x, pixel.y)!
      worst = Math.max(worst, Math.abs(longitude - tick.angleRad) / (0.1 * MAS))
    }
    for (const tick of axes.left.ticks) {
      const pixel = screenToImage(view, FRAME, FRAME.x, tick.position)
      const [, latitude] = projection.toWorld(pixel.x, pixel.y)!
      worst = Math.max(worst, Math.abs(latitude - tick.angleRad) / (0.1 * MAS))
    }
    // Positions near 2π are resolved to 1e-15 of it: 1e-5 of these pixels.
    expect(worst).toBeLessThan(1e-3)
  })

  it('have east on the left: right ascension falls from left to right', () => {
    const values = axes.bottom.ticks.map(t => t.angleRad)
    expect(values).toEqual([...values].sort((a, b) => b - a))
  })

  it('draw grid lines through their ticks', () => {
    const lines = skyGrid(projection, view, FRAME, axes)
    expect(lines).toHaveLength(axes.bottom.ticks.length + axes.left.ticks.length)
    axes.bottom.ticks.forEach((tick, i) => {
      const nearest = Math.min(...lines[i].filter((_, k) => k % 2 === 0).map(x => Math.abs(x - tick.position)))
      expect(nearest).toBeLessThan(1)
    })
  })
})

describe('turned and empty fields', () => {
  it('swap the axes of an image turned by a right angle', () => {
    const axes = skyAxes(skyTransform(m87(Math.PI / 2)), fittedView(512, 512, FRAME), FRAME)
    expect(axes.bottom.coordinate).toBe('latitude')
    expect(axes.left.coordinate).toBe('longitude')
  })

  it('have no ticks where there is no sky', () => {
    const none = { toWorld: () => null, toPixel: () => null }
    const view = { x: 0, y: 0, scale: 1 }
    const axes = skyAxes(none, view, FRAME)
    expect(axes.bottom.ticks).toEqual([])
    expect(skyGrid(none, view, FRAME, axes)).toEqual([])
  })

  it('follow longitude across 0ʰ', () => {
    const coordinate = { ...m87(), referenceRad: [0, 0] as const, incrementRad: [-DEG / 100, DEG / 100] as const }
    const axes = skyAxes(skyTransform(coordinate), fittedView(512, 512, FRAME), FRAME)
    const positions = axes.bottom.ticks.map(t => t.position)
    expect(positions.length).toBeGreaterThanOrEqual(4)
    const gaps = positions.slice(1).map((p, i) => p - positions[i])
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.05)
  })
})

describe('beam and scale bar', () => {
  it('draws a beam of position angle 90° along x, towards east on the left', () => {
    const beam = { majorRad: 4 * MAS, minorRad: 1 * MAS, positionAngleRad: Math.PI / 2 }
    const outline = beamOutline(beam, m87(), 64)
    const xs = outline.filter((_, i) => i % 2 === 0)
    const ys = outline.filter((_, i) => i % 2 === 1)
    expect(Math.max(...xs)).toBeCloseTo(20, 6)
    expect(Math.max(...ys)).toBeCloseTo(5, 6)
    // Position angle 45° points to the north-east: up and to the left.
    const tilted = beamOutline({ ...beam, minorRad: 1e-6 * MAS, positionAngleRad: Math.PI / 4 }, m87(), 64)
    expect(tilted[0] * tilted[1]).toBeLessThan(0)
  })

  it('draws a bar of a round length', () => {
    const bar = scaleBar(0.1 * MAS, 150)
    expect(bar.label).toBe('10 mas')
    expect(bar.length).toBeCloseTo(100, 9)
    expect(scaleBar((0.9 * DEG) / 3600, 100).label).toBe('1′')
  })
})

describe('views', () => {
  it('map image to screen and back', () => {
    const view = { x: 100.25, y: 33.5, scale: 1.7 }
    const screen = imageToScreen(view, FRAME, 12.5, 400)
    const image = screenToImage(view, FRAME, screen.x, screen.y)
    expect(image.x).toBeCloseTo(12.5, 9)
    expect(image.y).toBeCloseTo(400, 9)
  })
})
