import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { observatoryPosition, spectralFrameTrack } from '@cleanbeam/measures'
import type { Observation, VisibilityChunk } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openObservation } from '../node.ts'

const M87 = new URL('../../../../examples/m87/m87.uvfits', import.meta.url).pathname

/** Digests of the arrays astropy 7 reads from the file (correlations RR RL LR LL), per spectral window. */
const UVW = ['0c75620168872d90', '0c75620168872d90']
const VISIBILITY = ['f487b5adbbf11fcb', '196906c40f0abc7f']
const WEIGHT = ['f612ebee18e59774', '4d1ba17bdf78cd97']

async function readAll(observation: Observation, maxBytes?: number): Promise<VisibilityChunk[]> {
  const chunks: VisibilityChunk[] = []
  for await (const chunk of observation.chunks({}, { maxBytes })) chunks.push(chunk)
  return chunks
}

/** SHA-256 of the bytes, to hold a whole array against the one astropy reads. */
function digest(array: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex')
    .slice(0, 16)
}

describe('M87, a VLBA observation', () => {
  let observation: Observation
  let chunks: VisibilityChunk[]
  beforeAll(async () => {
    observation = await openObservation(M87)
    chunks = await readAll(observation)
  })
  afterAll(() => observation.close())

  it('describes the observation', () => {
    expect(observation.telescope).toBe('VLBA')
    expect(observation.observer).toBe('BL137')
    expect(observation.nRow).toBe(6300)
    expect(observation.antennas.map(each => each.name).join(' ')).toBe('BR FD HN KP LA MK NL OV PT SC')
    expect(observation.antennas[5].positionMetres[0]).toBeCloseTo(-5_464_075.0895, 4)
    expect(observation.spws.map(each => each.channelFrequencyHz[0])).toEqual([8_104_458_750, 8_112_458_750])
    expect(observation.spws.map(each => each.channelWidthHz[0])).toEqual([8e6, 8e6])
    expect(observation.spws[0].frame).toBe('TOPO')
    expect(observation.fields[0].name).toBe('1228+126')
    expect((observation.fields[0].phaseCentre.longitudeRad * 180) / Math.PI).toBeCloseTo(187.705930754, 9)
    expect(observation.startMjdSeconds).toBeCloseTo(4_657_121_585.005188, 5)
    expect(observation.endMjdSeconds).toBeCloseTo(4_657_157_085.003662, 5)
    expect(observation.dataDescriptions[0].correlations).toEqual(['RR', 'RL', 'LR', 'LL'])
  })

  it('holds the numbers that astropy reads, bit for bit', () => {
    expect(chunks.map(chunk => [chunk.dataDescription, chunk.nRow, chunk.nChannel, chunk.nCorrelation])).toEqual([
      [0, 3150, 1, 4],
      [1, 3150, 1, 4],
    ])
    expect(chunks.map(chunk => digest(chunk.uvwMetres))).toEqual(UVW)
    expect(chunks.map(chunk => digest(chunk.visibility))).toEqual(VISIBILITY)
    expect(chunks.map(chunk => digest(chunk.weight))).toEqual(WEIGHT)
    expect(chunks[0].rowNumber.slice(0, 3)).toEqual(Uint32Array.of(0, 2, 4))
    expect([chunks[0].antenna1[0], chunks[0].antenna2[0]]).toEqual([0, 6])
  })

  it('counts the zero weights and flags them', () => {
    expect(observation.census()).toEqual({ nVisibility: 25_200, nFlagged: 1416, nZeroWeight: 1416, nNotFinite: 0 })
    const flagged = chunks.map(chunk => chunk.flag.reduce((sum, flag) => sum + flag, 0))
    expect(flagged).toEqual([884, 532])
  })

  it('gives the same in small blocks', async () => {
    const small = await readAll(observation, 10_000)
    expect(small.length).toBeGreaterThan(20)
    const joined = small.filter(chunk => chunk.dataDescription === 1).flatMap(chunk => [...chunk.visibility])
    expect(digest(Float32Array.from(joined))).toBe(VISIBILITY[1])
  })

  it('reads within 100 ms', async () => {
    const milliseconds: number[] = []
    for (let run = 0; run < 5; run++) {
      const start = performance.now()
      const again = await openObservation(M87)
      await readAll(again)
      await again.close()
      milliseconds.push(performance.now() - start)
    }
    expect(Math.min(...milliseconds), milliseconds.join(' ')).toBeLessThan(100)
  })

  it('spans the frequency range in LSRK that CASA gives the mfs image', () => {
    const positionMetres = observatoryPosition(observation.telescope)
    if (positionMetres === undefined) throw new Error('no position for the telescope')
    const direction = observation.fields[0].phaseCentre
    const factors = Array.from(chunks[0].timeMjdSeconds, spectralFrameTrack('TOPO', 'LSRK', positionMetres, direction))
    const lowHz = Math.min(...factors) * (8_104_458_750 - 4e6)
    const highHz = Math.max(...factors) * (8_112_458_750 + 4e6)
    expect(Math.abs((lowHz + highHz) / 2 - 8_109_104_254.685901)).toBeLessThan(8)
    expect(Math.abs(highHz - lowHz - 16_017_739.72926712)).toBeLessThan(8)
  })
})

