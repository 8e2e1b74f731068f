import { ImageError } from './image-error.ts'
import type { Region } from './region.ts'

/**
 * Regions of a CRTF text (one line or a whole file, with or without `#CRTFv0`).
 * @throws ImageError naming the line and what is wrong with it.
 */
export function parseCrtf(_text: string): Region[] {
  throw new ImageError('parseCrtf is being written')
}

/** CRTF text, `#CRTFv0` header included, that {@link parseCrtf} reads back equal. */
export function formatCrtf(_regions: readonly Region[]): string {
  throw new ImageError('formatCrtf is being written')
}
