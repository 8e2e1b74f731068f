import { copyFile, cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connectSession } from '@cleanbeam/channel'
import type { SessionClient } from '@cleanbeam/protocol'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { startSessionWorker, type WorkerSession } from './start-session-worker.ts'

const ENTRY = `
import { parentPort, workerData } from 'node:worker_threads'
import { runSessionWorker } from './run-session-worker.ts'
await runSessionWorker(parentPort, workerData)
`
const UVFITS = join(import.meta.dirname, '../../../../examples/m87/m87.uvfits')

let entry: URL
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cleanbeam-worker-'))
  const outfile = join(folder, 'entry.mjs')
  const stdin = { contents: ENTRY, resolveDir: import.meta.dirname, loader: 'ts' } as const
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' })
  // As in the package: the compiled kernels lie beside the bundle.
  await cp(join(import.meta.dirname, '../../../../processing/math/build'), join(folder, 'kernels'), { recursive: true })
  entry = pathToFileURL(outfile)
  await copyFile(UVFITS, join(folder, 'm87.uvfits'))
})

const start = (name: string, changes: object = {}): Promise<WorkerSession> =>
  startSessionWorker(entry, {
    parameters: {
      vis: join(folder, 'm87.uvfits'),
      imagename: join(folder, name),
      imsize: 256,
      cell: '0.2marcsec',
      niter: 400,
      cycleniter: 20,
      ...changes,
    },
  })

const clientOf = (session: WorkerSession): SessionClient =>
  connectSession({ connect: async () => session.connect(), limits: { heartbeatMs: 0 }, minRetryMs: 2 })

const firstStepDone = async (client: SessionClient): Promise<void> => {
  const idle = new Promise<void>(resolve => client.on('phase', ({ name }) => name === 'idle' && resolve()))
  const { phase } = await client.call('session.snapshot', {})
  if (phase.name !== 'idle') await idle
}

describe('a session in a worker', () => {
  it('makes the dirty image by itself and answers quickly while a run goes on', async () => {
    const session = await start('quick', { niter: 60 })
    const client = clientOf(session)
    await firstStepDone(client)
    await client.call('mask.edit', { op: 'add', region: { shape: 'circle', centre: [128, 128], radius: 20 } })
    let isRunning = true
    const run = client.call('gclean.run', {}).finally(() => {
      isRunning = false
    })
    const times: number[] = []
    while (isRunning) {
      const startMs = performance.now()
      await client.call('tile.get', { suffix: '.psf', generation: 1, level: 0, tx: 0, ty: 0 })
      times.push(performance.now() - startMs)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    expect((await run).record?.niterdone).toBe(60)
    times.sort((a, b) => a - b)
    console.log(
      `${times.length} tiles during the run: median ${times[times.length >> 1].toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms`,
    )
    expect(times[times.length >> 1]).toBeLessThan(50)
    await session.close()
    client.close()
  })

  it('resumes over a new port, and hands its result over when it is finished', async () => {
    const session = await start('resume')
    let link: { close(): void } | null = null
    const client = connectSession({
      async connect() {
        const transport = session.connect()
        link = transport
        return transport
      },
      limits: { heartbeatMs: 0 },
      minRetryMs: 2,
    })
    await firstStepDone(client)
    const call = client.call('session.finish', {})
    ;(link as { close(): void } | null)?.close()
    const answer = await call
    expect(answer.images.image).toBe(join(folder, 'resume.image.fits'))
    expect(await session.finished).toEqual(answer)
    await session.close()
    client.close()
  })

  it('closes in the middle of a run with complete products and a session to go on with', async () => {
    const session = await start('closed')
    const client = clientOf(session)
    await firstStepDone(client)
    await client.call('mask.edit', { op: 'add', region: { shape: 'circle', centre: [128, 128], radius: 20 } })
    const run = client.call('gclean.run', {})
    const settled = expect(run).rejects.toBeInstanceOf(Error)
    await new Promise<void>(resolve => client.on('record', () => resolve()))
    await session.close()
    await settled
    const header = (await readFile(join(folder, 'closed.residual.fits'))).subarray(0, 6).toString()
    expect(header).toBe('SIMPLE')
    const again = await start('closed')
    const next = clientOf(again)
    await firstStepDone(next)
    const { record } = await next.call('session.snapshot', {})
    expect(record?.niterdone).toBeGreaterThan(0)
    await again.close()
    next.close()
  })

  it('refuses parameters with the error gclean has for them', async () => {
    await expect(start('refused', { imsize: 0 })).rejects.toMatchObject({ tag: 'ParameterError' })
    await expect(start('refused', { nitre: 5 })).rejects.toThrow('nitre')
  })
})
