// Entry of the worker thread that a session runs in.

import { parentPort, workerData } from 'node:worker_threads'
import { runSessionWorker } from '@cleanbeam/session/node'

if (parentPort !== null) await runSessionWorker(parentPort, workerData)
