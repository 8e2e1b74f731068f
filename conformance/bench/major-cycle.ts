// A whole major cycle on a MeasurementSet: reading and sorting once, PSF, residual, instant residual; weights, flags and
// polarisation included. Against CASA in the same run when a Python with casatasks is given.
//
//   npm run bench -- major-cycle -- --ms vla.ms [--sizes 2048] [--threads 1,2] [--memory 2e9] [--python PATH]
//
// make-vla-ms.py writes the MeasurementSet that docs/benchmarks.md speaks of.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type MajorCycle, type MajorCycleOptions, openMajorCycle } from '@cleanbeam/imaging'
import { createWorkerPool } from '@cleanbeam/math/node'
import { openObservation } from '@cleanbeam/visibility/node'

const { values: given } = parseArgs({
  options: {
    ms: { type: 'string' },
    sizes: { type: 'string', default: '2048' },
    threads: { type: 'string', default: '2' },
    memory: { type: 'string', default: '1.2e9' },
    repeats: { type: 'string', default: '3' },
    epsilon: { type: 'string', default: '1e-5' },
    python: { type: 'string' },
  },
})
if (given.ms === undefined) {
  console.log('skipped: give a MeasurementSet with --ms (make-vla-ms.py writes one)')
  process.exit(0)
}
const path = resolve(given.ms)
const CELL_ARCSEC = 0.3

/** Wall and processor seconds of the best of several runs; on a shared machine the latter says more. */
async function best(run: () => Promise<unknown>, repeats = Number(given.repeats)): Promise<string> {
  let wall = Number.POSITIVE_INFINITY
  let cpu = Number.POSITIVE_INFINITY
  for (let k = 0; k < repeats; k++) {
    const before = process.cpuUsage()
    const started = performance.now()
    await run()
    wall = Math.min(wall, (performance.now() - started) / 1000)
    const { user, system } = process.cpuUsage(before)
    cpu = Math.min(cpu, (user + system) / 1e6)
  }
  return `${wall.toFixed(2)} s wall, ${cpu.toFixed(2)} s cpu`
}

async function measure(size: number, threads: number, wTerm: 'ignore' | 'auto'): Promise<void> {
  const pool = await createWorkerPool({ threads, maximumBytes: Number(given.memory) })
  const observation = await openObservation(path, {})
  const cellRad = (CELL_ARCSEC * Math.PI) / 180 / 3600
  const options: MajorCycleOptions = {
    image: {
      nx: size,
      ny: size,
      cellRad: [cellRad, cellRad],
      phaseCentre: null,
      projection: 'SIN',
      stokes: ['I'],
      spectral: { mode: 'mfs', frame: 'LSRK', referenceHz: null, restFrequencyHz: null },
    },
    weighting: { kind: 'natural' },
    wTerm,
    epsilon: Number(given.epsilon),
    pool,
    instant: 'always',
  }
  const held: { cycle: MajorCycle | null } = { cycle: null }
  const open = await best(async () => {
    held.cycle?.dispose()
    held.cycle = await openMajorCycle([observation], [{ datacolumn: 'data' }], options)
  }, 2)
  const { cycle } = held
  if (cycle === null) return
  const model = new Float32Array(size * size)
  for (let k = 0; k < 200; k++) model[(k * 7919 * 131 + 524287) % (size * size)] += 0.01
  const name = `${size}², ${threads} thread${threads > 1 ? 's' : ''}, ${wTerm === 'auto' ? 'w planes' : '2-D'}`
  console.log(`${name}: ${cycle.census.nUsed} visibilities`)
  console.log(`  reading, weighting, sorting  ${open}`)
  console.log(`  PSF                          ${await best(() => cycle.makePsf())}`)
  console.log(`  residual from visibilities   ${await best(() => cycle.makeResidual(model))}`)
  const first = await best(() => cycle.makeInstantResidual(model), 1)
  if ((await cycle.makeInstantResidual(model)) !== null) {
    console.log(`  first instant residual       ${first}`)
    console.log(`  instant residual             ${await best(() => cycle.makeInstantResidual(model))}`)
  }
  console.log(`  kernel memory, most          ${(pool.arena.peakBytes / 1e6).toFixed(0)} MB`)
  cycle.dispose()
  await observation.close()
  await pool.close()
}

function measureCasa(python: string, size: number, gridder: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))
  const script = resolve('conformance/bench/casa-major-cycle.py')
  const args = [script, path, folder, String(size), `${CELL_ARCSEC}arcsec`, gridder]
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' })
  if (status === 0) console.log(`CASA ${gridder}, ${size}²: ${stdout.trim().split('\n').at(-1)}`)
  else console.log(`CASA ${gridder} failed: ${stderr.trim().split('\n').at(-1)}`)
  rmSync(folder, { recursive: true, force: true })
}

for (const size of given.sizes.split(',').map(Number)) {
  for (const threads of given.threads.split(',').map(Number)) {
    await measure(size, threads, 'ignore')
    await measure(size, threads, 'auto')
  }
  if (given.python !== undefined) {
    for (const gridder of ['standard', 'wproject']) measureCasa(given.python, size, gridder)
  }
}
