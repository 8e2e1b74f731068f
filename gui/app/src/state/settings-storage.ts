import { TOOL_NAMES } from '@cleanbeam/viewer'
import { isColormapName, isScalingName } from '@cleanbeam/viewer/drawing'
import { DEFAULT_SETTINGS, type DisplaySettings, type ProductDisplay } from './display-settings.ts'

/** The part of Web Storage that is used. */
export interface SettingsStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'cleanbeam.display.1'

/** Settings as this browser remembers them; what is missing or makes no sense takes its default. */
export function loadSettings(storage: SettingsStorage): DisplaySettings {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    return typeof stored === 'object' && stored !== null ? sanitised(stored) : DEFAULT_SETTINGS
  } catch {
    // Storage may be switched off or hold something else; the page works without it.
    return DEFAULT_SETTINGS
  }
}

/** Remembers settings; does nothing where the browser refuses to. */
export function saveSettings(storage: SettingsStorage, settings: DisplaySettings): void {
  try {
    storage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // A full or forbidden storage only costs the memory of settings.
  }
}

function sanitised(stored: object): DisplaySettings {
  const known = stored as Record<string, unknown>
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS }
  for (const [key, fallback] of Object.entries(DEFAULT_SETTINGS)) {
    if (typeof known[key] === typeof fallback && isAllowed(key, known[key])) settings[key] = known[key]
  }
  settings.products = sanitisedProducts(settings.products as object)
  return settings as unknown as DisplaySettings
}

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  tool: TOOL_NAMES,
  interpolation: ['nearest', 'bilinear'],
  maskDisplay: ['outline', 'shaded', 'hidden'],
  mode: ['add', 'erase'],
  reduce: ['mean', 'max'],
  frame: ['native', 'J2000', 'ICRS', 'B1950', 'GALACTIC'],
  angles: ['sexagesimal', 'degrees', 'offset'],
  compare: ['off', 'side', 'blink'],
  maskReach: ['channel', 'range', 'all'],
  theme: ['auto', 'light', 'dark', 'contrast'],
  convergenceX: ['iterations', 'cycle', 'time'],
  convergenceView: ['plane', 'all', 'image'],
  statisticsOf: ['plane', 'mask', 'unmasked'],
  bottomTab: ['log', 'histogram', 'spectrum', 'profiles'],
  spectrumOf: ['cursor', 'mask'],
  spectrumAxis: ['channel', 'frequency', 'velocity'],
  spectrumStatistic: ['mean', 'sum', 'maximum'],
}

function isAllowed(key: string, value: unknown): boolean {
  if (key === 'colormap') return isColormapName(value)
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0
  return CHOICES[key]?.includes(value) ?? true
}

function sanitisedProducts(products: object): Record<string, ProductDisplay> {
  const good = Object.entries(products as Record<string, Partial<ProductDisplay>>).filter(
    ([, d]) =>
      isScalingName(d?.scaling) && isClipRule(d.clip) && Number.isFinite(d.bias) && Number.isFinite(d.contrast),
  )
  return Object.fromEntries(good) as Record<string, ProductDisplay>
}

function isClipRule(clip: ProductDisplay['clip'] | undefined): boolean {
  switch (clip?.kind) {
    case 'percentile':
      return clip.percent > 0 && clip.percent <= 100
    case 'manual':
      return Number.isFinite(clip.low) && Number.isFinite(clip.high)
    case 'zscale':
      return true
    default:
      return false
  }
}
