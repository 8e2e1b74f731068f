import type { UpdatableInfo } from '@cleanbeam/protocol'
import { describe, expect, it } from 'vitest'
import { inputText, meansSame, parseInput, shownUnit } from './parameter-input.ts'

const info = (kind: UpdatableInfo['kind'], more: Partial<UpdatableInfo> = {}): UpdatableInfo => ({
  name: 'x',
  kind,
  unit: '',
  minimum: null,
  description: '',
  group: 'iteration',
  value: 0,
  ...more,
})
const threshold = info('quantity', { name: 'threshold', unit: 'Jy', minimum: 0 })

describe('typed parameters', () => {
  it.each([
    ['1500', 1500],
    ['-1', -1],
    ['−1', -1],
    ['1e3', 1000],
  ])('%s is a whole number', (text, value) => {
    expect(parseInput(info('integer', { minimum: -1 }), text)).toEqual({ ok: true, value })
  })

  it.each(['1.5', 'many', '', '10 mJy', '-2'])('%s is not a whole number from −1', text => {
    expect(parseInput(info('integer', { minimum: -1 }), text).ok).toBe(false)
  })

  it.each([
    ['2mJy', '2mJy'],
    ['2 mJy', '2mJy'],
    ['0.1Jy', '0.1Jy'],
    ['30 µJy', '30uJy'],
    ['0.002', 0.002],
    ['0', 0],
  ])('%s is a flux', (text, value) => {
    expect(parseInput(threshold, text)).toEqual({ ok: true, value })
  })

  it('says what is wrong with a unit', () => {
    expect(parseInput(threshold, '2 GHz')).toEqual({ ok: false, message: 'flux needed, e.g. 2mJy' })
    expect(parseInput(threshold, '2 jansky')).toEqual({ ok: false, message: 'unknown unit, e.g. 2mJy' })
    expect(parseInput(threshold, 'low')).toEqual({ ok: false, message: 'a number with unit, e.g. 2mJy' })
    expect(parseInput(threshold, '-1mJy')).toEqual({ ok: false, message: 'at least 0' })
  })

  it('knows when two values mean the same', () => {
    expect(meansSame(threshold, '2mJy', 0.002)).toBe(true)
    expect(meansSame(threshold, '2mJy', '2.1mJy')).toBe(false)
    expect(meansSame(info('integer'), 5, 5)).toBe(true)
    expect(meansSame(threshold, null, 0)).toBe(false)
  })

  it('shows the unit of a bare number only', () => {
    expect(shownUnit(threshold, '0.002')).toBe('Jy')
    expect(shownUnit(threshold, '2mJy')).toBe('')
    expect(shownUnit(info('number', { name: 'nsigma' }), '3')).toBe('σ')
    expect(inputText(null)).toBe('')
  })
})
