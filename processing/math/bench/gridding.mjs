// Gridding and degridding of 1.01e7 samples, against ducc0 in the same run when a Python with ducc0 is given.
//
//   node processing/math/bench/gridding.mjs [--threads 1,2] [--cases flat2048,wide2048,wide4096] [--epsilon 1e-4]
//        [--repeats 3] [--python PATH] [--ducc-epsilon 1e-4] [--reference] [--no-fma] [--memory BYTES]
//        [--data random|ones]
//
// --data ones makes PSFs, whose sums grow largest. --reference also measures both errors against ducc0 in double precision at 1e-9 (slow).

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadMath } from './load-math.mjs'
import { vlaTrack } from './vla-track.mjs'

const { values: given } = parseArgs({
  options: {
    threads: { type: 'string', default: '1,2' },
    cases: { type: 'string', default: 'flat2048,wide2048,wide4096' },
    epsilon: { type: 'string', default: '1e-4' },
    repeats: { type: 'string', default: '3' },
    python: { type: 'string' },
    'ducc-epsilon': { type: 'string' },
    reference: { type: 'boolean', default: false },
    memory: { type: 'string', default: '2e9' },
    data: { type: 'string', default: 'random' },
    'no-fma': { type: 'boolean', default: false },
    integrations: { type: 'string', default: '450' },
  },
})
const ARCSEC = Math.PI / 180 / 3600
const CASES = {
  flat2048: { n: 2048, cellRad: 0.3 * ARCSEC, wTerm: 'ignore' },
  flat4096: { n: 4096, cellRad: 0.3 * ARCSEC, wTerm: 'ignore' },
  wide2048: { n: 2048, cellRad: 0.3 * ARCSEC, wTerm: 'auto' },
  wide4096: { n: 4096, cellRad: 0.5 * ARCSEC, wTerm: 'auto' },
}

const { math, dispose } = await loadMath()
const track = vlaTrack({ nIntegration: Number(given.integrations) })
const nRow = track.uvwMetres.length / 3
const nSample = nRow * track.frequencyHz.length
let seed = 12345
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) | 0
  return seed / 4294967296 + 0.5
}
const ones = given.data === 'ones'
const visibility = Float32Array.from({ length: 2 * nSample }, (_, k) => (ones ? 1 - (k % 2) : random() - 0.5))
const weight = Float32Array.from({ length: nSample }, () => (random() < 0.03 ? 0 : 0.5 + random()))
const wavelengthsPerMetre = track.frequencyHz.at(-1) / 299792458
const reach = axis => track.uvwMetres.reduce((most, x, k) => (k % 3 === axis ? Math.max(most, Math.abs(x)) : most), 0)

const folder = mkdtempSync(join(tmpdir(), 'gridding-bench-'))
const write = (name, array) =>
  writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength))

const cpuMilliseconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000

/** Wall and processor time of the best of several runs; on a shared machine the latter says more. */
async function best(run) {
  const walls = []
  const cpus = []
  for (let k = 0; k < Number(given.repeats); k++) {
    const [start, cpu] = [performance.now(), cpuMilliseconds()]
    await run()
    walls.push(performance.now() - start)
    cpus.push(cpuMilliseconds() - cpu)
  }
  return { first: walls[0], best: Math.min(...walls), cpu: Math.min(...cpus) }
}

async function measure(name, threads) {
  const { n, cellRad, wTerm } = CASES[name]
  const pool = await math.createWorkerPool({ threads, relaxedSimd: given['no-fma'] ? 'never' : 'auto' })
  const shared = (length, from) => {
    const array = pool.arena.float32(length)
    if (from) array.set(from)
    else array.fill(0)
    return array
  }
  const input = { visibility: shared(2 * nSample, visibility), weight: shared(nSample, weight) }
  const image = shared(n * n)
  const model = shared(n * n)
  for (let k = 0; k < 200; k++) model[Math.floor(random() * n * n)] += random()
  const predicted = shared(2 * nSample)
  const before = pool.arena.usedBytes
  const start = performance.now()
  const gridder = await math.createGridder(pool, {
    nx: n,
    ny: n,
    cellXRad: cellRad,
    cellYRad: cellRad,
    epsilon: Number(given.epsilon),
    maxAbsWLambda: reach(2) * wavelengthsPerMetre,
    maxAbsUvLambda: Math.max(reach(0), reach(1)) * wavelengthsPerMetre,
    nSample,
    wTerm,
    planeBytes: Number(given.memory) - before - 3.5 * n * n * 4 - 1.5e8,
  })
  const created = performance.now()
  const bins = await gridder.bin(track)
  const binned = performance.now()
  const samples = [{ bins, visibility: input.visibility, weight: input.weight }]
  const grid = await best(() => gridder.grid(samples, image))
  const degrid = await best(() => gridder.degrid(model, [{ bins, predicted }]))
  const residual = await best(() => gridder.degrid(model, [{ bins, predicted, minuend: input.visibility }]))
  const { plan } = gridder
  const choice = {
    cells: `${plan.nu}×${plan.nv}`,
    support: plan.kernel.support,
    supportW: plan.w?.kernel.support ?? 0,
    planes: plan.w?.count ?? 1,
    atOnce: plan.planesAtOnce,
  }
  if (threads === Number(given.threads.split(',').at(-1))) {
    write(`${name}-image`, image)
    write(`${name}-model`, model)
    await gridder.degrid(model, [{ bins, predicted }])
    write(`${name}-predicted`, predicted)
  }
  const memory = pool.arena.peakBytes
  await pool.close()
  return {
    case: name,
    threads,
    relaxed: pool.relaxedSimd,
    ...choice,
    create: created - start,
    bin: binned - created,
    grid: grid.best,
    gridFirst: grid.first,
    gridCpu: grid.cpu,
    degrid: degrid.best,
    degridCpu: degrid.cpu,
    residual: residual.best,
    memoryMB: memory / 1e6,
  }
}

const python = given.python
write('uvw', track.uvwMetres)
write('frequency', track.frequencyHz)
write('visibility', visibility)
write('weight', weight)
const rows = []
for (const name of given.cases.split(',')) {
  for (const threads of given.threads.split(',').map(Number)) {
    const row = await measure(name, threads)
    if (python !== undefined) {
      const { n, cellRad, wTerm } = CASES[name]
      const script = join(dirname(fileURLToPath(import.meta.url)), 'ducc0-gridding.py')
      const last = threads === Number(given.threads.split(',').at(-1))
      const task = {
        folder,
        name,
        n,
        cellRad,
        threads,
        withW: wTerm === 'auto',
        epsilon: Number(given['ducc-epsilon'] ?? given.epsilon),
        repeats: Number(given.repeats),
        reference: given.reference && last,
        errors: last,
      }
      const answer = spawnSync(python, [script, JSON.stringify(task)], { encoding: 'utf8', maxBuffer: 1e8 })
      if (answer.status !== 0) console.error(answer.stderr)
      else {
        const theirs = JSON.parse(answer.stdout)
        Object.assign(row, theirs, {
          gridRatio: row.grid / theirs.duccGrid,
          degridRatio: row.degrid / theirs.duccDegrid,
          gridCpuRatio: row.gridCpu / theirs.duccGridCpu,
          degridCpuRatio: row.degridCpu / theirs.duccDegridCpu,
        })
      }
    }
    rows.push(row)
    console.log(JSON.stringify(row, (_, x) => (typeof x === 'number' ? Number(x.toPrecision(4)) : x)))
  }
}
rmSync(folder, { recursive: true })
await dispose()