describe('selection', () => {
  it('takes one spectral window', async () => {
    const observation = await openObservation(M87)
    const dds: number[] = []
    for await (const chunk of observation.chunks({ spw: '1', field: '0' })) dds.push(chunk.dataDescription)
    expect(dds).toEqual([1])
    await observation.close()
  })

  it('names what the observation does not have', async () => {
    const observation = await openObservation(M87)
    await expect(observation.chunks({ spw: '5' })[Symbol.asyncIterator]().next()).rejects.toThrow(/spw.*'5'/)
    await expect(observation.chunks({ field: '3C273' })[Symbol.asyncIterator]().next()).rejects.toThrow(/field.*3C273/)
    await observation.close()
  })
})

describe('what is not a good UVFITS file', () => {
  let folder: string
  let bytes: Buffer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cleanbeam-uvfits-'))
    bytes = await readFile(M87)
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function write(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  it('refuses a missing file by its path', async () => {
    await expect(openObservation('/nowhere/m87.uvfits')).rejects.toThrow(/no such file \(\/nowhere\/m87.uvfits\)/)
  })

  it('refuses a directory', async () => {
    await expect(openObservation(folder)).rejects.toThrow(/got a directory/)
  })

  it('refuses a text file and an empty one', async () => {
    await expect(openObservation(await write('a.txt', 'hello'))).rejects.toThrow(/expected a FITS file.*"hello"/)
    await expect(openObservation(await write('empty', ''))).rejects.toThrow(/an empty file/)
  })

  it('refuses a FITS image', async () => {
    const image = new URL('../../../../conformance/refs/real/m87_dirty/m87_dirty.psf.fits.gz', import.meta.url).pathname
    await expect(openObservation(image)).rejects.toThrow(/expected visibilities.*an image of 512 x 512/)
  })

  it('refuses a file truncated anywhere before its last table ends', async () => {
    for (const length of [1000, 50_000, 93_600, 200_000, 450_000, bytes.length - 2880]) {
      const path = await write('short.uvfits', bytes.subarray(0, length))
      await expect(openObservation(path), `${length} bytes`).rejects.toThrow(/truncated|antenna table|frequency table/)
    }
  })

  it('flags visibilities that are not numbers, and counts them', async () => {
    const damaged = Buffer.from(bytes)
    const data = dataOffset(bytes)
    const groupBytes = 4 * (7 + 24)
    for (let group = 0; group < 5; group++) damaged.writeFloatBE(Number.NaN, data + group * groupBytes + 4 * 7)
    damaged.writeFloatBE(Number.POSITIVE_INFINITY, data + 9 * groupBytes + 4 * 8)
    const observation = await openObservation(await write('nan.uvfits', damaged))
    const [first] = await readAll(observation)
    // Two of the six had a weight of zero already.
    expect(observation.census()).toMatchObject({ nNotFinite: 6, nFlagged: 1416 + 4 })
    expect([first.flag[0], first.visibility[0], first.weight[0]]).toEqual([1, 0, 0])
    expect(first.visibility.every(Number.isFinite)).toBe(true)
    await observation.close()
  })

  it('delivers data that are all flagged as flagged', async () => {
    const damaged = Buffer.from(bytes)
    const data = dataOffset(bytes)
    for (let group = 0; group < 3150; group++) {
      for (let k = 2; k < 24; k += 3) damaged.writeFloatBE(-1, data + 4 * (31 * group + 7 + k))
    }
    const observation = await openObservation(await write('flagged.uvfits', damaged))
    await readAll(observation)
    expect(observation.census()).toMatchObject({ nVisibility: 25_200, nFlagged: 25_200 })
    await observation.close()
  })
})

function dataOffset(bytes: Buffer): number {
  return Math.ceil((bytes.indexOf(`END${' '.repeat(77)}`, 0, 'latin1') + 80) / 2880) * 2880
}
