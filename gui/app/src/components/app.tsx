import { useEffect } from 'react'
import { imageTitle } from '../words/session-title.ts'
import { useAppState } from './app-context.tsx'
import { useAppearance } from './appearance.ts'
import { Banners } from './banners.tsx'
import { BottomPanel } from './bottom-panel.tsx'
import { CommandPalette } from './command-palette.tsx'
import { ConvergencePanel } from './convergence-panel.tsx'
import { ForecastPanel } from './forecast-panel.tsx'
import { useKeyboard } from './keyboard.ts'
import { MaskPanel } from './mask-panel.tsx'
import { ParameterPanel } from './parameter-panel.tsx'
import { PictureBar } from './picture-bar.tsx'
import { PicturePane } from './picture-pane.tsx'
import { PlaneBar } from './plane-bar.tsx'
import { Readout } from './readout.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { Splitter, usePageLayout } from './splitter.tsx'
import { StatisticsPanel } from './statistics-panel.tsx'
import { ToolRail } from './tool-rail.tsx'
import { TopBar } from './top-bar.tsx'

/** The page of an interactive clean session. */
export function App() {
  const appearance = useAppearance()
  const title = useAppState(state => (state.session ? `${imageTitle(state.session)} · Cleanbeam` : 'Cleanbeam'))
  const layout = usePageLayout()
  const sideHidden = useAppState(state => state.settings.sideHidden)
  const bottomHidden = useAppState(state => state.settings.bottomHidden)
  useKeyboard()
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.documentElement.dataset.theme = appearance
  }, [appearance])
  return (
    <div className="app" style={layout}>
      <TopBar />
      <ToolRail />
      <main className="picture-column">
        <PictureBar />
        <PlaneBar />
        <PicturePane />
        <Readout />
      </main>
      {!bottomHidden && <BottomPanel />}
      {!sideHidden && (
        <aside className="side" aria-label="Iteration control">
          <ParameterPanel />
          <ConvergencePanel />
          <MaskPanel />
          <StatisticsPanel />
          <ForecastPanel />
        </aside>
      )}
      {!sideHidden && <Splitter edge="side" />}
      {!bottomHidden && <Splitter edge="bottom" />}
      <Banners />
      <ShortcutsDialog />
      <CommandPalette />
    </div>
  )
}
