// Requests to the Python module in the kernel, and its answers: JSON in the first buffer, arrays in the ones after it.

import type { Comm } from '@cleanbeam/jupyter'
import type { JsonObject, JsonValue } from '@cleanbeam/types'
import { CasaError } from './casa-error.ts'

/** Version of the messages; the Python module carries the same number. */
export const CASA_PROTOCOL = 1
/** Name of the module's comm. */
export const CASA_TARGET = 'cleanbeam.casa'

/** A line of CASA's own log. */
export interface CasaLogLine {
  /** CASA's: INFO, WARN, SEVERE … */
  readonly level: string
  /** The function that wrote it, such as 'task_tclean'. */
  readonly origin: string
  readonly text: string
}

interface Answer extends JsonObject {
  readonly id?: number
  readonly value?: JsonValue
  readonly error?: { readonly kind: string; readonly message: string; readonly traceback?: string }
  readonly log?: CasaLogLine[] & JsonValue[]
}

interface Pending {
  readonly id: number
  readonly op: string
  readonly buffers: Uint8Array[]
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Calls of one kernel, one after the other: CASA's tools are not made for more. */
export class CasaCalls {
  #comm: Comm | null = null
  #lastId = 0
  #pending: Pending | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #onLog: (line: CasaLogLine) => void = () => {}
  #end: CasaError | null = null

  /** Speaks over this comm from now on; a call under way is sent again and carried out once. */
  attach(comm: Comm): void {
    this.#comm = comm
    comm.onMessage((_data, buffers) => this.#receive(buffers))
    if (this.#pending !== null) comm.send({}, this.#pending.buffers)
  }

  /** Who hears of the log's lines from now on. */
  onLog(handler: (line: CasaLogLine) => void): void {
    this.#onLog = handler
  }

  /** The kernel is gone: the call under way fails, and so do later ones. */
  fail(reason: string): void {
    this.#end = new CasaError(`expected an answer of CASA, got: ${reason}`)
    this.#pending?.reject(this.#end)
    this.#pending = null
  }

  /**
   * Asks the module. Objects {$array: type} in its answer are replaced by the arrays that came with it.
   * @throws CasaError with CASA's own words
   */
  call<T>(op: string, args: JsonObject, arrays: readonly Float64Array[] = []): Promise<T> {
    const run = () => this.#send<T>(op, args, arrays)
    const result = this.#queue.then(run, run)
    this.#queue = result.catch(() => {})
    return result
  }

  #send<T>(op: string, args: JsonObject, arrays: readonly Float64Array[]): Promise<T> {
    if (this.#end !== null) return Promise.reject(this.#end)
    const id = ++this.#lastId
    const body = new TextEncoder().encode(JSON.stringify(writeNumbers({ id, op, arguments: args })))
    const buffers = [
      body,
      ...arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    ]
    return new Promise<unknown>((resolve, reject) => {
      this.#pending = { id, op, buffers, resolve, reject }
      this.#comm?.send({}, buffers)
    }) as Promise<T>
  }

  #receive([body, ...arrays]: readonly Uint8Array[]): void {
    const answer = readNumbers(JSON.parse(new TextDecoder().decode(body)), [...arrays]) as Answer
    for (const line of answer.log ?? []) this.#onLog(line)
    const pending = this.#pending
    if (pending === null || answer.id !== pending.id) return
    this.#pending = null
    if (answer.error === undefined) pending.resolve(answer.value)
    else {
      const { kind, message, traceback = '' } = answer.error
      pending.reject(new CasaError(`expected ${pending.op} to work, got: ${message} (CASA)`, { kind, traceback }))
    }
  }
}

function writeNumbers(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  if (Array.isArray(value)) return value.map(item => writeNumbers(item) ?? null)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, writeNumbers(item)]))
}

function readNumbers(value: unknown, arrays: Uint8Array[]): unknown {
  if (Array.isArray(value)) return value.map(item => readNumbers(item, arrays))
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  if (typeof object.$number === 'string') return Number(object.$number)
  if (typeof object.$array === 'string') return typedArray(object.$array, arrays.shift())
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, readNumbers(item, arrays)]))
}

/** A copy, since buffers of messages need not begin where their elements may. */
function typedArray(type: string, bytes: Uint8Array | undefined): Float64Array | Uint8Array {
  if (bytes === undefined) throw new CasaError('expected an array with the answer, got none (CASA)')
  const copy = bytes.slice()
  return type === 'u1' ? copy : new Float64Array(copy.buffer)
}
