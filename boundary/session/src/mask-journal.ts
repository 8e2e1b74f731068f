import { decodeRuns, encodeRuns } from '@cleanbeam/protocol'

/** Pixels of one plane that an edit switched, as run lengths (see `encodeRuns`). */
export interface PlaneChange {
  /** stokes + nStokes·channel. */
  readonly plane: number
  readonly on: number[]
  readonly off: number[]
}

/** One line of the journal. `written`: everything before it is in the mask product. */
export type MaskJournalEntry =
  | { readonly kind: 'edit'; readonly changes: PlaneChange[] }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  | { readonly kind: 'written' }

type MaskMove = Exclude<MaskJournalEntry, { kind: 'written' }>

/** An edit made (forward) or taken back. */
interface Step {
  readonly changes: readonly PlaneChange[]
  readonly forward: boolean
}

/**
 * The clean mask of one field in memory, with every edit ever made. Undoing an edit gives back the pixels it switched,
 * whatever has happened to the others meanwhile (an automatic mask, another program).
 */
export class MaskJournal {
  readonly #nPixel: number
  readonly #bits: Uint8Array
  #done: PlaneChange[][] = []
  #undone: PlaneChange[][] = []
  /** What was done to the bits since they were last the same as on disk. */
  #pending: Step[] = []

  /**
   * @param nPixel - pixels of a plane
   * @param bits - all planes, one after the other, 1 = clean; owned by the journal from now on
   */
  constructor(nPixel: number, bits: Uint8Array) {
    this.#nPixel = nPixel
    this.#bits = bits
  }

  get canUndo(): boolean {
    return this.#done.length > 0
  }

  get canRedo(): boolean {
    return this.#undone.length > 0
  }

  get nPending(): number {
    return this.#pending.length
  }

  /** All planes; read only. */
  get bits(): Uint8Array {
    return this.#bits
  }

  plane(index: number): Uint8Array {
    return this.#bits.subarray(index * this.#nPixel, (index + 1) * this.#nPixel)
  }

  /**
   * Sets planes to new contents.
   * @param wanted - new pixels of each plane that may change
   * @returns the journal entry, or null when nothing changes
   */
  edit(wanted: ReadonlyMap<number, Uint8Array>): MaskJournalEntry | null {
    const changes: PlaneChange[] = []
    for (const [plane, pixels] of wanted) {
      const before = this.plane(plane)
      const on = Uint8Array.from(pixels, (value, i) => (value !== 0 && before[i] === 0 ? 1 : 0))
      const off = Uint8Array.from(pixels, (value, i) => (value === 0 && before[i] !== 0 ? 1 : 0))
      if (!on.includes(1) && !off.includes(1)) continue
      changes.push({ plane, on: [...encodeRuns(on)], off: [...encodeRuns(off)] })
    }
    return changes.length === 0 ? null : this.#carryOut({ kind: 'edit', changes })
  }

  /** @returns the journal entry, or null when there is nothing to undo */
  undo(): MaskJournalEntry | null {
    return this.canUndo ? this.#carryOut({ kind: 'undo' }) : null
  }

  /** @returns the journal entry, or null when there is nothing to redo */
  redo(): MaskJournalEntry | null {
    return this.canRedo ? this.#carryOut({ kind: 'redo' }) : null
  }

  /** The mask product now holds these bits. */
  written(): MaskJournalEntry {
    this.#pending = []
    return { kind: 'written' }
  }

  /**
   * Takes over the mask as somebody else has left it on disk; edits that are not on disk yet are made again on top.
   * @returns whether any pixel differs from before
   */
  replace(bits: Uint8Array): boolean {
    const before = this.#bits.slice()
    this.#bits.set(bits)
    for (const step of this.#pending) this.#switch(step)
    return before.some((value, i) => value !== this.#bits[i])
  }

  /** Whether a journal is about a mask of this shape. */
  fits(entries: readonly MaskJournalEntry[]): boolean {
    const total = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0)
    const nPlane = this.#bits.length / this.#nPixel
    return entries
      .flatMap(entry => (entry.kind === 'edit' ? entry.changes : []))
      .every(({ plane, on, off }) => plane < nPlane && total(on) === this.#nPixel && total(off) === this.#nPixel)
  }

  /** Goes through a journal from an earlier process; the bits given to the constructor are those on disk. */
  replay(entries: readonly MaskJournalEntry[]): void {
    const lastWritten = entries.findLastIndex(entry => entry.kind === 'written')
    entries.forEach((entry, i) => {
      if (entry.kind !== 'written') this.#move(entry, i > lastWritten)
    })
  }

  #carryOut(entry: MaskMove): MaskJournalEntry {
    this.#move(entry, true)
    return entry
  }

  #move(entry: MaskMove, isPending: boolean): void {
    const step = this.#stepOf(entry)
    if (step === null || !isPending) return
    this.#switch(step)
    this.#pending.push(step)
  }

  #stepOf(entry: MaskMove): Step | null {
    if (entry.kind === 'edit') {
      this.#done.push(entry.changes)
      this.#undone = []
      return { changes: entry.changes, forward: true }
    }
    const forward = entry.kind === 'redo'
    const [from, to] = forward ? [this.#undone, this.#done] : [this.#done, this.#undone]
    const changes = from.pop()
    if (changes === undefined) return null
    to.push(changes)
    return { changes, forward }
  }

  #switch({ changes, forward }: Step): void {
    for (const { plane, on, off } of changes) {
      const pixels = this.plane(plane)
      this.#set(pixels, on, forward ? 1 : 0)
      this.#set(pixels, off, forward ? 0 : 1)
    }
  }

  #set(pixels: Uint8Array, runs: readonly number[], value: number): void {
    const chosen = decodeRuns(Uint32Array.from(runs), this.#nPixel)
    for (let i = 0; i < chosen.length; i++) if (chosen[i] !== 0) pixels[i] = value
  }
}
