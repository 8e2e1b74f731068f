import type { KernelPool } from './kernel-pool.ts'

type KernelArray = Float32Array | Float64Array
type HeldArray = KernelArray | Uint8Array | Int32Array

/** What one call has put into kernel memory, and how it comes back out. */
export class CallMemory {
  readonly #pool: KernelPool
  readonly #held: HeldArray[] = []
  readonly #copyBack: (() => void)[] = []

  constructor(pool: KernelPool) {
    this.#pool = pool
  }

  /** Takes over an array of the arena until `release`. */
  hold<A extends HeldArray>(array: A): A {
    this.#held.push(array)
    return array
  }

  /** The address of the array where kernels can see it, else of a copy. */
  input(array: KernelArray, single: boolean): number {
    if (this.#visible(array, single)) return array.byteOffset
    const copy = this.reserve(array.length, single)
    copy.set(array)
    return copy.byteOffset
  }

  /** Like `input`, but contents are of no interest until `finish` copies them back. */
  output(array: KernelArray, single: boolean): number {
    if (this.#visible(array, single)) return array.byteOffset
    const copy = this.reserve(array.length, single)
    this.#copyBack.push(() => array.set(copy))
    return copy.byteOffset
  }

  /** Input and output in one. */
  inPlace(array: KernelArray, single: boolean): number {
    if (this.#visible(array, single)) return array.byteOffset
    const address = this.output(array, single)
    const copy = this.#held[this.#held.length - 1] as KernelArray
    copy.set(array)
    return address
  }

  /** Space of the call's own. */
  reserve(length: number, single: boolean): KernelArray {
    return this.hold(single ? this.#pool.arena.float32(length) : this.#pool.arena.float64(length))
  }

  #visible(array: KernelArray, single: boolean): boolean {
    return array instanceof Float32Array === single && this.#pool.arena.holds(array)
  }

  /** Copies results to where the caller wants them. */
  finish(): void {
    for (const copy of this.#copyBack) copy()
  }

  /** Frees everything. */
  release(): void {
    for (const array of this.#held.splice(0)) this.#pool.arena.free(array)
  }
}
