import { type Runtime, Session } from 'node:inspector'

/** An expression that may be looked at while a cell runs, from another thread. */
export interface Glance {
  readonly type: string
  readonly className: string
  readonly description: string
  /** Own and inherited property names, nearest first. */
  readonly properties: readonly string[]
}

/** How long the other thread may take to let us look. */
const PATIENCE_MS = 500

/**
 * Looks into the main thread from a worker: values, names, and the way to stop it. Evaluations that would change anything
 * are refused by the engine itself.
 */
export class MainThreadInspector {
  readonly #session = new Session()

  constructor() {
    this.#session.connectToMainThread()
  }

  /** Names that cells have declared with let, const and class. */
  async lexicalNames(): Promise<readonly string[]> {
    const answer = await this.#post<Runtime.GlobalLexicalScopeNamesReturnType>('Runtime.globalLexicalScopeNames', {})
    return [...new Set(answer?.names ?? [])]
  }

  /** @returns null when the expression has no value, throws, or would change something */
  async look(expression: string): Promise<Glance | null> {
    const answer = await this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression: `(${expression})`,
      throwOnSideEffect: true,
      silent: true,
      timeout: 200,
      objectGroup: 'glance',
    })
    if (answer === null || answer.exceptionDetails !== undefined || answer.result.type === 'undefined') return null
    const { type, className = '', description, value } = answer.result
    const properties = await this.#properties(answer.result)
    await this.#post('Runtime.releaseObjectGroup', { objectGroup: 'glance' })
    return { type, className, description: description ?? String(value), properties }
  }

  /** Stops whatever the main thread computes at this moment. */
  terminate(): void {
    this.#session.post('Runtime.terminateExecution')
  }

  /** Before the process ends: Node waits for inspectors that are connected. */
  disconnect(): void {
    this.#session.disconnect()
  }

  async #properties(object: Runtime.RemoteObject): Promise<readonly string[]> {
    const { objectId } = object.objectId === undefined ? await this.#boxed(object) : object
    if (objectId === undefined) return []
    const answer = await this.#post<Runtime.CallFunctionOnReturnType>('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: `function() {
        const names = new Set()
        for (let object = this; object !== null; object = Object.getPrototypeOf(object))
          for (const name of Object.getOwnPropertyNames(object)) names.add(name)
        return [...names]
      }`,
      returnByValue: true,
      throwOnSideEffect: false,
      silent: true,
    })
    return Array.isArray(answer?.result.value) ? answer.result.value : []
  }

  /** Strings and numbers have the properties of their prototypes. */
  async #boxed({ type }: Runtime.RemoteObject): Promise<Runtime.RemoteObject> {
    const constructorName = { string: 'String', number: 'Number', boolean: 'Boolean', bigint: 'BigInt' }[type as string]
    const none: Runtime.RemoteObject = { type: 'undefined' }
    if (constructorName === undefined) return none
    const answer = await this.#post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression: `${constructorName}.prototype`,
      objectGroup: 'glance',
    })
    return answer?.result ?? none
  }

  #post<T>(method: string, params: object): Promise<T | null> {
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(null), PATIENCE_MS)
      this.#session.post(method, params, (error: unknown, answer?: object) => {
        clearTimeout(timer)
        resolve(error === null ? (answer as T) : null)
      })
    })
  }
}
