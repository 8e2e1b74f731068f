import { type FitsFile, findHdu, type Hdu, readBinaryTable } from '@cleanbeam/fits'
import type { SpectralFrame, SpectralWindow } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import type { UvfitsAxes } from './axes.ts'

/** Spectral windows of a UVFITS file: one per FREQSEL number and IF. */
export interface FrequencySetups {
  readonly spws: readonly SpectralWindow[]
  readonly nIf: number
  /** First spw of each FREQSEL number. */
  readonly firstSpw: ReadonlyMap<number, number>
}

interface IfSetup {
  readonly offsetHz: number
  /** Signed: negative when frequency falls with channel number. */
  readonly channelWidthHz: number
}

/**
 * Builds the spectral windows from the FREQ axis and, where there is one, the AIPS FQ table.
 *
 * Channel k (from 0) of an IF stands at CRVAL + IF FREQ + (k + 1 − CRPIX)·CH WIDTH·SIDEBAND.
 * @throws VisibilityError when there are several IFs and no FQ table
 * @see AIPS Memo 117, section 4.5
 */
export async function readFrequencySetups(file: FitsFile, groups: Hdu, axes: UvfitsAxes): Promise<FrequencySetups> {
  const nIf = axes.intermediateFrequency.size
  const setups = await readFqTable(file, nIf)
  if (setups === null && nIf > 1) {
    throw new VisibilityError(
      `expected a frequency table (AIPS FQ) for ${nIf} IFs, got none (${groups.header.where}): the file is not a complete UVFITS observation`,
      { nIf },
    )
  }
  const listed = setups ?? new Map([[1, [{ offsetHz: 0, channelWidthHz: axes.frequency.increment }]]])
  const frame = spectralFrameOf(groups)
  const spws: SpectralWindow[] = []
  const firstSpw = new Map<number, number>()
  for (const [selection, ifs] of listed) {
    firstSpw.set(selection, spws.length)
    for (const each of ifs) spws.push(spectralWindow(spws.length, each, axes, frame))
  }
  return { spws, nIf, firstSpw }
}

async function readFqTable(file: FitsFile, nIf: number): Promise<Map<number, IfSetup[]> | null> {
  const hdu = findHdu(file, 'AIPS FQ')
  if (hdu === undefined) return null
  const table = await readBinaryTable(file, hdu)
  const selections = table.numbers('FRQSEL')
  const offsets = table.numbers('IF FREQ')
  const widths = table.numbers('CH WIDTH')
  const sidebands = table.has('SIDEBAND') ? table.numbers('SIDEBAND') : null
  if (offsets.length !== nIf * table.nRow || widths.length !== nIf * table.nRow) {
    throw new VisibilityError(
      `expected ${nIf} IFs in each row, got ${offsets.length / table.nRow} (${hdu.header.where}): the FREQ table does not fit the data`,
      { nIf },
    )
  }
  const setups = new Map<number, IfSetup[]>()
  for (let row = 0; row < table.nRow; row++) {
    const ifs = Array.from({ length: nIf }, (_, i) => {
      const at = row * nIf + i
      // Some writers give a negative width and sideband −1 both; either one alone means falling frequency.
      const falls = widths[at] < 0 || (sidebands !== null && sidebands[at] < 0)
      return { offsetHz: offsets[at], channelWidthHz: falls ? -Math.abs(widths[at]) : widths[at] }
    })
    setups.set(selections[row], ifs)
  }
  return setups
}

function spectralWindow(id: number, setup: IfSetup, axes: UvfitsAxes, frame: SpectralFrame): SpectralWindow {
  const { size, referenceValue, referencePixel, increment } = axes.frequency
  const step = setup.channelWidthHz === 0 ? increment : setup.channelWidthHz
  const referenceFrequencyHz = referenceValue + setup.offsetHz
  return {
    id,
    name: '',
    frame,
    channelFrequencyHz: Float64Array.from(
      { length: size },
      (_, k) => referenceFrequencyHz + (k + 1 - referencePixel) * step,
    ),
    channelWidthHz: new Float64Array(size).fill(Math.abs(step)),
    referenceFrequencyHz,
  }
}

const FRAME_BY_VELREF: Readonly<Record<number, SpectralFrame>> = {
  1: 'LSRK',
  2: 'BARY',
  3: 'TOPO',
  4: 'LSRD',
  5: 'GEO',
}
const FRAME_BY_SPECSYS: Readonly<Record<string, SpectralFrame>> = {
  TOPOCENT: 'TOPO',
  GEOCENTR: 'GEO',
  BARYCENT: 'BARY',
  HELIOCEN: 'BARY',
  LSRK: 'LSRK',
  LSRD: 'LSRD',
  GALACTOC: 'GALACTO',
  LOCALGRP: 'LGROUP',
  CMBDIPOL: 'CMB',
}

function spectralFrameOf(groups: Hdu): SpectralFrame {
  const { header } = groups
  const specsys = header.get('SPECSYS')
  if (typeof specsys === 'string') return FRAME_BY_SPECSYS[specsys.trim().toUpperCase()] ?? 'TOPO'
  const velref = header.get('VELREF')
  return typeof velref === 'number' ? (FRAME_BY_VELREF[velref % 256] ?? 'TOPO') : 'TOPO'
}
