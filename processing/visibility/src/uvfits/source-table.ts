import { type BinaryTable, type FitsFile, findHdu, type Hdu, readBinaryTable } from '@cleanbeam/fits'
import type { DirectionFrame, ObservedField } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import type { UvfitsAxes } from './axes.ts'

/** The fields of a UVFITS file and the field id of each SOURCE number. */
export interface SourceList {
  readonly fields: readonly ObservedField[]
  readonly fieldOfSource: ReadonlyMap<number, number>
}

const RAD_PER_DEG = Math.PI / 180

/**
 * Fields from the AIPS SU table of a multi-source file, or the one field of the header.
 * @param hasSourceParameter - whether the groups say which source they belong to
 * @throws VisibilityError when neither gives a direction
 * @see AIPS Memo 117, section 4.7
 */
export async function readSources(
  file: FitsFile,
  groups: Hdu,
  axes: UvfitsAxes,
  hasSourceParameter: boolean,
): Promise<SourceList> {
  const hdu = hasSourceParameter ? findHdu(file, 'AIPS SU') : undefined
  if (hdu !== undefined) return fromTable(await readBinaryTable(file, hdu), frameOf(groups))
  if (axes.directionRad === null) {
    throw new VisibilityError(
      `expected RA and DEC axes or a source table (AIPS SU), got neither (${groups.header.where}): the phase centre is not known`,
      { where: groups.header.where },
    )
  }
  const [longitudeRad, latitudeRad] = axes.directionRad
  const name = groups.header.string('OBJECT', '').trim()
  const field = { id: 0, name, phaseCentre: { frame: frameOf(groups), longitudeRad, latitudeRad } }
  return { fields: [field], fieldOfSource: new Map([[1, 0]]) }
}

function fromTable(table: BinaryTable, headerFrame: DirectionFrame): SourceList {
  const ids = table.numbers(table.has('ID. NO.') ? 'ID. NO.' : 'ID_NO.')
  const names = table.strings('SOURCE')
  const ra = table.numbers('RAEPO')
  const dec = table.numbers('DECEPO')
  const epochs = table.has('EPOCH') ? table.numbers('EPOCH') : null
  const fields = Array.from({ length: table.nRow }, (_, id) => ({
    id,
    name: names[id],
    phaseCentre: {
      frame: epochs === null ? headerFrame : frameOfEpoch(epochs[id], headerFrame),
      longitudeRad: ra[id] * RAD_PER_DEG,
      latitudeRad: dec[id] * RAD_PER_DEG,
    },
  }))
  return { fields, fieldOfSource: new Map(Array.from(ids, (id, row) => [id, row])) }
}

function frameOf(groups: Hdu): DirectionFrame {
  const { header } = groups
  const system = header.get('RADESYS') ?? header.get('PHSFRAME')
  if (typeof system === 'string' && system.trim().toUpperCase() === 'ICRS') return 'ICRS'
  const equinox = header.get('EQUINOX') ?? header.get('EPOCH')
  return typeof equinox === 'number' ? frameOfEpoch(equinox, 'J2000') : 'J2000'
}

function frameOfEpoch(epoch: number, fallback: DirectionFrame): DirectionFrame {
  if (Math.abs(epoch - 1950) < 0.01) return 'B1950'
  return Math.abs(epoch - 2000) < 0.01 && fallback === 'B1950' ? 'J2000' : fallback
}
