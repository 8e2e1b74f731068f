// FFT, convolution and minor-cycle kernels; FFTs against ducc0 in the same run when a Python with ducc0 is given.
//
//   node processing/math/bench/kernels.mjs [--threads 1,2] [--python PATH]

import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { loadMath } from './load-math.mjs'

const { values: given } = parseArgs({
  options: { threads: { type: 'string', default: '1,2' }, python: { type: 'string' } },
})
const { math, dispose } = await loadMath()
const cpuMilliseconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000

async function best(repeats, run) {
  let [wall, cpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let k = 0; k < repeats; k++) {
    const [start, used] = [performance.now(), cpuMilliseconds()]
    await run()
    wall = Math.min(wall, performance.now() - start)
    cpu = Math.min(cpu, cpuMilliseconds() - used)
  }
  return { wall, cpu }
}

const report = row => console.log(JSON.stringify(row, (_, x) => (typeof x === 'number' ? Number(x.toPrecision(3)) : x)))

function duccFft(n, threads) {
  if (given.python === undefined) return {}
  const script = `
import numpy as np, ducc0, time, json
a = np.ones((${n}, ${n}), np.complex64)
walls, cpus = [], []
for _ in range(4):
    t, c = time.perf_counter(), time.process_time()
    ducc0.fft.c2c(a, nthreads=${threads}, out=a)
    walls.append(1e3 * (time.perf_counter() - t)); cpus.append(1e3 * (time.process_time() - c)); a[:] = 1
print(json.dumps(dict(duccWall=min(walls), duccCpu=min(cpus))))`
  const answer = spawnSync(given.python, ['-c', script], { encoding: 'utf8' })
  return answer.status === 0 ? JSON.parse(answer.stdout) : {}
}

const blob = (n, width) =>
  Float32Array.from({ length: n * n }, (_, k) => {
    const square = ((k % n) - (n >> 1)) ** 2 + (Math.floor(k / n) - (n >> 1)) ** 2
    return Math.exp(-square / width ** 2)
  })

for (const threads of given.threads.split(',').map(Number)) {
  const pool = await math.createWorkerPool({ threads })
  for (const n of [3072, 4096, 6144]) {
    const fft = math.createComplexFft(pool, { nx: n, ny: n, precision: 'f32' })
    const ours = await best(4, () => fft.forward())
    fft.dispose()
    const theirs = duccFft(n, threads)
    report({ what: `FFT ${n}²`, threads, ...ours, ...theirs, cpuRatio: ours.cpu / theirs.duccCpu })
  }
  for (const n of [1024, 2048]) {
    const sizes = { responseNx: 2 * n, responseNy: 2 * n }
    const convolver = await math.createConvolver(pool, { nx: n, ny: n, response: blob(2 * n, 9), ...sizes })
    const image = pool.arena.float32(n * n).fill(1)
    report({
      what: `convolution ${n}² on the doubled grid`,
      threads,
      ...(await best(4, () => convolver.convolve(image, image))),
    })
    convolver.dispose()
    const residual = pool.arena.float32(n * n)
    const psf = pool.arena.float32(n * n)
    psf.set(blob(n, 9))
    const plane = { nx: n, ny: n, residual, psf, mask: null, gain: 0.1, limit: 0, maxIterations: 200 }
    const { wall, cpu } = await best(3, () => {
      residual.set(psf)
      return math.hogbomComponents(pool, [plane])
    })
    report({ what: `Hogbom ${n}², one iteration`, threads, wall: wall / 200, cpu: cpu / 200 })
    for (const array of [image, residual, psf]) pool.arena.free(array)
  }
  const [n, nActive] = [1024, 20_000]
  const positions = Int32Array.from({ length: 2 * nActive }, (_, k) =>
    k % 2 ? 300 + Math.floor(k / 400) : 300 + ((k >> 1) % 200),
  )
  const list = {
    positions,
    psf: blob(n, 9),
    nx: n,
    ny: n,
    reachX: 400,
    reachY: 400,
    gain: 0.1,
    limit: 0,
    maxIterations: 500,
  }
  const clark = await best(3, () => {
    const values = Float32Array.from({ length: nActive }, (_, k) => Math.sin(k))
    return math.clarkComponents(pool, [{ ...list, values }])
  })
  report({ what: 'Clark, 20000 active pixels, one iteration', threads, wall: clark.wall / 500, cpu: clark.cpu / 500 })
  await pool.close()
}
await dispose()
