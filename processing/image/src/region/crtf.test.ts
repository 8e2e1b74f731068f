import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCrtf } from './crtf.ts'
import { formatCrtf } from './format-crtf.ts'
import { pix, pixelPoint, type Region, type RegionShape, regionOfShape } from './region.ts'

const withoutMinusZero = (value: number) => value + 0
const number = fc.double({ min: -1e4, max: 1e4, noNaN: true }).map(withoutMinusZero)
const positive = fc.double({ min: 1e-6, max: 1e4, noNaN: true })
const angle = fc.double({ min: -6.2, max: 6.2, noNaN: true }).map(withoutMinusZero)
const latitude = fc.double({ min: -1.5, max: 1.5, noNaN: true }).map(withoutMinusZero)
const point = fc.oneof(
  fc.tuple(number, number).map(([x, y]) => pixelPoint(x, y)),
  fc.tuple(angle, latitude).map(
    ([x, y]) =>
      [
        { value: x, unit: 'rad' as const },
        { value: y, unit: 'rad' as const },
      ] as const,
  ),
)
const length = fc.oneof(
  positive.map(pix),
  fc.double({ min: 1e-9, max: 1, noNaN: true }).map(value => ({ value, unit: 'rad' as const })),
)
const pair = fc.tuple(length, length)
const shape: fc.Arbitrary<RegionShape> = fc.oneof(
  fc.tuple(point, point).map(([a, b]) => ({ kind: 'box' as const, corners: [a, b] as const })),
  fc.tuple(point, pair).map(([centre, size]) => ({ kind: 'centerbox' as const, centre, size })),
  fc.tuple(point, pair, angle).map(([centre, size, angleRad]) => ({ kind: 'rotbox' as const, centre, size, angleRad })),
  fc
    .tuple(point, pair, angle)
    .map(([centre, semiAxes, angleRad]) => ({ kind: 'ellipse' as const, centre, semiAxes, angleRad })),
  fc.tuple(point, length).map(([centre, radius]) => ({ kind: 'circle' as const, centre, radius })),
  fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 9 }).map(vertices => ({
    kind: 'poly' as const,
    vertices: vertices.map(([x, y]) => pixelPoint(x, y)),
  })),
  fc.tuple(point, point).map(([a, b]) => ({ kind: 'vector' as const, ends: [a, b] as const })),
  point.map(at => ({ kind: 'text' as const, at, text: 'knot [A], "east"'.replaceAll('"', '') })),
)
const region: fc.Arbitrary<Region> = fc
  .record({
    shape,
    frame: fc.constantFrom(null, 'J2000' as const, 'GALACTIC' as const),
    operation: fc.constantFrom('add' as const, 'subtract' as const),
    range: fc.option(
      fc.record({
        unit: fc.constantFrom('chan' as const, 'Hz' as const, 'm/s' as const),
        from: fc.integer({ min: 1, max: 1_000_000 }),
        to: fc.integer({ min: 1, max: 1_000_000 }),
        frame: fc.constantFrom(null, 'LSRK' as const, 'BARY' as const),
        velocityType: fc.constantFrom('RADIO' as const, 'OPTICAL' as const),
        restFrequencyHz: fc.constantFrom(null, 1420405752),
      }),
    ),
    stokes: fc.constantFrom(null, ['I' as const], ['I' as const, 'V' as const]),
    properties: fc.constantFrom<Record<string, string>>({}, { color: 'red', label: 'knot, A' }),
  })
  .map(parts => ({ ...regionOfShape(parts.shape), ...parts }))

describe('CRTF', () => {
  it('is read back as written', () => {
    fc.assert(
      fc.property(fc.array(region, { minLength: 1, maxLength: 4 }), regions => {
        expect(parseCrtf(formatCrtf(regions))).toEqual(regions)
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  it('reads positions in every notation to the same radians', () => {
    const texts = ['[19:59:28.5, +40.39.24]', '[19h59m28.5s, +40d39m24s]', '[299.86875deg, 40.6566666666667deg]']
    for (const text of texts) {
      const [{ shape: circle }] = parseCrtf(`circle[${text}, 1arcmin]`)
      if (circle.kind !== 'circle') throw new Error('expected a circle')
      expect(circle.centre[0].value).toBeCloseTo(5.233697011339746, 12)
      expect(circle.centre[1].value).toBeCloseTo(((40 + 39 / 60 + 24 / 3600) * Math.PI) / 180, 12)
      expect(circle.radius).toEqual({ value: Math.PI / 10800, unit: 'rad' })
    }
  })

  it.each([
    ['circle[[1pix,1pix]]', /expected 2 arguments/],
    ['circle[[1pix,1],3pix]', /both coordinates in pixels or both in angles/],
    ['circle[[36,33],6]', /expected an angle/],
    ['circle[[36pix,33pix],6]', /a length in pixels or angles/],
    ['hexagon[[1pix,1pix],3pix]', /expected one of box/],
    ['poly[[1pix,1pix],[3pix,3pix]]', /at least 3 vertices/],
    ['annulus[[1pix,1pix],[3pix,2pix]]', /inner radius < outer/],
    ['circle[[1pix,1pix],3pix], range=[2chan,1.4GHz]', /two channels, frequencies or velocities/],
    ['circle[[1pix,1pix],3pix], colour=red', /expected one of coord/],
    ['circle[[1pix,1pix],3pix', /as many \] as \[/],
    ['circle[[12:00:00,+40:10:00],3arcsec]', /colons are hours/],
    ['circle[[1pix,1pix],3pix], corr=[W]', /Stokes parameters/],
    ['#CRTFv1\ncircle[[1pix,1pix],3pix]', /CRTF version 0/],
    ['#CRTFv0\n# nothing', /expected a region/],
  ])('refuses %s by name', (text, message) => {
    expect(() => parseCrtf(text)).toThrow(message)
  })

  it('names the line', () => {
    expect(() => parseCrtf('#CRTFv0\ncircle[[1pix,1pix],3pix]\nfoo')).toThrow(/line 3: foo/)
  })
})
