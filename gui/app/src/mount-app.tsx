import type { SessionClient } from '@cleanbeam/protocol'
import type { ImageViewer } from '@cleanbeam/viewer'
import { createRef } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './components/app.tsx'
import { AppProvider, type AppServices } from './components/app-context.tsx'
import { createPageApi } from './drive/page-api.ts'
import { createAppStore } from './state/app-state.ts'
import { createCommands } from './state/commands.ts'
import { loadCubeRange } from './state/cube-range-loader.ts'
import { loadDetails } from './state/detail-loader.ts'
import { loadMask } from './state/mask-loader.ts'
import { playMovies } from './state/movie-player.ts'
import { loadPlanes } from './state/plane-loader.ts'
import { syncSession } from './state/session-sync.ts'
import { loadSettings, saveSettings } from './state/settings-storage.ts'
import { loadSpectra } from './state/spectrum-loader.ts'
import { loadStatistics } from './state/statistics-loader.ts'
import './styles/page.css'

/**
 * Puts the page of a session into an element and offers `window.cleanbeam`.
 * @returns the services, for tests
 */
export function mountApp(element: HTMLElement, client: SessionClient): AppServices {
  const store = createAppStore(loadSettings(window.localStorage))
  const commands = createCommands(client, store)
  const viewer: { current: ImageViewer | null } = createRef<ImageViewer>() as { current: ImageViewer | null }
  const services: AppServices = { client, store, commands, viewer }
  store.subscribe((state, before) => {
    if (state.settings !== before.settings) saveSettings(window.localStorage, state.settings)
  })
  syncSession(client, store)
  loadPlanes(client, store)
  loadMask(client, store)
  loadStatistics(client, store)
  loadDetails(client, store, () => window.devicePixelRatio || 1)
  loadCubeRange(client, store)
  loadSpectra(client, store)
  playMovies(store)
  window.cleanbeam = createPageApi(services)
  createRoot(element).render(
    <AppProvider value={services}>
      <App />
    </AppProvider>,
  )
  return services
}
