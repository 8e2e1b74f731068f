import type { NumericArray, WritableTable } from '@cleanbeam/casatable'
import { readGroupFacts } from '../uvfits/group-facts.ts'
import { scaledValue } from '../uvfits/group-parameters.ts'
import type { UvfitsContent } from '../uvfits/read-uvfits.ts'
import { VisibilityError } from '../visibility-error.ts'

/** A pause of this length, or another field, begins a scan (measured with casatasks 6.7: 290 s does not, 320 s does). */
const SCAN_GAP_SECONDS = 300
/** Numbers of the file that are in memory at once. */
const BLOCK_NUMBERS = 1 << 22

/** What runs on from one block of groups to the next. */
interface ScanState {
  scan: number
  field: number
  timeMjdSeconds: number
}

/** Called with the share of the rows that is written. */
export interface WriteCall {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

/** Writes the rows of the main table: each IF of each group is one. */
export async function writeMainRows(table: WritableTable, content: UvfitsContent, call: WriteCall): Promise<void> {
  const { groups } = content
  const perBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / groups.groupSize))
  const state: ScanState = { scan: 0, field: -1, timeMjdSeconds: 0 }
  for (let first = 0; first < groups.nGroup; first += perBlock) {
    call.signal?.throwIfAborted()
    const raw = await groups.read(first, Math.min(perBlock, groups.nGroup - first))
    writeBlock(table, content, raw, first, state)
    call.onProgress?.(Math.min(1, (first + perBlock) / groups.nGroup))
  }
}

function writeBlock(
  table: WritableTable,
  content: UvfitsContent,
  raw: Float32Array | Float64Array,
  firstGroup: number,
  state: ScanState,
): void {
  const { groups, context, setups } = content
  const facts = readGroupFacts(raw, groups, firstGroup, context)
  const { nIf } = setups
  const nRow = facts.nGroup * nIf
  const firstRow = firstGroup * nIf
  const { integrationSeconds } = context.layout
  const scans = new Int32Array(facts.nGroup)
  const exposures = new Float64Array(facts.nGroup)
  for (let g = 0; g < facts.nGroup; g++) {
    scans[g] = nextScan(state, facts.field[g], facts.timeMjdSeconds[g])
    exposures[g] = integrationSeconds === null ? 0 : scaledValue(integrationSeconds, raw, g * groups.groupSize)
  }
  const perRow = <T extends Int32Array | Float64Array>(values: T): T => {
    const spread = values.slice(0, 0).constructor as new (n: number) => T
    const out = new spread(nRow)
    for (let row = 0; row < nRow; row++) out[row] = values[Math.floor(row / nIf)]
    return out
  }
  const put = (column: string, data: NumericArray) => table.column(column).putRange(firstRow, nRow, data)
  put('TIME', perRow(facts.timeMjdSeconds))
  put('TIME_CENTROID', perRow(facts.timeMjdSeconds))
  put('EXPOSURE', perRow(exposures))
  put('INTERVAL', perRow(exposures))
  put('ANTENNA1', perRow(facts.antenna1))
  put('ANTENNA2', perRow(facts.antenna2))
  put('FIELD_ID', perRow(facts.field))
  put('ARRAY_ID', perRow(facts.subarray))
  put('SCAN_NUMBER', perRow(scans))
  put('DATA_DESC_ID', descriptions(content, facts.frequencySelection))
  for (const column of ['FEED1', 'FEED2', 'OBSERVATION_ID']) put(column, new Int32Array(nRow))
  for (const column of ['PROCESSOR_ID', 'STATE_ID']) put(column, new Int32Array(nRow).fill(-1))
  const uvw = new Float64Array(3 * nRow)
  for (let row = 0; row < nRow; row++)
    for (let k = 0; k < 3; k++) uvw[3 * row + k] = facts.uvwMetres[3 * Math.floor(row / nIf) + k]
  put('UVW', uvw)
  writeVisibilities(table, content, raw, firstRow, nRow)
}

function nextScan(state: ScanState, field: number, timeMjdSeconds: number): number {
  const isNew = field !== state.field || Math.abs(timeMjdSeconds - state.timeMjdSeconds) > SCAN_GAP_SECONDS
  if (isNew) state.scan++
  state.field = field
  state.timeMjdSeconds = timeMjdSeconds
  return state.scan
}

function descriptions({ setups, context }: UvfitsContent, selections: Int32Array): Int32Array {
  const out = new Int32Array(selections.length * setups.nIf)
  for (let g = 0; g < selections.length; g++) {
    const first = setups.firstSpw.get(selections[g])
    if (first === undefined)
      throw new VisibilityError(
        `expected a FREQSEL of ${[...setups.firstSpw.keys()].join(', ')}, got ${selections[g]} (${context.where})`,
        { frequencySelection: selections[g] },
      )
    for (let iIf = 0; iIf < setups.nIf; iIf++) out[g * setups.nIf + iIf] = first + iIf
  }
  return out
}

/** Weights keep their size; those that are not positive flag, as does whatever is not finite. */
function writeVisibilities(
  table: WritableTable,
  { groups, format, setups }: UvfitsContent,
  raw: Float32Array | Float64Array,
  firstRow: number,
  nRow: number,
): void {
  const { axes, fileCorrelations, nParameter, dataScale, dataZero } = format
  const nCorrelation = fileCorrelations.length
  const nChannel = axes.frequency.size
  const perRow = nCorrelation * nChannel
  const data = new Float32Array(2 * perRow * nRow)
  const spectrum = new Float32Array(perRow * nRow)
  const flag = new Uint8Array(perRow * nRow)
  const weight = new Float32Array(nCorrelation * nRow)
  const sigma = new Float32Array(nCorrelation * nRow)
  const flagRow = new Uint8Array(nRow).fill(1)
  const hasWeight = axes.complex.size === 3
  let at = 0
  for (let row = 0; row < nRow; row++) {
    const group = Math.floor(row / setups.nIf)
    const base = group * groups.groupSize + nParameter + (row % setups.nIf) * axes.intermediateFrequency.stride
    for (let channel = 0; channel < nChannel; channel++)
      for (let p = 0; p < nCorrelation; p++, at++) {
        const from = base + channel * axes.frequency.stride + fileCorrelations[p] * axes.stokes.stride
        const w = hasWeight ? raw[from + 2 * axes.complex.stride] * dataScale + dataZero : 1
        data[2 * at] = raw[from] * dataScale + dataZero
        data[2 * at + 1] = raw[from + axes.complex.stride] * dataScale + dataZero
        spectrum[at] = Math.abs(w)
        weight[row * nCorrelation + p] += spectrum[at]
        const isGood = w > 0 && Number.isFinite(data[2 * at]) && Number.isFinite(data[2 * at + 1])
        if (isGood) flagRow[row] = 0
        else flag[at] = 1
      }
  }
  for (let i = 0; i < weight.length; i++) sigma[i] = weight[i] > 0 ? 1 / Math.sqrt(weight[i]) : 0
  const cell = { cellShape: [nCorrelation, nChannel] }
  table.column('DATA').putRange(firstRow, nRow, data, cell)
  table.column('WEIGHT_SPECTRUM').putRange(firstRow, nRow, spectrum, cell)
  table.column('FLAG').putRange(firstRow, nRow, flag, cell)
  table.column('WEIGHT').putRange(firstRow, nRow, weight, { cellShape: [nCorrelation] })
  table.column('SIGMA').putRange(firstRow, nRow, sigma, { cellShape: [nCorrelation] })
  table.column('FLAG_ROW').putRange(firstRow, nRow, flagRow)
}
