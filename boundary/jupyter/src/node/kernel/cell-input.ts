import { JupyterError } from '../../jupyter-error.ts'

interface Question {
  readonly resolve: (value: string) => void
  readonly reject: (error: unknown) => void
}

/** Questions of cells to the user, answered through the client's stdin channel. */
export class CellInput {
  /** Whether the client of the cell that runs can answer. */
  allowed = false
  readonly #send: (id: number, prompt: string, password: boolean) => void
  readonly #questions = new Map<number, Question>()
  #lastId = 0

  constructor(send: (id: number, prompt: string, password: boolean) => void) {
    this.#send = send
  }

  /** @throws JupyterError when nobody can answer, or the cell is interrupted */
  ask(prompt: string, password: boolean): Promise<string> {
    if (!this.allowed) {
      return Promise.reject(new JupyterError('expected a client that answers questions, got one without (input)'))
    }
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { resolve, reject })
      this.#send(id, prompt, password)
    })
  }

  answer(id: number, value: string): void {
    this.#questions.get(id)?.resolve(value)
    this.#questions.delete(id)
  }

  /** Nobody waits for an answer any more. */
  cancel(): void {
    const questions = [...this.#questions.values()]
    this.#questions.clear()
    for (const { reject } of questions) reject(new JupyterError('expected an answer, got the end of the cell (input)'))
  }
}
