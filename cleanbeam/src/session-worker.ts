// Entry of the worker threads that a session and its engine run in.

import { parentPort, workerData } from 'node:worker_threads'
import { type EngineFactory, runSessionWorker } from '@cleanbeam/session/node'
import { createEngine } from './api/engines.ts'

if (parentPort !== null) await runSessionWorker(parentPort, workerData, createEngine as EngineFactory)
