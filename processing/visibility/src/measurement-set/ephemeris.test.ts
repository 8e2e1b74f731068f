import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableRecord } from '@cleanbeam/casatable'
import { createTable, openTableForUpdate } from '@cleanbeam/casatable/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openObservation } from '../node/open-observation.ts'

const RAD_PER_DEG = Math.PI / 180
const FIRST_MJD = 57_174
let folder: string
let path: string

/** Makes the one field of a reference MeasurementSet follow an ephemeris. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-ephemeris-'))
  const archive = new URL('../../../../conformance/refs/ms/twopoints_twochan_ssm_little.ms.tar.gz', import.meta.url)
  execFileSync('tar', ['-xzf', archive.pathname, '-C', folder])
  path = join(folder, 'twopoints_twochan_ssm_little.ms')
  const field = openTableForUpdate(join(path, 'FIELD'))
  field.addColumn({ name: 'EPHEMERIS_ID', type: 'int32' }, { type: 'StandardStMan', name: 'EPHEMERIDES' })
  for (const column of ['PHASE_DIR', 'DELAY_DIR', 'REFERENCE_DIR'])
    field.column(column).putCell(0, { shape: [2, 1], data: new Float64Array(2) })
  field.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

function makeEphemeris(system: string): void {
  const tab = join(path, 'FIELD', 'EPHEM0_Titan_57174.tab')
  rmSync(tab, { recursive: true, force: true })
  const nRow = 25
  const keywords = new TableRecord().set('posrefsys', 'string', system).set('obsloc', 'string', 'GEOCENTRIC')
  const columns = ['MJD', 'RA', 'DEC', 'Rho'].map(name => ({ name, type: 'float64' as const }))
  const table = createTable(tab, { nRow, columns, keywords })
  const values: Record<string, (i: number) => number> = {
    MJD: i => FIRST_MJD + i / 24,
    RA: i => 239.5 + 0.01 * i,
    DEC: i => -18.4 + 0.001 * i,
    Rho: () => 9,
  }
  for (const [name, value] of Object.entries(values))
    table.column(name).putRange(
      0,
      nRow,
      Float64Array.from({ length: nRow }, (_, i) => value(i)),
    )
  table.close()
}

describe('a field that follows an ephemeris', () => {
  it('is refused by name without its table', async () => {
    await expect(openObservation(path)).rejects.toThrow(/ephemeris EPHEM0_….tab of field 0/)
  })

  it('stands where its ephemeris says, at its first row and at any time', async () => {
    makeEphemeris('ICRF/J2000.0')
    const observation = await openObservation(path)
    try {
      const [{ phaseCentre, directionAt }] = observation.fields
      const hours = (mjdSeconds: number) => (mjdSeconds / 86_400 - FIRST_MJD) * 24
      for (const time of [observation.startMjdSeconds, observation.endMjdSeconds]) {
        const at = directionAt?.(time) ?? phaseCentre
        const longitude = ((at.longitudeRad / RAD_PER_DEG) % 360) + (at.longitudeRad < 0 ? 360 : 0)
        // The parallax of a body at 9 AU is 1 arcsec; UTC is 67 s behind.
        expect(Math.abs(longitude - (239.5 + 0.01 * hours(time)))).toBeLessThan(6e-4)
        expect(Math.abs(at.latitudeRad / RAD_PER_DEG - (-18.4 + 0.001 * hours(time)))).toBeLessThan(4e-4)
      }
      expect(phaseCentre).toEqual(directionAt?.(observation.startMjdSeconds))
      const { remarks } = await observation.survey({})
      expect(remarks).toEqual([expect.stringMatching(/field 0 .* moves by \d+\.\d arcsec/)])
    } finally {
      await observation.close()
    }
  })

  it('is refused in a frame that is not known', async () => {
    makeEphemeris('B1950')
    await expect(openObservation(path)).rejects.toThrow(/J2000 or ICRS, got B1950/)
  })
})
