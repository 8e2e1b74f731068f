import { describe, expect, it } from 'vitest'
import {
  encodeBinTable,
  encodeImage,
  FitsHeader,
  findHdu,
  memorySource,
  openRandomGroups,
  parseCard,
  readBinaryTable,
  readFits,
  readImagePixels,
} from './index.ts'

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** A file with the given cards and data, padded. */
function rawFile(cards: readonly string[], data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = [...cards, 'END'].map(card => card.padEnd(80)).join('')
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 2880) * 2880))
  const body = new Uint8Array(Math.ceil(data.length / 2880) * 2880)
  body.set(data)
  return join([header, body])
}

const number = (keyword: string, value: number | string) => `${keyword.padEnd(8)}= ${String(value).padStart(20)}`

describe('cards', () => {
  it.each([
    ["OBJECT  = 'It''s M87 '           / a name", "It's M87", 'a name'],
    ['CRVAL3  =    8.109104254686E+09', 8_109_104_254.686, ''],
    ['ARRAYX  =  -1.5D+03 / metres', -1500, 'metres'],
    ['EXTEND  =                    T /This', true, 'This'],
    ["URL     = 'a/b'", 'a/b', ''],
    ['EMPTY   =', null, ''],
    ['HISTORY AIPS   IMNAME=', null, 'AIPS   IMNAME='],
    ['COMMENT = not a value', null, '= not a value'],
    ['HIERARCH ESO DET ID = 5 / x', 5, 'x'],
  ])('reads %s', (line, value, comment) => {
    expect(parseCard(line.padEnd(80), 'test')).toMatchObject({ value, comment })
  })

  it('refuses an open quote', () => {
    expect(() => parseCard("OBJECT  = 'M87".padEnd(80), 'file.fits, HDU 0, card 3')).toThrow(
      /closing quote.*file.fits, HDU 0, card 3/,
    )
  })
})

describe('headers', () => {
  it('come back as they were written', async () => {
    const long = `a 'long' text ${'x'.repeat(60)}'' and the end ${'y'.repeat(90)}`
    const header = new FitsHeader()
      .set('OBJECT', "It's M87", 'name')
      .set('LONGTEXT', long)
      .set('COUNT', -3)
      .setReal('CRPIX1', 257)
      .setReal('CDELT1', -2.7777777777777777e-8)
      .set('TINY', 1.6017739729267123e-123)
      .set('FLAG', false)
      .addHistory('first line\nsecond line')
    const bytes = join(encodeImage({ shape: [2, 3], pixels: Float32Array.of(1, 2, 3, 4, 5, 6), header }))
    expect(bytes.length % 2880).toBe(0)
    const file = await readFits(memorySource(bytes))
    const read = file.hdus[0].header
    expect(read.string('OBJECT')).toBe("It's M87")
    expect(read.string('LONGTEXT')).toBe(long)
    expect(read.comment('OBJECT')).toBe('name')
    expect(read.integer('COUNT')).toBe(-3)
    expect(read.number('CDELT1')).toBe(-2.7777777777777777e-8)
    expect(read.number('TINY')).toBe(1.6017739729267123e-123)
    expect(read.boolean('FLAG')).toBe(false)
    expect(read.history()).toEqual(['first line', 'second line'])
    expect(new TextDecoder().decode(bytes)).toContain('CRPIX1  =                257.0')
  })

  it('name what is missing or of another type', () => {
    const header = new FitsHeader([], 'image.fits, HDU 0').set('OBJECT', 'M87').set('HALF', 0.5)
    expect(() => header.number('CRVAL1')).toThrow(/a number for CRVAL1, got nothing \(image.fits, HDU 0\)/)
    expect(() => header.number('OBJECT')).toThrow(/"M87"/)
    expect(() => header.integer('HALF')).toThrow(/whole number/)
    expect(header.number('CRVAL1', 7)).toBe(7)
  })

  it('refuse what FITS cannot hold', () => {
    expect(() => new FitsHeader().set('toolongkeyword', 1).encode()).toThrow(/keyword/)
    expect(() => new FitsHeader().set('BAD', Number.NaN).encode()).toThrow(/finite/)
  })
})

