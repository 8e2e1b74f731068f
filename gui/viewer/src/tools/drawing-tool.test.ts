import { describe, expect, it } from 'vitest'
import { draftOf, IDLE_TOOL, nextToolStep, type ToolEvent, type ToolName, type ToolState } from './drawing-tool.ts'

const settings = (tool: ToolName) => ({ tool, brushRadius: 4, tolerance: 2 })
const at = (type: 'down' | 'move' | 'up', x: number, y: number, shift = false): ToolEvent => ({
  type,
  at: { x, y },
  shift,
})

/** State after a row of events, and the region that was completed on the way. */
function play(tool: ToolName, events: readonly ToolEvent[]) {
  let state: ToolState = IDLE_TOOL
  let region = null
  for (const event of events) {
    const step = nextToolStep(state, event, settings(tool))
    state = step.state
    region = step.region ?? region
  }
  return { state, region }
}

describe('box and ellipse', () => {
  it('span from where the pointer went down to where it came up', () => {
    const { state, region } = play('box', [at('down', 10, 20), at('move', 12, 22), at('up', 30, 50)])
    expect(region).toEqual({
      shape: 'box',
      corners: [
        { x: 10, y: 20 },
        { x: 30, y: 50 },
      ],
    })
    expect(state).toBe(IDLE_TOOL)
    const ellipse = play('ellipse', [at('down', 0, 0), at('up', 20, 10)]).region
    expect(ellipse).toEqual({ shape: 'ellipse', centre: { x: 10, y: 5 }, semiAxes: [10, 5], angleRad: 0 })
  })

  it('become a square or a circle with shift', () => {
    const { region } = play('ellipse', [at('down', 0, 0), at('up', 20, -10, true)])
    expect(region).toMatchObject({ semiAxes: [10, 10], centre: { x: 10, y: -10 } })
  })

  it('ignore a click, and Escape gives up', () => {
    expect(play('box', [at('down', 5, 5), at('up', 5.2, 5.1)]).region).toBeNull()
    expect(play('box', [at('down', 5, 5), at('move', 50, 50), { type: 'cancel' }, at('up', 60, 60)]).region).toBeNull()
  })
})

describe('polygon', () => {
  const corners = [at('down', 0, 0), at('up', 0, 0), at('down', 20, 0), at('up', 20, 0), at('down', 20, 20)]

  it('closes by Enter', () => {
    const { region } = play('polygon', [...corners, { type: 'close' }])
    expect(region).toEqual({
      shape: 'polygon',
      points: [
        { x: 0, y: 0 },
        { x: 20, y: 0 },
        { x: 20, y: 20 },
      ],
    })
  })

  it('closes on its first corner', () => {
    expect(play('polygon', [...corners, at('down', 1, 0.5)]).region).toMatchObject({ shape: 'polygon' })
  })

  it('does not take the second half of a double click as a corner', () => {
    const { region } = play('polygon', [...corners, at('down', 0, 20), at('down', 0.1, 20), { type: 'close' }])
    expect(region).toMatchObject({ points: { length: 4 } })
  })

  it('needs three corners, and Backspace takes back the last', () => {
    const { state, region } = play('polygon', [...corners, { type: 'back' }, { type: 'close' }])
    expect(region).toBeNull()
    expect(state).toMatchObject({ kind: 'corners', points: { length: 2 } })
  })

  it('shows its corners as handles', () => {
    const { state } = play('polygon', [...corners, at('move', 5, 30)])
    const draft = draftOf(state, settings('polygon'), 'erase')!
    expect(draft.handles).toHaveLength(3)
    expect(draft.region).toMatchObject({ points: { length: 4 } })
    expect(draft.mode).toBe('erase')
  })
})

describe('freehand and brush', () => {
  const loop = Array.from({ length: 200 }, (_, i) => at('move', 20 * Math.cos(i / 32), 20 * Math.sin(i / 32)))

  it('make a polygon of few corners, or a stroke', () => {
    const events = [at('down', 20, 0), ...loop, at('up', 20, 0.1)]
    const outline = play('freehand', events).region as { points: unknown[] } | null
    expect(outline?.points.length).toBeGreaterThan(6)
    expect(outline?.points.length).toBeLessThan(60)
    expect(play('brush', events).region).toMatchObject({ shape: 'stroke', radius: 4 })
  })

  it('paint a disc by a click of the brush', () => {
    expect(play('brush', [at('down', 3, 3), at('up', 3, 3)]).region).toMatchObject({ points: { length: 1 } })
  })
})

describe('pan', () => {
  it('draws nothing', () => {
    expect(play('pan', [at('down', 0, 0), at('up', 50, 50)])).toEqual({ state: IDLE_TOOL, region: null })
    expect(draftOf(IDLE_TOOL, settings('pan'), 'add')).toBeNull()
  })
})
