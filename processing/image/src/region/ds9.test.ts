import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { parseDs9 } from './ds9.ts'
import { formatDs9 } from './format-ds9.ts'
import { maskFromRegion, parseRegions, regionToMask } from './region-mask.ts'

const cell = (12 / 3600) * (Math.PI / 180)
const shape: ImageShape = [72, 72, 1, 1]
const coordinates: ImageCoordinates = {
  direction: {
    frame: 'J2000',
    projection: 'SIN',
    projectionParameters: [0, 0],
    referenceRad: [5.233697011339746, 0.7097672291443606],
    referencePixel: [36, 36],
    incrementRad: [-cell, cell],
    pc: [1, 0, 0, 1],
    longPoleRad: Math.PI,
    latPoleRad: 0.7097672291443606,
  },
  stokes: ['I'],
  spectral: { frame: 'LSRK', referenceHz: 1.4e9, referencePixel: 0, incrementHz: 1e6, restFrequencyHz: 1.4e9 },
  observation: {
    telescope: '',
    observer: '',
    dateMjd: Number.NaN,
    telescopePositionMetres: null,
    object: '',
    pointing: null,
  },
}
const mask = (text: string) => maskFromRegion(coordinates, shape, text)
const count = (text: string) => mask(text).reduce((sum, value) => sum + value, 0)

describe('DS9 regions', () => {
  // The same areas in both formats; DS9 counts pixels from 1 and gives the radius along +x first.
  it.each([
    ['image\ncircle(37,34,6)', 'circle[[36pix,33pix],6pix]'],
    ['image;circle(37,34,6) # color=red', 'circle[[36pix,33pix],6pix]'],
    ['circle(37,34,6)', 'circle[[36pix,33pix],6pix]'],
    ['image; ellipse(37,34,4,6,40)', 'ellipse[[36pix,33pix],[6pix,4pix],40deg]'],
    ['image; box(37,34,12,6,30)', 'rotbox[[36pix,33pix],[12pix,6pix],30deg]'],
    ['image; polygon(31,28,43,29,37,40)', 'poly[[30pix,27pix],[42pix,28pix],[36pix,39pix]]'],
    ['image; annulus(37,34,3,4,6)', 'annulus[[36pix,33pix],[3pix,6pix]]'],
    ['fk5\ncircle(19:59:28.5,+40:39:24,72")', 'circle[[19:59:28.5,+40.39.24],72arcsec]'],
    ["fk5; circle(299.86875,40.656666666667,1.2')", 'circle[[299.86875deg,40.656666666667deg],72arcsec]'],
    [
      'galactic; circle(76.123760101,5.714887043,0.02)',
      'circle[[76.123760101deg,5.714887043deg],72arcsec], coord=GALACTIC',
    ],
    ['image\ncircle(37,34,6)\n-circle(37,34,3)', 'circle[[36pix,33pix],6pix]\n-circle[[36pix,33pix],3pix]'],
  ])('%s is %s', (ds9, crtf) => {
    expect(mask(`# Region file format: DS9 version 4.1\nglobal color=green dashlist=8 3\n${ds9}`)).toEqual(mask(crtf))
    expect(count(ds9)).toBeGreaterThan(50)
  })

  it('turns ellipses of another frame against its meridian, as boxes are', () => {
    const box = parseRegions('galactic; box(76.123760101,5.714887043,360",72",20)')
    const ellipse = parseRegions('galactic; ellipse(76.123760101,5.714887043,180",36",20)')
    const boxMask = regionToMask(box, coordinates, shape)
    const ellipseMask = regionToMask(ellipse, coordinates, shape)
    // An ellipse inscribed in the box fills π/4 of it and no pixel outside.
    const outside = ellipseMask.filter((value, i) => value > boxMask[i]).length
    const filled = ellipseMask.reduce((sum, value) => sum + value, 0) / boxMask.reduce((sum, value) => sum + value, 0)
    expect(outside).toBe(0)
    expect(Math.abs(filled - Math.PI / 4)).toBeLessThan(0.08)
  })

  it('writes what it reads', () => {
    const text =
      'fk5\n-circle(299.86875,40.6566,72") # color=red text={knot A}\nimage; box(37,34,12,6,30)\ntext(3,4) # text={core}'
    const regions = parseDs9(text)
    const again = parseDs9(formatDs9(regions, 'J2000'))
    expect(again).toHaveLength(3)
    expect(again[0]).toMatchObject({
      operation: 'subtract',
      frame: 'J2000',
      properties: { color: 'red', label: 'knot A' },
    })
    expect(again[1].shape).toMatchObject({ kind: 'rotbox', centre: [{ value: 36 }, { value: 33 }] })
    expect(again[2]).toMatchObject({ annotation: true, shape: { kind: 'text', text: 'core' } })
  })

  it.each([
    ['image; panda(3,4,0,90,1,2,3,1)', /expected one of circle/],
    ['image; circle(3,4)', /expected 3 numbers/],
    ['image; polygon(3,4,5,6)', /at least 3 pairs/],
    ['image; circle((36,33),6)', /expected/],
    ['# Region file format: DS9 version 4.1\nglobal color=green', /got none/],
    ['fk5; circle(12:00:61,3,4)', /a position such as/],
  ])('refuses %s', (text, message) => {
    expect(() => parseDs9(text)).toThrow(message)
  })
})