describe('images', () => {
  it.each([
    [8, [0, 1, 200, 255]],
    [16, [-32768, -1, 1, 32767]],
    [32, [-2147483648, -1, 1, 2147483647]],
    [64, [-(2 ** 53), -1, 1, 2 ** 53]],
    [-32, [-1.5, 0, 3.25, 2 ** 100]],
    [-64, [-1.5, 0, Math.PI, 1e300]],
  ])('of BITPIX %i are read and scaled', async (bitpix, values) => {
    const size = Math.abs(bitpix) / 8
    const view = new DataView(new ArrayBuffer(size * values.length))
    values.forEach((value, i) => {
      if (bitpix === 8) view.setUint8(i, value)
      if (bitpix === 16) view.setInt16(2 * i, value)
      if (bitpix === 32) view.setInt32(4 * i, value)
      if (bitpix === 64) view.setBigInt64(8 * i, BigInt(value))
      if (bitpix === -32) view.setFloat32(4 * i, value)
      if (bitpix === -64) view.setFloat64(8 * i, value)
    })
    const cards = [
      'SIMPLE  =                    T',
      number('BITPIX', bitpix),
      number('NAXIS', 2),
      number('NAXIS1', 2),
      number('NAXIS2', 2),
    ]
    const data = new Uint8Array(view.buffer)
    const plain = await readFits(memorySource(rawFile(cards, data)))
    expect([...(await readImagePixels(plain, plain.hdus[0], 'float64')).pixels]).toEqual(values)
    const scaling = [number('BSCALE', '2.0'), number('BZERO', '10.0'), number('BLANK', values[1])]
    const scaled = await readFits(memorySource(rawFile([...cards, ...scaling], data)))
    const expected = values.map((value, i) => (bitpix > 0 && i === 1 ? Number.NaN : value * 2 + 10))
    expect([...(await readImagePixels(scaled, scaled.hdus[0], 'float64')).pixels]).toEqual(expected)
  })

  it('with NaN come back bit for bit', async () => {
    const pixels = Float32Array.of(Number.NaN, -0, 1e-45, 3.4e38)
    const file = await readFits(
      memorySource(join(encodeImage({ shape: [4, 1, 1, 1], pixels, header: new FitsHeader() }))),
    )
    const read = await readImagePixels(file, file.hdus[0], 'float32')
    expect(read.shape).toEqual([4, 1, 1, 1])
    expect(new Uint32Array(read.pixels.buffer)).toEqual(new Uint32Array(pixels.buffer))
  })

  it('of another size than their shape are refused', () => {
    expect(() => encodeImage({ shape: [2, 2], pixels: new Float32Array(3), header: new FitsHeader() })).toThrow(
      /4 pixels/,
    )
  })
})

describe('binary tables', () => {
  it('come back as they were written', async () => {
    const table = encodeBinTable({
      name: 'BEAMS',
      header: new FitsHeader().set('NCHAN', 2).set('NPOL', 1),
      columns: [
        { name: 'BMAJ', format: '1E', unit: 'arcsec', values: [1.5, 2.5] },
        { name: 'CHAN', format: '1J', values: [0, 1] },
        { name: 'NAME', format: '4A', values: ['ab', 'abcdef'] },
        { name: 'XYZ', format: '3D', values: [1, 2, 3, 4, 5, 6] },
        { name: 'OK', format: '1L', values: [1, 0] },
        { name: 'SHORT', format: '2I', values: [1, -2, 3, -4] },
        { name: 'Z', format: '1C', values: [1, 2, 3, 4] },
      ],
    })
    const primary = encodeImage({ shape: [1], pixels: Float32Array.of(1), header: new FitsHeader() })
    const file = await readFits(memorySource(join([...primary, table])))
    const hdu = findHdu(file, 'beams')
    if (hdu === undefined) throw new Error('no BEAMS table')
    expect(hdu.header.integer('NCHAN')).toBe(2)
    const read = await readBinaryTable(file, hdu)
    expect(read.nRow).toBe(2)
    expect([...read.numbers('BMAJ')]).toEqual([1.5, 2.5])
    expect([...read.numbers('CHAN')]).toEqual([0, 1])
    expect(read.strings('NAME')).toEqual(['ab', 'abcd'])
    expect([...read.numbers('XYZ')]).toEqual([1, 2, 3, 4, 5, 6])
    expect(read.values('OK')).toEqual(Uint8Array.of(0x54, 0x46))
    expect([...read.numbers('SHORT')]).toEqual([1, -2, 3, -4])
    expect(read.values('Z')).toEqual(Float32Array.of(1, 2, 3, 4))
    expect(() => read.numbers('NONE')).toThrow(/column NONE, got BMAJ, CHAN/)
    expect(() => read.numbers('NAME')).toThrow(/numbers in column NAME/)
  })

  it('refuse variable-length columns by name, when they are asked for', async () => {
    const primary = rawFile(['SIMPLE  =                    T', number('BITPIX', 8), number('NAXIS', 0)])
    const extension = rawFile(
      [
        "XTENSION= 'BINTABLE'",
        number('BITPIX', 8),
        number('NAXIS', 2),
        number('NAXIS1', 12),
        number('NAXIS2', 1),
        number('PCOUNT', 0),
        number('GCOUNT', 1),
        number('TFIELDS', 2),
        "TTYPE1  = 'VARI    '",
        "TFORM1  = '1PE(4)  '",
        "TTYPE2  = 'ID      '",
        "TFORM2  = 'J       '",
      ],
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9),
    )
    const file = await readFits(memorySource(join([primary, extension])))
    const table = await readBinaryTable(file, file.hdus[1])
    expect([...table.numbers('ID')]).toEqual([9])
    expect(() => table.values('VARI')).toThrow(/column VARI, got variable-length arrays/)
  })
})

