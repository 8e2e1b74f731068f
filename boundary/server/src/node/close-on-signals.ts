const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Closes in good order when the process is asked to end; a second signal ends it at once.
 * @param exit - what to do when closed; default: leave with the customary 128 + signal number
 * @returns a function that takes the listeners away
 */
export function closeOnSignals(close: () => Promise<void>, exit: (code: number) => void = process.exit): () => void {
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }
  let closing = false
  const listener = (signal: (typeof SIGNALS)[number]) => {
    if (closing) return exit(codes[signal])
    closing = true
    close().then(
      () => exit(codes[signal]),
      () => exit(1),
    )
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
}
