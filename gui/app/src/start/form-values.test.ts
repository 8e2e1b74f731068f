import { describe, expect, it } from 'vitest'
import { readForm, readValue, textsOf } from './form-values.ts'
import type { FormParameter } from './start-client.ts'

function parameter(name: string, kind: string, fallback: FormParameter['default'] = ''): FormParameter {
  return { name, kind, default: fallback, group: 'Image definition', unit: '', meaning: '' }
}

describe('the parameter form', () => {
  it('reads what is typed as the parameter takes it', () => {
    expect(readValue(parameter('imsize', 'image size'), '512')).toEqual({ ok: true, value: 512 })
    expect(readValue(parameter('imsize', 'image size'), '512, 256')).toEqual({ ok: true, value: [512, 256] })
    expect(readValue(parameter('cell', 'cell size'), '0.1marcsec')).toEqual({ ok: true, value: '0.1marcsec' })
    expect(readValue(parameter('scales', 'list of numbers'), '0, 5, 15')).toEqual({ ok: true, value: [0, 5, 15] })
    expect(readValue(parameter('pbcor', 'boolean'), 'True')).toEqual({ ok: true, value: true })
    expect(readValue(parameter('start', 'text or integer'), '12')).toEqual({ ok: true, value: 12 })
    expect(readValue(parameter('robust', 'number'), '−0.5')).toEqual({ ok: true, value: -0.5 })
  })

  it('says what is needed', () => {
    expect(readValue(parameter('niter', 'integer'), '2.5')).toEqual({ ok: false, message: 'a whole number is needed' })
    expect(readValue(parameter('scales', 'list of numbers'), '0, five')).toMatchObject({ ok: false })
  })

  it('gives only what differs from the defaults', () => {
    const parameters = [parameter('niter', 'integer', 0), parameter('gain', 'number', 0.1), parameter('field', 'text')]
    const texts = { ...textsOf({ niter: 100, gain: 0.1 }), field: ' ' }
    expect(readForm(parameters, texts)).toEqual({ values: { niter: 100 }, messages: {} })
    expect(readForm(parameters, { niter: 'many' }).messages).toEqual({ niter: 'a whole number is needed' })
  })
})
