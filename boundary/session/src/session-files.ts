import type { ImageCube } from '@cleanbeam/types'
import type { MaskJournalEntry } from './mask-journal.ts'

/** The products of the session's image name; `@cleanbeam/image/node`'s ProductStore is one. */
export interface ProductFiles {
  /** Products on disk: suffix → path. */
  list(): Promise<Record<string, string>>
  /** Changes whenever the product's file changes; '' when it does not exist. */
  stateKey(suffix: string): Promise<string>
  read(suffix: string): Promise<ImageCube>
  /** Atomic. */
  write(suffix: string, cube: ImageCube): Promise<void>
}

/** Where mask edits survive the process. */
export interface JournalFile {
  load(): Promise<MaskJournalEntry[]>
  /** The entry survives the death of the process once this has resolved. */
  append(entry: MaskJournalEntry): Promise<void>
  /** Forgets all entries. */
  clear(): Promise<void>
}
