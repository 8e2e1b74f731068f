import { useAppState, useChangeSettings } from './app-context.tsx'
import { HistogramPanel } from './histogram-panel.tsx'
import { CopyCommandsButton, LogPanel } from './log-panel.tsx'

const TABS = [
  { name: 'log', label: 'Log' },
  { name: 'histogram', label: 'Histogram' },
] as const

/** Below the picture: the log of calls, the histogram. */
export function BottomPanel() {
  const tab = useAppState(state => state.settings.bottomTab)
  const change = useChangeSettings()
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
        <CopyCommandsButton />
      </div>
      {tab === 'log' ? <LogPanel /> : <HistogramPanel />}
    </section>
  )
}
