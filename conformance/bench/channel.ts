// Echo and a plane of 64 MiB over every transport that needs no other machine: what the boundary costs.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession } from '@cleanbeam/channel'
import type { SessionClient } from '@cleanbeam/protocol'
import { jupyterPython } from '../../boundary/jupyter/testing/jupyter-python.ts'
import { repositoryRoot } from '../structure/source-graph.ts'
import {
  nodeKernel,
  openSameProcess,
  openStdioBridge,
  openWebSocket,
  openWorker,
  pythonKernel,
} from '../transports/backends.ts'
import { LARGE_BYTES, writeLargeImage } from '../transports/large-image.ts'
import type { OpenSession } from '../transports/transport-suite.ts'
import { median } from './median.ts'

const N_ECHO = 300
const N_PLANE = 3
const MIB = 1024 * 1024

interface Way {
  readonly name: string
  readonly open: OpenSession
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))
copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'm87.uvfits'))
writeLargeImage(join(folder, 'large.fits'))

const ours = nodeKernel()
const python = jupyterPython()
const ways: Way[] = [
  { name: 'same process', open: openSameProcess },
  { name: 'worker', open: openWorker },
  { name: 'WebSocket', open: openWebSocket },
  { name: 'stdio bridge', open: openStdioBridge },
  { name: 'Node kernel', ...ours },
]
if (python !== null) ways.push({ name: 'ipykernel', ...pythonKernel(python) })

console.log('transport       echo median (90 %)   64 MiB get')
try {
  for (const way of ways) await measure(way)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure({ name, open, before, after }: Way): Promise<void> {
  await before?.()
  const imagename = join(folder, name.replaceAll(' ', '-'))
  const session = await open({ vis: join(folder, 'm87.uvfits'), imagename, imsize: 128, cell: '0.2marcsec', niter: 10 })
  const client = connectSession({ connect: () => session.connect() })
  await settled(client)
  const echoMs: number[] = []
  for (let i = 0; i < N_ECHO; i++) echoMs.push(await timed(() => client.call('session.identity', {})))
  const planeMs: number[] = []
  for (let i = 0; i < N_PLANE; i++) {
    planeMs.push(await timed(() => client.call('image.getchunk', { path: 'large.fits' })))
  }
  client.close()
  await session.close()
  await after?.()
  const late = [...echoMs].sort((a, b) => a - b)[Math.floor(0.9 * N_ECHO)]
  const echo = `${median(echoMs).toFixed(2)} ms (${late.toFixed(2)})`
  const plane = `${median(planeMs).toFixed(0)} ms, ${(((LARGE_BYTES / MIB) * 1000) / median(planeMs)).toFixed(0)} MiB/s`
  console.log(`${name.padEnd(14)}  ${echo.padEnd(19)}  ${plane}`)
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await call()
  return performance.now() - startMs
}

/** The dirty image is made first; it would compete for the processors. */
async function settled(client: SessionClient): Promise<void> {
  const idle = new Promise<void>(resolve => client.on('phase', ({ name }) => name === 'idle' && resolve()))
  if ((await client.call('session.snapshot', {})).phase.name !== 'idle') await idle
}
