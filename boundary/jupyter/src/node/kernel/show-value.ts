import { inspect } from 'node:util'
import type { JsonObject } from '@cleanbeam/types'
import type { MimeBundle } from './thread-messages.ts'

/** Method by which a value says how a notebook shows it: returns MIME type → data, or a promise of it. */
export const SHOW = Symbol.for('Jupyter.display')

/** A way to show values of some kind; null for others. */
export type Shower = (value: unknown) => Promise<JsonObject | null>

/** How a notebook shows a value: as it says itself, as one of `showers` knows it, or as text. */
export async function showValue(value: unknown, showers: readonly Shower[]): Promise<MimeBundle> {
  const text = { 'text/plain': inspect(value, { depth: 4, maxArrayLength: 50, breakLength: 100 }) }
  const own = (await ownBundle(value)) ?? (await firstOf(showers, value)) ?? mediaBundle(value)
  return { data: { ...text, ...own }, metadata: {} }
}

async function ownBundle(value: unknown): Promise<JsonObject | null> {
  if (typeof value !== 'object' || value === null) return null
  const show = (value as Record<symbol, unknown>)[SHOW]
  return typeof show === 'function' ? ((await show.call(value)) as JsonObject) : null
}

async function firstOf(showers: readonly Shower[], value: unknown): Promise<JsonObject | null> {
  for (const shower of showers) {
    const data = await shower(value)
    if (data !== null) return data
  }
  return null
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47]

/** Bytes of a PNG file are shown as the picture. */
function mediaBundle(value: unknown): JsonObject | null {
  if (!(value instanceof Uint8Array) || PNG_SIGNATURE.some((byte, i) => value[i] !== byte)) return null
  return { 'image/png': Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
}
