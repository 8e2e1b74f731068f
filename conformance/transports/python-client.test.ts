// The Python client of examples/ against the frozen bytes, and against a session.

import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type RunningServer, startServer } from '@cleanbeam/server/node'
import { startSessionWorker } from '@cleanbeam/session/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../structure/source-graph.ts'
import { packageIsMissing } from './backends.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'

const CLIENT = join(repositoryRoot, 'examples/python')
/** Debian's Python comes with numpy in continuous integration. */
const PYTHON = ['/usr/bin/python3', 'python3'].find(hasNumpy) ?? null
const env = { ...process.env, PYTHONPATH: CLIENT, PYTHONDONTWRITEBYTECODE: '1' }

function hasNumpy(python: string): boolean {
  return spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0
}

const missing = PYTHON === null ? 'there is no Python with numpy' : packageIsMissing()
if (missing !== null && process.env.REQUIRE_TOOLS) throw new Error(missing)

/** Calls during which the connection is cut, and a message of 8 MB each way. */
const CUT = `
import sys
import numpy
from cleanbeam_client import CallError, connect

with connect(sys.argv[1]) as session:
    for i in range(400):
        assert session.call("session.identity")["engine"]
        if i % 100 == 50:
            print("cut", flush=True)
    session.call("image.exportfits", suffix=".residual", fitsimage="copy.fits", overwrite=True)
    pixels = numpy.arange(1024 * 1024, dtype="f8") / 8
    session.call("image.putchunk", path="copy.fits", pixels=pixels, shape=[1024, 1024])
    print("cut", flush=True)
    back = session.call("image.getchunk", path="copy.fits")["pixels"]
    assert numpy.array_equal(back, pixels), "pixels differ"
    try:
        session.call("gclean.next", cycles=-1)
    except CallError as error:
        print("done", error.tag, flush=True)
`

describe.skipIf(missing !== null)('the Python client', () => {
  let folder: string
  let server: RunningServer
  let proxy: FaultyProxy

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-python-'))
    copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'm87.uvfits'))
    const parameters = {
      vis: join(folder, 'm87.uvfits'),
      imagename: join(folder, 'm87'),
      imsize: 1024,
      cell: '0.05marcsec',
      niter: 100,
      cycleniter: 50,
    }
    const worker = pathToFileURL(join(repositoryRoot, 'cleanbeam/dist/session-worker.js'))
    const session = await startSessionWorker(worker, { parameters })
    proxy = await startFaultyProxy(() => server.port)
    server = await startServer({ session, publicOrigins: [`http://127.0.0.1:${proxy.port}`] })
  }, 60_000)
  afterAll(async () => {
    await proxy?.close()
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('reads and writes the frozen bytes', () => {
    const { status, stderr } = spawnSync(PYTHON as string, ['-m', 'unittest', '-v'], { cwd: CLIENT, env })
    expect([status, stderr.toString()]).toEqual([0, expect.stringMatching(/Ran 4 tests[\s\S]*OK/)])
  })

  it('cleans an image', async () => {
    const { status, said } = await runPython([join(CLIENT, 'clean_m87.py'), server.url])
    expect([status, said]).toEqual([
      0,
      expect.stringMatching(/peak of the dirty image \d+\.\d+ Jy\/beam at \(\d+, \d+\)/),
    ])
    expect(said).toMatch(/100 iterations, \d+ major cycles/)
    expect(said).toMatch(/restored: .*m87\.image/)
    expect(said).toMatch(/a wrong name is refused: \w+Error/)
  }, 60_000)

  it('loses nothing when its connection is cut', async () => {
    const url = server.url.replace(`:${server.port}`, `:${proxy.port}`)
    let nCut = 0
    const { said } = await runPython(['-c', CUT, url], saying => {
      for (; nCut < saying.split('cut').length - 1; nCut++) proxy.cut()
    })
    expect(said).toMatch(/done ProtocolError\s*$/)
    expect(nCut).toBe(5)
  }, 60_000)

  it('is told in words that it has no right', async () => {
    const code = 'import sys; from cleanbeam_client import connect; connect(sys.argv[1]).call("session.identity")'
    const { status, said } = await runPython(['-c', code, `${server.address}?token=wrong`])
    expect(status).toBe(1)
    expect(said).toMatch('expected the server to let us in, got HTTP/1.1 401')
  })
})

/** The server lives in this process: it must go on while Python runs. */
async function runPython(
  args: string[],
  onOutput: (said: string) => void = () => {},
): Promise<{ status: number | null; said: string }> {
  const child = spawn(PYTHON as string, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Uint8Array) => {
      said += new TextDecoder().decode(chunk)
      onOutput(said)
    })
  }
  const status = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { status, said }
}
