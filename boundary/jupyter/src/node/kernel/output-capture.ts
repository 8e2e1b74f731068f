import type { Writable } from 'node:stream'

/**
 * Sends what this thread writes to stdout and stderr to `take` instead.
 * @returns a function that ends it
 */
export function captureOutput(take: (name: 'stdout' | 'stderr', text: string) => void): () => void {
  const restore = (['stdout', 'stderr'] as const).map(name => {
    const stream: Writable = process[name]
    const write = stream.write
    const decoder = new TextDecoder()
    stream.write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
      take(name, textOf(chunk, encoding, decoder))
      const done = typeof encoding === 'function' ? encoding : callback
      if (typeof done === 'function') queueMicrotask(() => done(null))
      return true
    }
    return () => {
      stream.write = write
    }
  })
  return () => {
    for (const end of restore) end()
  }
}

function textOf(chunk: unknown, encoding: unknown, decoder: InstanceType<typeof TextDecoder>): string {
  if (chunk instanceof Uint8Array) return decoder.decode(chunk, { stream: true })
  const isText = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)
  return isText ? String(chunk) : Buffer.from(String(chunk), encoding as BufferEncoding).toString()
}
