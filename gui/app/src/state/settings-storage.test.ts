import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, defaultDisplay, displayOf, withDisplay } from './display-settings.ts'
import { loadSettings, type SettingsStorage, saveSettings } from './settings-storage.ts'

function memoryStorage(initial?: string): SettingsStorage & { text: string | null } {
  return {
    text: initial ?? null,
    getItem() {
      return this.text
    },
    setItem(_key, value) {
      this.text = value
    },
  }
}

describe('remembered settings', () => {
  it('come back as they were', () => {
    const storage = memoryStorage()
    const settings = withDisplay({ ...DEFAULT_SETTINGS, colormap: 'viridis', channel: 3 }, '.image', {
      clip: { kind: 'manual', low: -1, high: 2 },
    })
    saveSettings(storage, settings)
    expect(loadSettings(storage)).toEqual(settings)
  })

  it('fall back to their defaults where they make no sense', () => {
    const stored = { colormap: 'jet', tool: 'hammer', channel: -4, showGrid: 'yes', theme: 'dark', stranger: 1 }
    const products = { '.image': { scaling: 'cubic' }, '.psf': { ...defaultDisplay('.psf'), scaling: 'log' } }
    const settings = loadSettings(memoryStorage(JSON.stringify({ ...stored, products })))
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', products: { '.psf': products['.psf'] } })
  })

  it('survive a storage that holds nonsense or refuses', () => {
    expect(loadSettings(memoryStorage('{'))).toEqual(DEFAULT_SETTINGS)
    const refusing: SettingsStorage = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => {
        throw new Error('denied')
      },
    }
    expect(loadSettings(refusing)).toEqual(DEFAULT_SETTINGS)
    expect(() => saveSettings(refusing, DEFAULT_SETTINGS)).not.toThrow()
  })

  it('keep a default display as one object, so that nothing is drawn again', () => {
    expect(displayOf(DEFAULT_SETTINGS, '.residual')).toBe(displayOf(DEFAULT_SETTINGS, '.residual'))
    expect(defaultDisplay('.image.tt0.pbcor')).toBe(defaultDisplay('.image'))
  })
})
