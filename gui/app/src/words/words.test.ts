import type { PhaseState } from '@cleanbeam/protocol'
import type { GcleanRecord } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { FakeSession } from '../testing/fake-session.ts'
import { FAKE_COORDINATES } from '../testing/fake-sky.ts'
import { worldText } from './cursor-text.ts'
import { imageTitle, sessionTitle } from './session-title.ts'
import { statusText } from './status-text.ts'
import { minorStopReason, stopReason } from './stop-reason.ts'

const session = new FakeSession().state
const record = (change: Partial<GcleanRecord>): GcleanRecord => ({ ...session.record!, ...change })
const phase = (change: Partial<PhaseState>): PhaseState => ({ ...session.phase, ...change })

describe('stop reasons', () => {
  it('are words an astronomer knows', () => {
    expect(stopReason({ stopcode: 2, stopDescription: 'threshold' })).toBe('threshold reached')
    expect(stopReason({ stopcode: 0, stopDescription: 'Zero stop code' })).toBe('')
    expect(stopReason({ stopcode: 7, stopDescription: 'zero mask' })).toMatch(/^Draw a mask first: no pixel may be/)
    expect(stopReason({ stopcode: 42, stopDescription: 'something new' })).toBe('something new')
    expect(minorStopReason(2)).toBe('cycle threshold reached')
    expect(minorStopReason(9)).toBe('code 9')
  })
})

describe('the status line', () => {
  it('tells where cleaning stands', () => {
    const chan = {
      '0': {
        '0': {
          modelFlux: [2.4],
          iterations: [832],
          peakRes: [0.00199],
          stopCode: [2],
          cycleThresh: [0.002],
          nsigmaThresh: [0],
        },
      },
    }
    const cleaned = record({ stopcode: 2, nmajordone: 11, niterdone: 832, chan })
    expect(statusText({ ...session, record: cleaned })).toBe(
      '11 major cycles, 832 iterations · peak 1.99 mJy · threshold reached',
    )
  })

  it('asks for a mask', () => {
    expect(statusText({ ...session, record: record({ stopcode: 7 }) })).toBe(
      'Draw a mask first: no pixel may be cleaned yet',
    )
  })

  it('tells what goes on, and how far', () => {
    const progress = { what: 'degridding', done: 3, total: 4 }
    const running = { ...session, phase: phase({ name: 'running', message: 'major cycle 4' }), progress }
    expect(statusText(running)).toBe('major cycle 4 · degridding 75\u2009%')
    expect(statusText({ ...session, phase: phase({ name: 'stopping', message: '' }) })).toBe(
      'Stopping after this major cycle',
    )
  })

  it('shows an error as it is, and waits politely', () => {
    const error = { tag: 'TcleanError', message: 'expected a mask, got none', fields: {} }
    expect(statusText({ ...session, phase: phase({ error }) })).toBe('expected a mask, got none')
    expect(statusText(null)).toMatch(/Connecting/)
    expect(statusText({ ...session, record: null })).toMatch(/first step/)
  })
})

describe('titles and positions', () => {
  it('name data, object, frequency and telescope', () => {
    expect(sessionTitle(session)).toEqual({
      data: 'm87.uvfits',
      object: 'M87',
      frequency: '8.11 GHz',
      telescope: 'VLBA',
    })
    const two = { ...session, parameters: { vis: ['/data/a.ms', '/data/b.ms'] } }
    expect(sessionTitle(two).data).toBe('a.ms + 1')
    expect(imageTitle({ ...session, fields: [{ imagename: '/runs/m87' }] })).toBe('m87')
  })

  it('have digits for a tenth of a pixel', () => {
    const { longitude, latitude } = worldText(FAKE_COORDINATES.direction, 128, 128)!
    expect(longitude).toMatch(/^12:30:49\.42338\d$/)
    expect(latitude).toMatch(/^\+12:23:28\.0438$/)
  })
})
