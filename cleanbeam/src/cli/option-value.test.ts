import { TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { expect, it } from 'vitest'
import { optionValue } from './option-value.ts'

it.each([
  ['niter', '100', 100],
  ['niter', 'many', 'many'],
  ['gain', '5e-2', 0.05],
  ['threshold', '2mJy', '2mJy'],
  ['threshold', '0.002', 0.002],
  ['cell', '15', '15'],
  ['cell', '0.1marcsec,0.2marcsec', ['0.1marcsec', '0.2marcsec']],
  ['imsize', '512', 512],
  ['imsize', '512,256', [512, 256]],
  ['imsize', '[512, 256]', [512, 256]],
  ['scales', '0,5,12', [0, 5, 12]],
  ['scales', '', []],
  ['pbcor', 'True', true],
  ['pbcor', 'false', false],
  ['pbcor', 'maybe', 'maybe'],
  ['interactive', '0', 0],
  ['phasecenter', '3', 3],
  ['phasecenter', 'J2000 12h30m49s +12d23m28s', 'J2000 12h30m49s +12d23m28s'],
  ['mask', 'box[[180pix,200pix],[511pix,400pix]]', 'box[[180pix,200pix],[511pix,400pix]]'],
  ['mask', '["a.crtf", "b.fits"]', ['a.crtf', 'b.fits']],
  ['mask', 'true', true],
  ['vis', 'a.uvfits,b.uvfits', ['a.uvfits', 'b.uvfits']],
  ['spw', '0:5~60,1', '0:5~60,1'],
])('--%s %s is %j', (name, text, expected) => {
  const row = TCLEAN_PARAMETERS.find(candidate => candidate.name === name)
  expect(row && optionValue(row, text)).toEqual(expected)
})
