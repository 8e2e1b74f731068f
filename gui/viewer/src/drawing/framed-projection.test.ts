import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { styledLabels } from './axis-style.ts'
import { compassAt } from './compass-marks.ts'
import { inFrame, offsetsFrom } from './framed-projection.ts'
import { skyAxes } from './sky-axes.ts'
import { fittedView } from './view-transform.ts'

const DEG = Math.PI / 180
const MAS = DEG / 3600e3
const FRAME = { x: 76, y: 10, width: 700, height: 500 }
const M87: DirectionCoordinate = {
  frame: 'J2000',
  projection: 'SIN',
  projectionParameters: [0, 0],
  referenceRad: [187.705930754 * DEG, 12.39112328610001 * DEG],
  referencePixel: [256, 256],
  incrementRad: [-0.1 * MAS, 0.1 * MAS],
  pc: [1, 0, 0, 1],
  longPoleRad: Math.PI,
  latPoleRad: 12.39112328610001 * DEG,
}

describe('axes in other frames', () => {
  const own = skyTransform(M87)
  const view = fittedView(512, 512, FRAME)

  it('give M87 its galactic coordinates, and back the pixel', () => {
    const galactic = inFrame(own, 'J2000', 'GALACTIC')
    const [l, b] = galactic.toWorld(256, 256)!
    // NED: l = 283.777778°, b = 74.491155°
    expect(l / DEG).toBeCloseTo(283.7778, 3)
    expect(b / DEG).toBeCloseTo(74.4912, 3)
    const [x, y] = galactic.toPixel(l, b)!
    // CASA's matrix has ten digits: going there and back errs by less than 1e-10 rad, a fifth of these tiny pixels.
    expect(Math.hypot(x - 256, y - 256) * 0.1 * MAS).toBeLessThan(1e-10)
  })

  it('count offsets from a direction in round steps of one unit', () => {
    const offsets = offsetsFrom(own, M87.referenceRad)
    expect(offsets.toWorld(256, 256)!.map(v => Math.abs(v) < 1e-15)).toEqual([true, true])
    const [east, north] = offsets.toWorld(246, 276)!
    expect(east / MAS).toBeCloseTo(1, 4)
    expect(north / MAS).toBeCloseTo(2, 4)
    const axes = skyAxes(offsets, view, FRAME, { longitude: 'offset', latitude: 'offset' })
    expect(axes.left.prefix).toBe('mas')
    expect(axes.left.ticks.map(t => t.label)).toContain('10')
    expect(axes.left.ticks.map(t => t.label)).toContain('−10')
  })

  it('write decimal degrees with the digits that tell ticks apart', () => {
    expect(styledLabels([12.5 * DEG, 12.75 * DEG], 0.25 * DEG, 'decimal').labels).toEqual(['12.50°', '12.75°'])
    expect(styledLabels([-2 * DEG, 0], 2 * DEG, 'decimal').labels).toEqual(['−2°', '0°'])
  })

  it('know where north and east are', () => {
    const { north, east } = compassAt(own, view, FRAME)!
    expect(north[0]).toBeCloseTo(0, 4)
    expect(north[1]).toBeCloseTo(-1, 4)
    expect(east[0]).toBeCloseTo(-1, 4)
  })
})
