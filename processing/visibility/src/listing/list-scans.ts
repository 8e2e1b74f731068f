import type { MeasurementSetMetadata } from '../measurement-set/metadata.ts'
import type { RowIndex } from '../measurement-set/row-index.ts'
import type { ListedScan, UsedParts } from './used-parts.ts'

interface OpenScan {
  readonly scan: number
  readonly observation: number
  readonly array: number
  readonly field: number
  readonly descriptions: Set<number>
  readonly states: Set<number>
  beginMjdSeconds: number
  endMjdSeconds: number
  nRow: number
}

/**
 * The scans of the selected rows, in the order of their beginning: rows of one observation, array, scan and field.
 * *Cost:* one pass over the rows.
 */
export function usedParts(
  allColumns: RowIndex,
  metadata: Pick<MeasurementSetMetadata, 'dataDescriptions' | 'intents'>,
  rows: Uint32Array,
): UsedParts {
  const index = scanColumns(allColumns)
  const scans: OpenScan[] = []
  const antennas = new Set<number>()
  let current: OpenScan | undefined
  let [lastFirst, lastSecond] = [-1, -1]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (current === undefined || !isOfScan(index, row, current)) {
      current = scans.find(each => isOfScan(index, row, each)) ?? startScan(index, row, scans)
    }
    addRow(index, row, current)
    if (index.antenna1[row] !== lastFirst) antennas.add(index.antenna1[row])
    if (index.antenna2[row] !== lastSecond) antennas.add(index.antenna2[row])
    lastFirst = index.antenna1[row]
    lastSecond = index.antenna2[row]
  }
  scans.sort((a, b) => a.beginMjdSeconds - b.beginMjdSeconds)
  return {
    scans: scans.map(scan => listedScan(scan, metadata)),
    fields: new Set(scans.map(scan => scan.field)),
    dataDescriptions: new Set(scans.flatMap(scan => [...scan.descriptions])),
    antennas,
    beginMjdSeconds: Math.min(...scans.map(scan => scan.beginMjdSeconds)),
    endMjdSeconds: Math.max(...scans.map(scan => scan.endMjdSeconds)),
  }
}

/** The columns that tell scans apart, and their content. */
type ScanColumns = Pick<
  RowIndex,
  'scan' | 'field' | 'array' | 'observation' | 'state' | 'dataDescription' | 'timeMjdSeconds' | 'antenna1' | 'antenna2'
>

/** Plain fields, as a getter for every row would cost more than all else. */
function scanColumns(index: RowIndex): ScanColumns {
  const { scan, field, array, observation, state, dataDescription, timeMjdSeconds, antenna1, antenna2 } = index
  return { scan, field, array, observation, state, dataDescription, timeMjdSeconds, antenna1, antenna2 }
}

function isOfScan(index: ScanColumns, row: number, scan: OpenScan): boolean {
  return (
    scan.scan === (index.scan?.[row] ?? 0) &&
    scan.field === index.field[row] &&
    scan.array === (index.array?.[row] ?? 0) &&
    scan.observation === (index.observation?.[row] ?? 0)
  )
}

function startScan(index: ScanColumns, row: number, scans: OpenScan[]): OpenScan {
  const scan: OpenScan = {
    scan: index.scan?.[row] ?? 0,
    observation: index.observation?.[row] ?? 0,
    array: index.array?.[row] ?? 0,
    field: index.field[row],
    descriptions: new Set(),
    states: new Set(),
    beginMjdSeconds: Number.POSITIVE_INFINITY,
    endMjdSeconds: Number.NEGATIVE_INFINITY,
    nRow: 0,
  }
  scans.push(scan)
  return scan
}

function addRow(index: ScanColumns, row: number, scan: OpenScan): void {
  const time = index.timeMjdSeconds[row]
  if (time < scan.beginMjdSeconds) scan.beginMjdSeconds = time
  if (time > scan.endMjdSeconds) scan.endMjdSeconds = time
  scan.descriptions.add(index.dataDescription[row])
  scan.states.add(index.state?.[row] ?? -1)
  scan.nRow++
}

function listedScan(
  { descriptions, states, ...scan }: OpenScan,
  { dataDescriptions, intents }: Pick<MeasurementSetMetadata, 'dataDescriptions' | 'intents'>,
): ListedScan {
  const spws = new Set([...descriptions].map(id => dataDescriptions[id].spw))
  const modes = new Set([...states].map(state => intents?.[state] ?? '').filter(mode => mode !== ''))
  return { ...scan, spws: [...spws].sort((a, b) => a - b), intents: [...modes].join(',') }
}
