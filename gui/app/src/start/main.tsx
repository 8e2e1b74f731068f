import '../no-generated-code.ts'
import { createRoot } from 'react-dom/client'
import { loadSettings } from '../state/settings-storage.ts'
import { httpStartClient } from './start-client.ts'
import { StartPage } from './start-page.tsx'
import '../styles/start.css'

const { theme } = loadSettings(window.localStorage)
const isLight = window.matchMedia('(prefers-color-scheme: light)').matches
document.documentElement.dataset.theme = theme === 'auto' ? (isLight ? 'light' : 'dark') : theme
createRoot(document.getElementById('app')!).render(
  // The same address shows the session once there is one.
  <StartPage client={httpStartClient(document.baseURI)} onBegun={() => window.location.reload()} />,
)
