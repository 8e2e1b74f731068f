import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MaskJournal, type MaskJournalEntry } from './mask-journal.ts'

const N_PIXEL = 12
const N_PLANE = 3

type Action =
  | { readonly do: 'edit'; readonly planes: [number, number[]][] }
  | { readonly do: 'undo' | 'redo' | 'write' }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      planes: fc.array(fc.tuple(fc.nat(N_PLANE - 1), fc.array(fc.nat(1), { minLength: N_PIXEL, maxLength: N_PIXEL })), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write' as const) }) },
)

function perform(journal: MaskJournal, step: Action): MaskJournalEntry | null {
  if (step.do === 'edit') {
    return journal.edit(new Map(step.planes.map(([plane, bits]) => [plane, Uint8Array.from(bits)])))
  }
  if (step.do === 'undo') return journal.undo()
  if (step.do === 'redo') return journal.redo()
  return journal.written()
}

const empty = () => new Uint8Array(N_PIXEL * N_PLANE)

describe('a mask journal', () => {
  it('undoes and redoes like a stack of whole masks would', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), actions => {
        const journal = new MaskJournal(N_PIXEL, empty())
        const past: string[] = [empty().join('')]
        let position = 0
        for (const step of actions) {
          const entry = perform(journal, step)
          if (step.do === 'edit' && entry !== null) {
            past.length = ++position
            past.push(journal.bits.join(''))
          }
          if (step.do === 'undo') position = Math.max(0, position - 1)
          if (step.do === 'redo') position = Math.min(past.length - 1, position + 1)
          expect(journal.bits.join('')).toBe(past[position])
          expect(journal.canUndo).toBe(position > 0)
          expect(journal.canRedo).toBe(position < past.length - 1)
        }
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('is the same after the process was killed at any point: disk and lines give back bits and history', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), actions => {
        const journal = new MaskJournal(N_PIXEL, empty())
        const lines: MaskJournalEntry[] = []
        let disk = empty()
        for (const step of actions) {
          const entry = perform(journal, step)
          if (entry !== null) lines.push(JSON.parse(JSON.stringify(entry)))
          if (step.do === 'write') disk = journal.bits.slice()
        }
        const again = new MaskJournal(N_PIXEL, disk.slice())
        again.replay(lines)
        expect(again.bits).toEqual(journal.bits)
        expect([again.canUndo, again.canRedo, again.nPending]).toEqual([
          journal.canUndo,
          journal.canRedo,
          journal.nPending,
        ])
        while (journal.undo() !== null) again.undo()
        expect(again.bits).toEqual(journal.bits)
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('keeps what others changed when an edit is taken back, and pending edits when others write', () => {
    const journal = new MaskJournal(4, Uint8Array.of(0, 0, 0, 0))
    journal.edit(new Map([[0, Uint8Array.of(1, 1, 0, 0)]]))
    expect(journal.replace(Uint8Array.of(0, 0, 0, 1))).toBe(true)
    expect([...journal.bits]).toEqual([1, 1, 0, 1])
    journal.written()
    expect(journal.replace(Uint8Array.of(1, 1, 1, 1))).toBe(true)
    journal.undo()
    expect([...journal.bits]).toEqual([0, 0, 1, 1])
  })

  it('writes nothing for an edit that changes nothing', () => {
    const journal = new MaskJournal(4, Uint8Array.of(1, 0, 0, 0))
    expect(journal.edit(new Map([[0, Uint8Array.of(1, 0, 0, 0)]]))).toBeNull()
    expect(journal.undo()).toBeNull()
    expect(journal.redo()).toBeNull()
    expect(journal.nPending).toBe(0)
  })
})
