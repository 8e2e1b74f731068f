import { describe, expect, it } from 'vitest'
import { parseOutlierFile } from './outlier-file.ts'

const parse = (text: string) => parseOutlierFile(text, 'fields.txt')

describe('parseOutlierFile', () => {
  it('reads fields with quoted and bare values, lists, comments and blank lines', () => {
    const text = `
# two fields
imagename = 'east'   # the first
imsize=[64, 48]
cell=['75arcsec','60arcsec']
phasecenter=J2000 303.475320990deg 42.278835236deg
mask=circle[[25pix,30pix],6pix]

imagename=west
imsize = 32
cell=75arcsec
nterms=2
mask=["a.crtf", 'box[[1pix,2pix],[3pix,4pix]]']
`
    expect(parse(text)).toEqual([
      {
        imagename: 'east',
        imsize: [64, 48],
        cell: ['75arcsec', '60arcsec'],
        phasecenter: 'J2000 303.475320990deg 42.278835236deg',
        mask: 'circle[[25pix,30pix],6pix]',
      },
      {
        imagename: 'west',
        imsize: 32,
        cell: '75arcsec',
        nterms: 2,
        mask: ['a.crtf', 'box[[1pix,2pix],[3pix,4pix]]'],
      },
    ])
  })

  it.each([
    ['imsize=10', "expected imagename=… first, got 'imsize' (fields.txt, line 1)"],
    ['imagename=a\nimsiz=10', "got 'imsiz' (fields.txt, line 2): did you mean 'imsize'?"],
    ['imagename=a\nniter=10', "got 'niter' (fields.txt, line 2)"],
    ['imagename=a\nhello', "expected name=value, got 'hello' (fields.txt, line 2)"],
    ['# nothing', 'expected at least one field with an imagename, got none (fields.txt)'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})
