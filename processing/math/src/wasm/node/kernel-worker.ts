import { parentPort, workerData } from 'node:worker_threads'
import { type WasmMemory, type WasmModule, webAssembly } from '../web-assembly.ts'
import {
  ABORT_WORD,
  BARRIER_COUNT_WORD,
  BARRIER_GENERATION_WORD,
  CANCELLED_QUEUE,
  FIRST_QUEUE_WORD,
  QUEUE_STRIDE_WORDS,
  type WorkerAnswer,
  type WorkerProgram,
  type WorkerStart,
} from './worker-protocol.ts'

type Kernel = (...args: number[]) => void

const start = workerData as WorkerStart
const memory = start.memory as WasmMemory
const control = new Int32Array(memory.buffer)
const instance = new webAssembly.Instance(start.module as WasmModule, { env: { memory } })
const kernels = instance.exports as Record<string, Kernel>

/** Waits until every worker has come here. False when the program is being given up because a worker is gone. */
function barrier(): boolean {
  const generation = Atomics.load(control, BARRIER_GENERATION_WORD)
  if (Atomics.add(control, BARRIER_COUNT_WORD, 1) + 1 === start.threads) {
    Atomics.store(control, BARRIER_COUNT_WORD, 0)
    Atomics.add(control, BARRIER_GENERATION_WORD, 1)
    Atomics.notify(control, BARRIER_GENERATION_WORD)
  } else {
    while (Atomics.load(control, BARRIER_GENERATION_WORD) === generation) {
      if (Atomics.load(control, ABORT_WORD) !== 0) return false
      Atomics.wait(control, BARRIER_GENERATION_WORD, generation, 1000)
    }
  }
  return true
}

function runStep(program: WorkerProgram, index: number): void {
  const { kernel, items, args } = program.steps[index]
  const run = kernels[kernel]
  if (typeof run !== 'function') throw new Error(`expected a kernel, got the unknown name ${kernel}`)
  const queue = 4 * (FIRST_QUEUE_WORD + index * QUEUE_STRIDE_WORDS)
  run(queue, items, program.scratch, ...args)
}

function runProgram(program: WorkerProgram): WorkerAnswer {
  let problem: string | null = null
  for (let index = 0; index < program.steps.length; index++) {
    try {
      if (problem === null) runStep(program, index)
    } catch (error) {
      problem = `${program.steps[index].kernel}: ${error instanceof Error ? error.message : String(error)}`
      for (let later = index; later < program.steps.length; later++) {
        Atomics.store(control, FIRST_QUEUE_WORD + later * QUEUE_STRIDE_WORDS, CANCELLED_QUEUE)
      }
    }
    if (index < program.steps.length - 1 && start.threads > 1 && !barrier()) break
  }
  return { problem }
}

parentPort!.on('message', (program: WorkerProgram) => parentPort!.postMessage(runProgram(program)))
const ready: WorkerAnswer = { problem: null }
parentPort!.postMessage(ready)
