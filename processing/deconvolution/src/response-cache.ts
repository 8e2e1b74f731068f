import type { Pacer } from '@cleanbeam/math'
import { type ScaleResponses, scaleResponses } from './scale-responses.ts'

/**
 * Keeps what was computed from PSFs between minor cycles. A PSF is known by the memory it stands in, so a buffer whose
 * values change needs a new cache. What is kept goes when the PSF's buffer goes.
 */
export interface ResponseCache {
  /** The responses of these PSF terms to these scales, computed once; `patch` as for scaleResponses. */
  responses(
    psf: readonly Float32Array[],
    nx: number,
    ny: number,
    scalesPixels: readonly number[],
    patch: number,
    pacer: Pacer,
  ): Promise<ScaleResponses>
}

/**
 * Makes an empty cache.
 * @param maxEntries - PSFs (planes of a cube) kept per buffer; the oldest is dropped first
 */
export function createResponseCache(maxEntries = 4): ResponseCache {
  const perBuffer = new WeakMap<ArrayBufferLike, Map<string, Promise<ScaleResponses>>>()
  return {
    responses(psf, nx, ny, scalesPixels, patch, pacer) {
      const entries = perBuffer.get(psf[0].buffer) ?? new Map<string, Promise<ScaleResponses>>()
      perBuffer.set(psf[0].buffer, entries)
      const key = [nx, ny, psf.map(plane => plane.byteOffset).join(), scalesPixels.join(), patch].join(' ')
      const known = entries.get(key)
      if (known) return known
      const made = scaleResponses(psf, nx, ny, scalesPixels, patch, pacer)
      made.catch(() => entries.delete(key))
      entries.set(key, made)
      for (const old of [...entries.keys()].slice(0, Math.max(0, entries.size - maxEntries))) entries.delete(old)
      return made
    },
  }
}
