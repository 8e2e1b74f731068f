import type { Progress } from '@cleanbeam/types'

/** Where log and progress of a task go: stderr, never stdout. */
export interface Reporter {
  readonly onLog: (line: string) => void
  readonly onProgress: (progress: Progress) => void
  /** Clears the progress line. */
  finish(): void
}

/** On a terminal progress rewrites one line this often; elsewhere a plain line is written as seldom as the second. */
const TERMINAL_INTERVAL_MS = 100
const PLAIN_INTERVAL_MS = 5000

/** A reporter for a stream, normally process.stderr. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  const isTerminal = stream.isTTY === true
  const interval = isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS
  let lastMs = Date.now()
  let lineShown = false
  const clear = (): void => {
    if (lineShown) stream.write('\r\x1b[2K')
    lineShown = false
  }
  return {
    onLog(line) {
      clear()
      stream.write(`${line}\n`)
    },
    onProgress({ what, done, total }) {
      const now = Date.now()
      if (now - lastMs < interval) return
      lastMs = now
      const text = `${what}: ${done} of ${total}`
      if (!isTerminal) {
        stream.write(`${text}\n`)
        return
      }
      clear()
      stream.write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)))
      lineShown = true
    },
    finish: clear,
  }
}
