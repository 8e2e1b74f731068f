// Reading MeasurementSets: DATA of 1 GB from the page cache into reused memory, beside python-casacore's getcol in the same
// run; and opening and listing one of 10⁶ rows. Writes 1.3 GB into the temporary folder (TMPDIR) and removes it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createTable, openTable, openTableForUpdate } from '@cleanbeam/casatable/node'
import { importuvfits, listObservation } from '@cleanbeam/visibility/node'
import { median } from './median.ts'

const REPEATS = 5
const N_CORRELATION = 4
const N_CHANNEL = 64
const ROW_BYTES = 8 * N_CORRELATION * N_CHANNEL
const N_ROW = Math.ceil(1e9 / ROW_BYTES)
/** Read at once: 64 MB. */
const BLOCK_ROWS = 32_768
const LISTED_ROWS = 1_000_000
const PYTHON = '/usr/bin/python3'

const root = resolve('.')
const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))

/** A table of one tiled column, 1 MB per tile as CASA makes them. */
function makeData(path: string, type: 'TiledShapeStMan' | 'TiledColumnStMan'): void {
  const cell = [N_CORRELATION, N_CHANNEL]
  const table = createTable(path, {
    nRow: N_ROW,
    columns: [
      {
        name: 'DATA',
        type: 'complex64',
        shape: type === 'TiledColumnStMan' ? cell : 'variable',
        nAxis: 2,
        storage: 'TiledData',
      },
    ],
    storage: [{ type, name: 'TiledData', tileShape: [N_CORRELATION, N_CHANNEL, 512] }],
  })
  const values = Float32Array.from({ length: 2 * N_CORRELATION * N_CHANNEL * BLOCK_ROWS }, (_, i) => Math.sin(i))
  for (let row = 0; row < N_ROW; row += BLOCK_ROWS) {
    const n = Math.min(BLOCK_ROWS, N_ROW - row)
    const part = values.subarray(0, 2 * N_CORRELATION * N_CHANNEL * n)
    table.column('DATA').putRange(row, n, part, { cellShape: cell })
  }
  table.close()
}

function readOnce(path: string, into: Float32Array): number {
  const table = openTable(path)
  const column = table.column('DATA')
  const started = performance.now()
  for (let row = 0; row < N_ROW; row += BLOCK_ROWS) column.getRange(row, Math.min(BLOCK_ROWS, N_ROW - row), { into })
  const seconds = (performance.now() - started) / 1000
  table.close()
  return seconds
}

function benchReading(type: 'TiledShapeStMan' | 'TiledColumnStMan'): void {
  const path = join(folder, `${type}.table`)
  makeData(path, type)
  const into = new Float32Array(2 * N_CORRELATION * N_CHANNEL * BLOCK_ROWS)
  readOnce(path, into)
  const ours = Array.from({ length: REPEATS }, () => readOnce(path, into))
  const gigabytes = (N_ROW * ROW_BYTES) / 1e9
  const rate = (seconds: number) => `${(gigabytes / seconds).toFixed(2)} GB/s`
  console.log(`${type}, ${gigabytes.toFixed(2)} GB of DATA: ${rate(median(ours))}`)
  const script = join(root, 'conformance/bench/read_column.py')
  const run = spawnSync(PYTHON, [script, path, String(BLOCK_ROWS), String(REPEATS)], { encoding: 'utf8' })
  if (run.status === 0) {
    const theirs = median(JSON.parse(run.stdout))
    console.log(
      `  python-casacore getcol: ${rate(theirs)}; ours is ${(theirs / median(ours)).toFixed(1)} times as fast`,
    )
  } else console.log('  python-casacore is not there to compare with')
  rmSync(path, { recursive: true })
}

/** The M87 example with its rows repeated, later each time. */
async function makeLong(path: string): Promise<void> {
  await importuvfits({ fitsfile: join(root, 'examples/m87/m87.uvfits'), vis: path })
  const ms = openTableForUpdate(path)
  const n = ms.nRow
  ms.addRows(LISTED_ROWS - n)
  const scalars = ms.columnNames.filter(name => !ms.column(name).isArray)
  for (const name of [...scalars, 'UVW']) {
    const { data } = ms.column(name).getRange(0, n)
    const isTime = name === 'TIME' || name === 'TIME_CENTROID'
    for (let row = n, turn = 1; row < LISTED_ROWS; row += n, turn++) {
      const rows = Math.min(n, LISTED_ROWS - row)
      const part = data.slice(0, (data.length / n) * rows)
      if (isTime && part instanceof Float64Array) for (let i = 0; i < rows; i++) part[i] += turn * 86_400
      if (name === 'SCAN_NUMBER' && part instanceof Int32Array) for (let i = 0; i < rows; i++) part[i] += turn * 10
      ms.column(name).putRange(row, rows, part)
    }
  }
  ms.close()
}

async function benchListing(): Promise<void> {
  const path = join(folder, 'long.ms')
  await makeLong(path)
  const inProcess: number[] = []
  let nScan = 0
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now()
    const listing = await listObservation(path)
    inProcess.push((performance.now() - started) / 1000)
    nScan = listing.scans?.length ?? 0
  }
  const command = [join(root, 'cleanbeam/bin/cleanbeam.js'), 'listobs', path]
  const whole = Array.from({ length: REPEATS }, () => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`expected exit status 0, got ${status}: ${stderr}`)
    return (performance.now() - started) / 1000
  })
  console.log(
    `MeasurementSet of ${LISTED_ROWS} rows, ${nScan} scans: opened and listed in ${median(inProcess).toFixed(2)} s; the command listobs takes ${median(whole).toFixed(2)} s`,
  )
}

try {
  await benchListing()
  benchReading('TiledShapeStMan')
  benchReading('TiledColumnStMan')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
