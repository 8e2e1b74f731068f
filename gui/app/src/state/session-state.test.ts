import { describe, expect, it, vi } from 'vitest'
import { FakeSession } from '../testing/fake-session.ts'
import { FAKE_SIZE } from '../testing/fake-sky.ts'
import { createAppStore, planeKey } from './app-state.ts'
import { createCommands } from './commands.ts'
import { DEFAULT_SETTINGS } from './display-settings.ts'
import { loadMask } from './mask-loader.ts'
import { loadPlanes } from './plane-loader.ts'
import { loadedPlane } from './selectors.ts'
import { syncSession } from './session-sync.ts'
import { loadStatistics } from './statistics-loader.ts'

/** A store that mirrors a fake session, with everything loaded. */
async function openPage() {
  const session = new FakeSession()
  session.cycleMs = 1
  const store = createAppStore(DEFAULT_SETTINGS)
  syncSession(session, store)
  loadPlanes(session, store)
  loadMask(session, store)
  loadStatistics(session, store)
  await vi.waitFor(() => expect(store.getState().statistics).not.toBeNull())
  await vi.waitFor(() => expect(Object.keys(store.getState().planes).length).toBeGreaterThanOrEqual(4))
  return { session, store, commands: createCommands(session, store) }
}

const BOX = {
  shape: 'box',
  corners: [
    { x: 110, y: 110 },
    { x: 220, y: 190 },
  ],
} as const

describe('the mirror of a session', () => {
  it('puts tiles together to the plane they are of', async () => {
    const { store } = await openPage()
    const plane = loadedPlane(store.getState())!
    expect([plane.tile.width, plane.tile.height]).toEqual([FAKE_SIZE, FAKE_SIZE])
    const at = FAKE_SIZE / 2 + FAKE_SIZE * (FAKE_SIZE / 2)
    // The core of the jet stands in the middle, where four tiles meet.
    expect(plane.tile.pixels[at]).toBe(Math.max(...plane.tile.pixels))
    expect(plane.sorted[plane.sorted.length - 1]).toBe(plane.tile.pixels[at])
  })

  it('follows a step: record, log and pixels', async () => {
    const { store, commands } = await openPage()
    await commands.drawn(BOX, 'add')
    const before = loadedPlane(store.getState())!
    await commands.step()
    const { session } = store.getState()
    expect(session?.record?.niterdone).toBeGreaterThan(0)
    expect(session?.log.filter(line => line.level === 'command').length).toBe(3)
    await vi.waitFor(() => expect(loadedPlane(store.getState())!.generation).toBe(before.generation + 1))
    expect(Math.max(...loadedPlane(store.getState())!.tile.pixels)).toBeLessThan(Math.max(...before.tile.pixels))
  })

  it('sends what was drawn and takes the mask back from the session', async () => {
    const { session, store, commands } = await openPage()
    await commands.drawn(BOX, 'add')
    await vi.waitFor(() => expect(store.getState().mask?.nPixel).toBe(111 * 81))
    expect(store.getState().mask?.pixels).toEqual(session.maskPixels)
    await commands.drawn({ ...BOX, corners: [BOX.corners[0], { x: 119, y: 190 }] }, 'erase')
    await vi.waitFor(() => expect(store.getState().mask?.nPixel).toBe(101 * 81))
    await commands.undo()
    await vi.waitFor(() => expect(store.getState().mask?.nPixel).toBe(111 * 81))
    expect(store.getState().statistics?.mask?.npts[0]).toBe(111 * 81)
  })

  it('asks for nothing when only colours change', async () => {
    const { session, store } = await openPage()
    const calls = session.calls.length
    store.setState(state => ({ settings: { ...state.settings, colormap: 'viridis', inverted: true } }))
    store.setState({ cursor: { x: 3, y: 4 }, view: { x: 10, y: 10, scale: 3 } })
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(session.calls.length).toBe(calls)
  })

  it('keeps what belongs to products on screen, nothing else', async () => {
    const { store } = await openPage()
    expect(Object.keys(store.getState().planes)).toContain(planeKey(0, '.residual', 0, 0))
    expect(Object.keys(store.getState().planes)).not.toContain(planeKey(0, '.mask', 0, 0))
  })
})

describe('parameters', () => {
  it('are sent before a step, once, and only when they differ', async () => {
    const { session, store, commands } = await openPage()
    store.setState({ drafts: { niter: '150', gain: '0.1', threshold: '0.02' } })
    await Promise.all([commands.applyDrafts(), commands.step()])
    const updates = session.calls.filter(call => call.method === 'gclean.update').map(call => call.params)
    expect(updates).toEqual([{ parameters: { niter: 150 } }, { parameters: { threshold: 0.02 } }])
    expect(store.getState().drafts).toEqual({})
    expect(session.calls.some(call => call.method === 'gclean.next')).toBe(true)
  })

  it('that are not valid keep the step from being made', async () => {
    const { session, store, commands } = await openPage()
    store.setState({ drafts: { threshold: '2GHz' } })
    await commands.step()
    expect(session.calls.some(call => call.method === 'gclean.next')).toBe(false)
    expect(store.getState().drafts).toEqual({ threshold: '2GHz' })
  })
})

describe('failures', () => {
  it('become a notice', async () => {
    const { session, store, commands } = await openPage()
    session.call = () => Promise.reject(new Error('no mask can be undone'))
    await commands.undo()
    expect(store.getState().notice).toEqual({ kind: 'error', text: 'Undo failed: no mask can be undone' })
  })

  it('of the connection are seen, and a reset reads everything again', async () => {
    const { session, store } = await openPage()
    session.setConnection({ name: 'waiting', retryAtMs: 1, attempt: 2 })
    expect(store.getState().connection.name).toBe('waiting')
  })
})