describe('random groups', () => {
  it('keep parameters and array apart', async () => {
    const view = new DataView(new ArrayBuffer(2 * 5 * 4))
    for (let i = 0; i < 10; i++) view.setFloat32(4 * i, i + 0.5)
    const bytes = rawFile(
      [
        'SIMPLE  =                    T',
        number('BITPIX', -32),
        number('NAXIS', 2),
        number('NAXIS1', 0),
        number('NAXIS2', 3),
        'GROUPS  =                    T',
        number('GCOUNT', 2),
        number('PCOUNT', 2),
        "PTYPE1  = 'UU--    '",
        number('PSCAL1', '2.0'),
        "PTYPE2  = 'DATE    '",
        number('PZERO2', '2400000.5'),
      ],
      new Uint8Array(view.buffer),
    )
    const file = await readFits(memorySource(bytes))
    expect(file.hdus[0].kind).toBe('groups')
    const groups = openRandomGroups(file, file.hdus[0])
    expect(groups).toMatchObject({ nGroup: 2, groupSize: 5, axes: [3] })
    expect(groups.parameters).toEqual([
      { name: 'UU--', scale: 2, zero: 0 },
      { name: 'DATE', scale: 1, zero: 2_400_000.5 },
    ])
    expect([...(await groups.read(1, 1))]).toEqual([5.5, 6.5, 7.5, 8.5, 9.5])
    await expect(groups.read(1, 2)).rejects.toThrow(/groups within 0 to 2/)
  })
})

describe('damaged files', () => {
  const good = join(encodeImage({ shape: [30, 30], pixels: new Float32Array(900), header: new FitsHeader() }))

  it('are refused when they are not FITS', async () => {
    await expect(readFits(memorySource(new TextEncoder().encode('<html>'), 'a.fits'))).rejects.toThrow(
      /starting with SIMPLE = T.*"<html>" \(a.fits\)/,
    )
  })

  it.each([79, 1000, 2879, 2880, 6000])('are refused when cut after %i bytes', async length => {
    await expect(readFits(memorySource(good.slice(0, length)))).rejects.toThrow(/truncated|SIMPLE/)
  })

  it.each([
    ['NAXIS1', 1e15],
    ['NAXIS1', -5],
    ['NAXIS', 5000],
    ['BITPIX', 17],
    ['NAXIS1', 2 ** 40],
  ])('with %s = %f are refused before memory is taken', async (keyword, value) => {
    const cards: Record<string, number> = { BITPIX: -32, NAXIS: 2, NAXIS1: 4, NAXIS2: 4, [keyword]: value }
    const bytes = rawFile(
      ['SIMPLE  =                    T', ...Object.entries(cards).map(([key, each]) => number(key, each))],
      new Uint8Array(64),
    )
    await expect(readFits(memorySource(bytes))).rejects.toThrow(/expected/)
  })
})
