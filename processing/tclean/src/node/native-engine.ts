import type { ImageFormat } from '@cleanbeam/image/node'
import type { ImagingEngine } from '@cleanbeam/types'
import { TcleanError } from '../tclean-error.ts'

export interface NativeEngineOptions {
  /** How products are kept; default 'fits', the only one so far. */
  readonly format?: ImageFormat
}

/**
 * Cleanbeam's own engine. It opens the visibilities of a call once and keeps them for the next call on the same files,
 * selection, image geometry and weighting, until `release`; products are always those on disk.
 */
export function createNativeEngine(_options: NativeEngineOptions = {}): ImagingEngine {
  throw new TcleanError('the native engine is being written')
}
