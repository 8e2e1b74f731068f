// A session on a compute node: srun starts it, srun carries the bridge.

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionClient } from '@cleanbeam/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../structure/source-graph.ts'
import { connectToServer, untilIdle } from './far-client.ts'
import { type FarSession, runFar, sshOf, startFar } from './far-command.ts'
import { slurmIsMissing, startSlurm, type TestSlurm } from './slurm.ts'
import { HOST, sshdIsMissing, startTestHost, type TestHost } from './sshd.ts'

describe.skipIf(sshdIsMissing() || slurmIsMissing())('a session that Slurm starts', () => {
  let slurm: TestSlurm
  let host: TestHost
  let session: FarSession
  let client: SessionClient

  beforeAll(async () => {
    slurm = await startSlurm()
    host = await startTestHost({ env: slurm.env })
    copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(host.home, 'm87.uvfits'))
    expect(runFar(host, ['remote', 'install', HOST]).status).toBe(0)
    session = await startFar(host, [
      ...['iclean', `${HOST}:m87.uvfits`, '--imagename', 'node', '--via', 'srun -u'],
      ...['--format', 'fits', '--imsize', '256', '--cell', '0.2marcsec', '--niter', '500', '--cycleniter', '50'],
      ...['--mask', 'box[[90pix,100pix],[210pix,200pix]]'],
    ])
    client = connectToServer(session.url)
    await untilIdle(client)
  }, 120_000)

  afterAll(() => {
    client?.close()
    session?.signal('SIGKILL')
    if (host) runFar(host, ['remote', 'stop', HOST, '--all'])
    host?.stop()
    slurm?.stop()
  })

  it('runs as a job, and cleans', async () => {
    expect(slurm.jobs()).toEqual([expect.stringMatching(/RUNNING/)])
    expect((await client.call('gclean.next', { cycles: 2 })).record?.nmajordone).toBe(2)
  })

  it('loses nothing when ssh is killed', async () => {
    const step = client.call('gclean.next', {})
    process.kill(sshOf(session)[0], 'SIGKILL')
    const startMs = performance.now()
    expect((await step).record?.nmajordone).toBe(3)
    console.log(`the bridge through srun stood again after ${(performance.now() - startMs).toFixed(0)} ms`)
    expect(slurm.jobs()).toHaveLength(1)
  })

  it('gives planes and ends with its job', async () => {
    const { pixels } = (await client.call('image.getchunk', { suffix: '.residual' })) as { pixels: Float64Array }
    expect(pixels.length).toBe(256 * 256)
    await client.call('session.finish', { restore: true })
    expect(await session.ended).toBe(0)
    await expect.poll(() => slurm.jobs(), { timeout: 20_000 }).toEqual([])
  })
})
