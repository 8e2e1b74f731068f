import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fittedView,
  imageToScreen,
  keptOnImage,
  panned,
  SCALE_LIMITS,
  screenToImage,
  zoomedAt,
} from './view-transform.ts'

const FRAME = { x: 76, y: 10, width: 700, height: 500 }

describe('views', () => {
  it('show the whole image when fitted', () => {
    const view = fittedView(512, 256, FRAME)
    const corner = imageToScreen(view, FRAME, -0.5, -0.5)
    expect(corner.x).toBeCloseTo(FRAME.x, 9)
    expect(imageToScreen(view, FRAME, 511.5, 255.5).x).toBeCloseTo(FRAME.x + FRAME.width, 9)
    expect(corner.y).toBeLessThanOrEqual(FRAME.y + FRAME.height)
  })

  it('have north up', () => {
    const view = fittedView(100, 100, FRAME)
    expect(imageToScreen(view, FRAME, 0, 99).y).toBeLessThan(imageToScreen(view, FRAME, 0, 0).y)
  })

  it('keep what is under the pointer there while zooming', () => {
    const position = fc.double({ min: -100, max: 900, noNaN: true })
    fc.assert(
      fc.property(position, position, fc.double({ min: 0.05, max: 20, noNaN: true }), (x, y, factor) => {
        const view = { x: 40, y: 77, scale: 1.3 }
        const before = screenToImage(view, FRAME, x, y)
        const after = screenToImage(zoomedAt(view, FRAME, { x, y }, factor), FRAME, x, y)
        expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(1e-9)
      }),
    )
  })

  it('stop zooming at their limits', () => {
    expect(zoomedAt({ x: 0, y: 0, scale: 1 }, FRAME, { x: 0, y: 0 }, 1e9).scale).toBe(SCALE_LIMITS.max)
    expect(zoomedAt({ x: 0, y: 0, scale: 1 }, FRAME, { x: 0, y: 0 }, 1e-9).scale).toBe(SCALE_LIMITS.min)
  })

  it('follow a drag and never lose the image', () => {
    const view = panned({ x: 50, y: 50, scale: 2 }, 10, 20)
    expect(view).toEqual({ x: 45, y: 60, scale: 2 })
    expect(keptOnImage({ x: -400, y: 900, scale: 1 }, 100, 100)).toEqual({ x: -0.5, y: 99.5, scale: 1 })
  })
})
