import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataSelection, VisibilityChunk } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { openObservation } from '../node.ts'

const SHARED = new URL('../../../../../shared/refs/ms/', import.meta.url).pathname
const hasShared = existsSync(SHARED)
if (!hasShared) console.warn(`SKIPPED: MeasurementSet tests need ${SHARED}`)

async function readAll(name: string, selection: DataSelection = {}, maxBytes?: number): Promise<VisibilityChunk[]> {
  const observation = await openObservation(join(SHARED, name))
  const chunks: VisibilityChunk[] = []
  for await (const chunk of observation.chunks(selection, { maxBytes })) chunks.push(chunk)
  await observation.close()
  return chunks
}

function digest(chunks: readonly VisibilityChunk[]): string {
  const hash = createHash('sha256')
  for (const chunk of chunks) {
    const { visibility, weight, flag, uvwMetres, timeMjdSeconds, rowNumber, antenna1, antenna2, frequencyHz } = chunk
    for (const array of [
      visibility,
      weight,
      flag,
      uvwMetres,
      timeMjdSeconds,
      rowNumber,
      antenna1,
      antenna2,
      frequencyHz,
    ]) {
      hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    }
  }
  return hash.digest('hex')
}

describe.skipIf(!hasShared)('MeasurementSets', () => {
  it('are described by their subtables', async () => {
    const observation = await openObservation(join(SHARED, 'selection.ms'))
    expect(observation.telescope).toBe('VLA')
    expect(observation.nRow).toBe(4725)
    expect(observation.spws.map(spw => [spw.name, spw.channelFrequencyHz.length, spw.frame])).toEqual([
      ['W0', 16, 'TOPO'],
      ['W1', 8, 'TOPO'],
      ['W2', 4, 'TOPO'],
    ])
    expect(observation.dataDescriptions[1]).toEqual({ id: 1, spw: 1, correlations: ['RR', 'LL'] })
    expect(observation.fields.map(field => field.name)).toEqual(['TGT', 'CAL'])
    expect(observation.fields[0].phaseCentre).toEqual({
      frame: 'J2000',
      longitudeRad: -1.0494882958398402,
      latitudeRad: 0.7097672291443606,
    })
    expect(observation.antennas[3]).toMatchObject({ name: 'VA04', station: 'P04', dishDiameterMetres: 25 })
    expect(observation.startMjdSeconds).toBeCloseTo(4_939_861_393.798971, 5)
    await observation.close()
  })

  it('give the same visibilities from every storage manager and byte order', async () => {
    const base = digest(await readAll('twopoints_twochan.ms'))
    for (const variant of ['ssm_little', 'tsm_little', 'tcol_little', 'ism_little', 'ssm_big', 'tcol_big']) {
      expect(digest(await readAll(`twopoints_twochan_${variant}.ms`)), variant).toBe(base)
    }
  })

  it('give the same in small chunks', async () => {
    const whole = await readAll('selection.ms', { spw: '0:2~9', field: '0' })
    const small = await readAll('selection.ms', { spw: '0:2~9', field: '0' }, 5000)
    expect(small.length).toBeGreaterThan(10)
    expect(digest([whole[0]])).not.toBe(digest([small[0]]))
    expect(small.flatMap(chunk => [...chunk.visibility])).toEqual([...whole[0].visibility])
    expect(small.flatMap(chunk => [...chunk.rowNumber])).toEqual([...whole[0].rowNumber])
  })

  it('deliver the channels that were asked for, also with gaps', async () => {
    const [all] = await readAll('selection.ms', { spw: '0', field: '0' })
    const [some] = await readAll('selection.ms', { spw: '0:1;4~6;15', field: '0' })
    expect([...some.frequencyHz]).toEqual([1.402e9, 1.408e9, 1.41e9, 1.412e9, 1.43e9])
    const channels = [1, 4, 5, 6, 15]
    for (const row of [0, 17, some.nRow - 1]) {
      channels.forEach((channel, k) => {
        for (let p = 0; p < 2; p++) {
          const from = (row * 16 + channel) * 2 + p
          const to = (row * 5 + k) * 2 + p
          expect(some.visibility[2 * to]).toBe(all.visibility[2 * from])
          expect(some.weight[to]).toBe(all.weight[from])
        }
      })
    }
  })

  it('read CORRECTED_DATA when asked and DATA where there is none', async () => {
    const [data] = await readAll('selection.ms', { spw: '2', datacolumn: 'data' })
    const [corrected] = await readAll('selection.ms', { spw: '2', datacolumn: 'corrected' })
    expect(digest([corrected])).not.toBe(digest([data]))
  })

  it('say so when another column than CORRECTED_DATA is read', async () => {
    const remarks = async (ms: string, datacolumn: 'data' | 'corrected') => {
      const observation = await openObservation(join(SHARED, ms))
      const survey = await observation.survey({ datacolumn })
      await observation.close()
      return survey.remarks
    }
    expect(await remarks('twopoints_twochan.ms', 'corrected')).toEqual([
      expect.stringMatching(/no CORRECTED_DATA.*DATA/),
    ])
    expect(await remarks('twopoints_twochan.ms', 'data')).toEqual([])
    expect(await remarks('selection.ms', 'corrected')).toEqual([])
  })

  it('have a state that subtables count in, lock files do not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cleanbeam-ms-'))
    const path = join(folder, 'copy.ms')
    await cp(join(SHARED, 'twopoints_twochan.ms'), path, { recursive: true })
    const state = async () => {
      const observation = await openObservation(path)
      await observation.close()
      return observation.stateKey
    }
    const before = await state()
    expect(await state()).toBe(before)
    const seen = [before]
    for (const file of ['FIELD/table.dat', 'SPECTRAL_WINDOW/table.f0', 'table.dat']) {
      await utimes(join(path, file), 1e9, 1e9 + seen.length)
      seen.push(await state())
    }
    expect(new Set(seen).size).toBe(4)
    await utimes(join(path, 'table.lock'), 1e9, 1e9)
    await utimes(join(path, 'FIELD/table.lock'), 1e9, 1e9)
    expect(await state()).toBe(seen[3])
    await rm(folder, { recursive: true })
  })

  it('list the rows of a selection', async () => {
    const observation = await openObservation(join(SHARED, 'selection.ms'))
    const { rows, selection } = await observation.select({ spw: '0:0~14^2', field: 'TGT', antenna: 'VA11&VA03' })
    expect(rows.length).toBe(10)
    expect(selection.channelRanges).toEqual([{ spw: 0, start: 0, stop: 14, step: 2 }])
    await expect(observation.select({ scan: '99' })).rejects.toThrow(/none for scan='99'/)
    await observation.close()
  })
})

it('a folder that is no MeasurementSet is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cleanbeam-ms-'))
  await expect(openObservation(folder)).rejects.toThrow(/a directory that is not a MeasurementSet/)
  await rm(folder, { recursive: true })
})
