import { lookUpUnit } from '@cleanbeam/measures'
import type { SpectralWindow } from '@cleanbeam/types'

/** Frequencies as a selection gives them: a comparison with `firstHz`, or a range that may be a single frequency. */
export interface FrequencyRange {
  readonly operator: '<' | '>' | null
  readonly firstHz: number
  readonly lastHz: number
}

const NUMBER = String.raw`\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?`
const UNIT = '[kMGT]?Hz'
const EXPRESSION = new RegExp(String.raw`^([<>])?\s*(${NUMBER})\s*(${UNIT})?(?:\s*~\s*(${NUMBER})\s*(${UNIT}))?$`, 'i')

/** Parses 1.41GHz, 1.4~1.5GHz, 1402MHz~1.41GHz or >1.5GHz; null when the text is none of these. */
export function frequencyRange(text: string): FrequencyRange | null {
  const match = EXPRESSION.exec(text)
  if (match === null) return null
  const [, operator, first, firstUnit, last, lastUnit] = match
  const unit = firstUnit ?? lastUnit
  if (unit === undefined || (operator !== undefined && last !== undefined)) return null
  const firstHz = Number(first) * unitScale(unit)
  const lastHz = last === undefined ? firstHz : Number(last) * unitScale(lastUnit ?? unit)
  return { operator: (operator as '<' | '>' | undefined) ?? null, firstHz, lastHz }
}

function unitScale(unit: string): number {
  const prefix = unit.slice(0, -2)
  const canonical = { k: 'kHz', K: 'kHz', m: 'MHz', M: 'MHz', g: 'GHz', G: 'GHz', t: 'THz', T: 'THz' }[prefix] ?? 'Hz'
  return lookUpUnit(canonical)?.scale ?? 1
}

/** A decimal fraction of a GHz is not exact in binary; a part in 10¹² keeps the ends of a range inside. */
const SLACK = 1e-12

/**
 * Channels whose centres lie in a range; where none does but the range lies between two of them, those two.
 * @returns first and last, or null when the range misses the window
 */
export function inChannels(
  { channelFrequencyHz }: SpectralWindow,
  firstHz: number,
  lastHz: number,
): { readonly start: number; readonly stop: number } | null {
  const low = firstHz * (1 - SLACK)
  const high = lastHz * (1 + SLACK)
  const inside = [...channelFrequencyHz.keys()].filter(
    k => channelFrequencyHz[k] >= low && channelFrequencyHz[k] <= high,
  )
  if (inside.length > 0) return { start: inside[0], stop: inside[inside.length - 1] }
  for (let k = 0; k + 1 < channelFrequencyHz.length; k++) {
    const [a, b] = [channelFrequencyHz[k], channelFrequencyHz[k + 1]]
    if (Math.min(a, b) < firstHz && lastHz < Math.max(a, b)) return { start: k, stop: k + 1 }
  }
  return null
}
