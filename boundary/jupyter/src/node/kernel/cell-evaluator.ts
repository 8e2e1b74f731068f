import { type Runtime, Session } from 'node:inspector'
import { CELL_SUPPORT } from './cell-support.ts'

/** V8 stopped the code because the protocol thread told it to. */
export class TerminatedError extends Error {
  constructor() {
    super('the cell was interrupted')
    this.name = 'KeyboardInterrupt'
  }
}

/**
 * Evaluates JavaScript in this thread as the inspector's console does: declarations stay for the next cell and may be
 * made again, `await` stands anywhere.
 */
export class CellEvaluator {
  readonly #session = new Session()
  #supportId = ''
  #taken: unknown

  /** @param support - what transpiled cells find under `CELL_SUPPORT` */
  async start(support: object): Promise<void> {
    const take = (value: unknown) => {
      this.#taken = value
    }
    Object.defineProperty(globalThis, CELL_SUPPORT, { value: Object.freeze({ ...support, take }) })
    this.#session.connect()
    const { result } = await this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', { expression: CELL_SUPPORT })
    this.#supportId = result.objectId ?? ''
  }

  /**
   * @returns the completion value
   * @throws what the code throws; TerminatedError
   */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression,
      replMode: true,
      awaitPromise: true,
      objectGroup: 'cell',
    })
    const { result, exceptionDetails } = answer
    const value = await this.#valueOf(exceptionDetails?.exception ?? result)
    if (exceptionDetails !== undefined) throw value
    return value
  }

  /** The value itself instead of the inspector's description of it. */
  async #valueOf({ objectId, value, unserializableValue, type }: Runtime.RemoteObject): Promise<unknown> {
    if (type === 'undefined') return undefined
    const argument = objectId !== undefined ? { objectId } : unserializableValue ? { unserializableValue } : { value }
    await this.#post('Runtime.callFunctionOn', {
      functionDeclaration: 'function(value) { this.take(value) }',
      objectId: this.#supportId,
      arguments: [argument],
    })
    await this.#post('Runtime.releaseObjectGroup', { objectGroup: 'cell' })
    const taken = this.#taken
    this.#taken = undefined
    return taken
  }

  #post<T>(method: string, params: object): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error: unknown, answer?: object) => {
        if (error === null) resolve(answer as T)
        else reject(/terminated/.test((error as Error).message) ? new TerminatedError() : error)
      })
    })
  }
}
