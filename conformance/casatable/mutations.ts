import type { MemoryStorage } from '@cleanbeam/casatable'
import type { SeededRandom } from './seeded-random.ts'

/** What was done to a table. */
export interface Mutation {
  readonly kind: 'truncated' | 'flipped' | 'absurd' | 'unused'
  readonly file: string
  readonly offset: number
}

/** Numbers that no count, size or offset should have. */
const ABSURD = [0xffffffff, 0x7fffffff, 0x80000000, 0x10000000, 0x00ffffff, 0xfffffffe, 1, 0]

/** Damages one file of a table in memory. */
export function mutate(storage: MemoryStorage, tablePath: string, random: SeededRandom): Mutation {
  const files = storage.list().filter(name => name.startsWith(`${tablePath}/`) && storage.get(name).length > 0)
  const kind = random.pick(['truncated', 'flipped', 'flipped', 'absurd', 'absurd', 'unused'] as const)
  if (kind === 'unused') return changeUnused(storage, files, random)
  const file = pickFile(files, random)
  const bytes = storage.get(file)
  // Structures lie at the beginning and end of files more often than in between.
  const offset = random.next() < 0.6 ? random.below(Math.min(bytes.length, 1500)) : random.below(bytes.length)
  if (kind === 'truncated') storage.put(file, bytes.slice(0, offset))
  else if (kind === 'flipped') {
    const changed = bytes.slice()
    for (let i = random.below(4); i >= 0; i--)
      changed[Math.min(bytes.length - 1, offset + i * 37)] ^= 1 << random.below(8)
    storage.put(file, changed)
  } else {
    const changed = bytes.slice()
    const at = Math.max(0, Math.min(bytes.length - 4, offset))
    if (bytes.length >= 4) new DataView(changed.buffer).setUint32(at, random.pick(ABSURD), random.next() < 0.5)
    storage.put(file, changed)
  }
  return { kind, file, offset }
}

/** True for files that hold nothing of a table's cells or keywords. */
export function holdsNoValues(file: string): boolean {
  return file.endsWith('/table.lock') || file.endsWith('/table.info')
}

function pickFile(files: readonly string[], random: SeededRandom): string {
  // table.dat and the head files are small; by size alone they would hardly be hit.
  return random.pick(random.next() < 0.4 ? files.filter(name => name.endsWith('table.dat')) : files)
}

/** Changes bytes on which no value depends: the lock file, the rest of a bucket file's first 512 bytes. */
function changeUnused(storage: MemoryStorage, files: readonly string[], random: SeededRandom): Mutation {
  const bucketFiles = files.filter(name => /table\.f\d+$/.test(name) && isBucketFile(storage.get(name)))
  const candidates = [...files.filter(holdsNoValues), ...bucketFiles]
  if (candidates.length === 0) return { kind: 'unused', file: files[0], offset: -1 }
  const file = random.pick(candidates)
  const changed = storage.get(file).slice()
  const first = isBucketFile(changed) ? 4 + objectLength(changed) : 0
  const end = isBucketFile(changed) ? 512 : changed.length
  const offset = first + random.below(end - first)
  changed[offset] = random.below(256)
  storage.put(file, changed)
  return { kind: 'unused', file, offset }
}

function isBucketFile(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 40))
  return head.includes('StandardStMan') || head.includes('IncrementalStMan')
}

/** Length of the AipsIO object behind the mark, whose byte order shows in its being small. */
function objectLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Math.min(view.getUint32(4, true), view.getUint32(4, false))
}
