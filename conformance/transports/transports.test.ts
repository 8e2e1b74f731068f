// One suite over every transport that needs no other machine; SSH and Slurm run the same one from conformance/remote.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jupyterPython } from '../../boundary/jupyter/testing/jupyter-python.ts'
import {
  nodeKernel,
  openSameProcess,
  openStdioBridge,
  openWebSocket,
  openWorker,
  packageIsMissing,
  pythonKernel,
} from './backends.ts'
import { kernelOfJupyterServer } from './jupyter-server.ts'
import { describeTransport } from './transport-suite.ts'

const skip = packageIsMissing()
if (skip !== null && process.env.REQUIRE_TOOLS) throw new Error(`${skip}: npm run build`)

describeTransport('the same process', openSameProcess)
describeTransport('a worker', openWorker, { skip })
describeTransport('a WebSocket', openWebSocket, { skip })
describeTransport('a stdio bridge', openStdioBridge, { skip })

const ours = nodeKernel()
describeTransport('a Node kernel', ours.open, { skip, before: ours.before, after: ours.after })

const python = jupyterPython()
const theirs = pythonKernel(python ?? '')
const noPython = python === null ? 'there is no ipykernel: scripts/jupyter-for-tests.sh' : null
describeTransport('ipykernel', theirs.open, {
  skip: skip ?? noPython,
  before: theirs.before,
  after: theirs.after,
})

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-jupyter-'))
const served = kernelOfJupyterServer(python ?? '', folder)
describeTransport("a Jupyter server's WebSocket", served.open, {
  skip: skip ?? noPython,
  before: served.before,
  async after() {
    await served.after()
    rmSync(folder, { recursive: true, force: true })
  },
})
