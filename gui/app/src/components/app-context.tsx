import type { SessionClient } from '@cleanbeam/protocol'
import type { ImageViewer } from '@cleanbeam/viewer'
import { createContext, type RefObject, useContext } from 'react'
import { useStore } from 'zustand'
import type { AppState, AppStore } from '../state/app-state.ts'
import type { Commands } from '../state/commands.ts'
import type { DisplaySettings } from '../state/display-settings.ts'

/** What components are given instead of reaching for it. */
export interface AppServices {
  readonly client: SessionClient
  readonly store: AppStore
  readonly commands: Commands
  readonly viewer: RefObject<ImageViewer | null>
}

const AppContext = createContext<AppServices | null>(null)

/** Gives the services to the components inside. */
export const AppProvider = AppContext.Provider

/** The services of the page. @throws Error outside an AppProvider */
export function useServices(): AppServices {
  const services = useContext(AppContext)
  if (!services) throw new Error('expected a component inside AppProvider, got one outside')
  return services
}

/** A part of the state; the component is drawn again when it changes. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useServices().store, select)
}

/** Changes display settings. */
export function useChangeSettings(): (change: Partial<DisplaySettings>) => void {
  const { store } = useServices()
  return change => store.setState(state => ({ settings: { ...state.settings, ...change } }))
}
