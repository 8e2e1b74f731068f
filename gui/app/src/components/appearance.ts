import {
  CONTRAST_PICTURE_THEME,
  DARK_PICTURE_THEME,
  LIGHT_PICTURE_THEME,
  type PictureTheme,
} from '@cleanbeam/viewer/drawing'
import { useSyncExternalStore } from 'react'
import type { Appearance } from '../state/picture-scene.ts'
import { useAppState } from './app-context.tsx'

/** Light, dark or high contrast, as chosen or as the system has it. */
export function useAppearance(): Appearance {
  const theme = useAppState(state => state.settings.theme)
  const system = useSyncExternalStore(subscribeSystem, systemAppearance)
  return theme === 'auto' ? system : theme
}

const PICTURE_THEMES: Readonly<Record<Appearance, PictureTheme>> = {
  dark: DARK_PICTURE_THEME,
  light: LIGHT_PICTURE_THEME,
  contrast: CONTRAST_PICTURE_THEME,
}

/** Colours of the picture that go with an appearance. */
export function pictureTheme(appearance: Appearance): PictureTheme {
  return PICTURE_THEMES[appearance]
}

const LIGHT_QUERY = '(prefers-color-scheme: light)'
const CONTRAST_QUERY = '(prefers-contrast: more)'

function systemAppearance(): Appearance {
  if (window.matchMedia(CONTRAST_QUERY).matches) return 'contrast'
  return window.matchMedia(LIGHT_QUERY).matches ? 'light' : 'dark'
}

function subscribeSystem(onChange: () => void): () => void {
  const queries = [LIGHT_QUERY, CONTRAST_QUERY].map(query => window.matchMedia(query))
  for (const query of queries) query.addEventListener('change', onChange)
  return () => {
    for (const query of queries) query.removeEventListener('change', onChange)
  }
}
