import type { Gclean, KeptStates } from '@cleanbeam/gclean'
import type { CallOptions, GcleanRecord, GcleanUpdate, TcleanParameters } from '@cleanbeam/types'

/** What a session shows of gclean at any time. */
export interface CleanState {
  /** In force; niter and nmajor are what remains. */
  readonly parameters: TcleanParameters
  readonly record: GcleanRecord | null
  readonly restored: boolean
  /** States one can go back to; null where none are kept. */
  readonly kept: KeptStates | null
}

/** What images: 'native' or 'casa', and which version. */
export interface EngineIdentity {
  readonly name: string
  readonly version: string
}

/** gclean as a session drives it: in the same thread or in another, where imaging holds up nobody. */
export interface CleanDriver {
  /** Known where the engine is in another thread. */
  readonly engine?: EngineIdentity
  readonly state: CleanState
  /** @returns the record, or null when there is nothing more to do */
  next(call: CallOptions): Promise<GcleanRecord | null>
  update(changes: GcleanUpdate): Promise<[code: number, message: string]>
  restore(call: CallOptions): Promise<Record<string, string>>
  /** Goes back to the state after an earlier major cycle. */
  rewind(cycle: number): Promise<GcleanRecord>
  keepUpTo(bytes: number): Promise<void>
  commands(history: boolean): Promise<string[]>
  close(): Promise<void>
}

export function stateOf({ parameters, record, restored, kept }: Gclean): CleanState {
  return { parameters, record, restored, kept }
}

/** gclean in this thread. */
export function localDriver(gclean: Gclean): CleanDriver {
  return {
    get state() {
      return stateOf(gclean)
    },
    async next(call) {
      const { done, value } = await gclean.next(call)
      return done === true ? null : value
    },
    update: async changes => gclean.update(changes),
    restore: call => gclean.restore(call),
    rewind: cycle => gclean.rewind(cycle),
    keepUpTo: bytes => gclean.keepUpTo(bytes),
    commands: async history => gclean.cmds(history),
    close: () => gclean.close(),
  }
}
