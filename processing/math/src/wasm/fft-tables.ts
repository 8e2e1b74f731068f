import { MathError } from '../math-error.ts'
import type { MemoryArena } from './memory-arena.ts'

/** Element type of a kernel: single or double precision. */
export type Precision = 'f32' | 'f64'

/** Twiddle factors and radices of one transform size in the kernels' memory. */
export interface FftTables {
  readonly n: number
  readonly twiddleAddress: number
  readonly planAddress: number
  dispose(): void
}

/**
 * Puts exp(−2πi k/n), k < n, and the list of radices into the arena.
 * @throws MathError when n has other prime factors than 2, 3 and 5
 */
export function createFftTables(arena: MemoryArena, n: number, precision: Precision): FftTables {
  const radices = radicesOf(n)
  const twiddle = precision === 'f32' ? arena.float32(2 * n) : arena.float64(2 * n)
  for (let k = 0; k < n; k++) {
    const angle = (-2 * Math.PI * k) / n
    twiddle[2 * k] = Math.cos(angle)
    twiddle[2 * k + 1] = Math.sin(angle)
  }
  const plan = arena.int32(radices.length + 1)
  plan.set([radices.length, ...radices])
  return {
    n,
    twiddleAddress: twiddle.byteOffset,
    planAddress: plan.byteOffset,
    dispose() {
      arena.free(twiddle)
      arena.free(plan)
    },
  }
}

/** Radix 4 stands last wherever n allows it: that pass needs no twiddle factors. */
function radicesOf(n: number): number[] {
  const radices: number[] = []
  let rest = n
  if (Number.isInteger(n) && n > 0) {
    for (const radix of [5, 3]) {
      while (rest % radix === 0) {
        radices.push(radix)
        rest /= radix
      }
    }
    const twos = Math.log2(rest)
    if (twos % 2 === 1) radices.push(2)
    for (let k = 0; k < twos >> 1; k++) radices.push(4)
    rest /= 2 ** Math.floor(twos)
  }
  if (rest !== 1) {
    throw new MathError(`expected a transform size with factors 2, 3 and 5 only, got ${n}: use goodFftSize`, { n })
  }
  return radices
}
