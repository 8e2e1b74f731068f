// One suite over every transport that needs no other machine; SSH and Slurm run the same one from conformance/remote.

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
describeTransport('ipykernel', theirs.open, {
  skip: skip ?? (python === null ? 'there is no ipykernel: scripts/jupyter-for-tests.sh' : null),
  before: theirs.before,
  after: theirs.after,
})
