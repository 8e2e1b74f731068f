import { DARK_PICTURE_THEME, LIGHT_PICTURE_THEME, type PictureTheme } from '@cleanbeam/viewer/drawing'
import { useSyncExternalStore } from 'react'
import { useAppState } from './app-context.tsx'

/** Light or dark, as chosen or as the system has it. */
export function useAppearance(): 'light' | 'dark' {
  const theme = useAppState(state => state.settings.theme)
  const system = useSyncExternalStore(subscribeSystem, systemAppearance)
  return theme === 'auto' ? system : theme
}

/** Colours of the picture that go with an appearance. */
export function pictureTheme(appearance: 'light' | 'dark'): PictureTheme {
  return appearance === 'dark' ? DARK_PICTURE_THEME : LIGHT_PICTURE_THEME
}

const LIGHT_QUERY = '(prefers-color-scheme: light)'

function systemAppearance(): 'light' | 'dark' {
  return window.matchMedia(LIGHT_QUERY).matches ? 'light' : 'dark'
}

function subscribeSystem(onChange: () => void): () => void {
  const query = window.matchMedia(LIGHT_QUERY)
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}
