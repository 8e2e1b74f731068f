import type { JsonObject } from '@cleanbeam/types'

/** What shows a value: MIME type → data. */
export interface MimeBundle {
  readonly data: JsonObject
  readonly metadata: JsonObject
}

/** What went wrong in a cell. */
export interface CellError {
  readonly name: string
  readonly message: string
  /** With the positions of the transpiled cell. */
  readonly stack: string
}

/** How a cell ended. `shown` is null for a cell whose last statement is no expression, or undefined. */
export type CellOutcome =
  | { readonly status: 'ok'; readonly shown: MimeBundle | null; readonly expressions: JsonObject }
  | { readonly status: 'error'; readonly error: CellError }

/** From the thread that speaks with clients to the one that runs cells. */
export type ToCellThread =
  | {
      readonly kind: 'run'
      readonly id: number
      /** JavaScript. */
      readonly code: string
      /** Expressions evaluated after the cell: name → JavaScript. */
      readonly expressions: Readonly<Record<string, string>>
      readonly mayAsk: boolean
    }
  | { readonly kind: 'interrupt'; readonly id: number }
  | { readonly kind: 'input'; readonly id: number; readonly value: string }
  | { readonly kind: 'comm'; readonly type: string; readonly content: JsonObject; readonly buffers: Uint8Array[] }
  | { readonly kind: 'shutdown' }

/** The other way. */
export type FromCellThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: CellOutcome }
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'display'; readonly bundle: MimeBundle; readonly displayId?: string; readonly update?: boolean }
  | { readonly kind: 'clear'; readonly wait: boolean }
  | { readonly kind: 'ask'; readonly id: number; readonly prompt: string; readonly password: boolean }
  | { readonly kind: 'comm'; readonly type: string; readonly content: JsonObject; readonly buffers: Uint8Array[] }

/** One end of the way between the two threads: a worker, or its port to us. */
export interface ThreadPort<Out, In> {
  postMessage(message: Out): void
  on(event: 'message', handler: (message: In) => void): unknown
}
