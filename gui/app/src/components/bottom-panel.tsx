import { useAppState, useChangeSettings } from './app-context.tsx'
import { HistogramPanel } from './histogram-panel.tsx'
import { CopyCommands, LogPanel } from './log-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { SpectrumPanel } from './spectrum-panel.tsx'

const TABS = [
  { name: 'log', label: 'Log' },
  { name: 'spectrum', label: 'Spectrum' },
  { name: 'profiles', label: 'Profiles' },
  { name: 'histogram', label: 'Histogram' },
] as const

const BODIES = { log: LogPanel, spectrum: SpectrumPanel, profiles: ProfilePanel, histogram: HistogramPanel } as const

/** Below the picture: the log of calls, spectrum, profiles, histogram. */
export function BottomPanel() {
  const tab = useAppState(state => state.settings.bottomTab)
  const change = useChangeSettings()
  const Body = BODIES[tab]
  return (
    <section className="bottom-panel" aria-label="Details">
      <div className="bottom-head">
        <div className="tabs" role="tablist" aria-label="Details">
          {TABS.map(({ name, label }) => (
            <button
              key={name}
              type="button"
              role="tab"
              className="tab"
              aria-selected={tab === name}
              onClick={() => change({ bottomTab: name })}
            >
              {label}
            </button>
          ))}
        </div>
        <span className="bar-space" />
        {tab === 'log' && <CopyCommands />}
      </div>
      <Body />
    </section>
  )
}
