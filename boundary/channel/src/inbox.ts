/** Keeps what arrives before anybody listens, so that nothing is lost between a connection and its receiver. */
export class Inbox<T> {
  #handler: ((value: T) => void) | null = null
  #waiting: T[] = []
  #delivering = false

  deliver(value: T): void {
    this.#waiting.push(value)
    this.#drain()
  }

  /** Sets the one receiver; it may set another while it is being called, which then gets all that follows. */
  listen(handler: (value: T) => void): void {
    this.#handler = handler
    this.#drain()
  }

  #drain(): void {
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (this.#handler !== null && this.#waiting.length > 0) this.#handler(this.#waiting.shift() as T)
    } finally {
      this.#delivering = false
    }
  }
}
