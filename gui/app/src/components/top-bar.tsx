import { isBusy } from '../state/selectors.ts'
import { sessionTitle } from '../words/session-title.ts'
import { statusText } from '../words/status-text.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { Icon, type IconName } from './icons.tsx'

/** Name, data, engine, status line and the buttons that drive cleaning. */
export function TopBar() {
  return (
    <header className="top-bar">
      <h1 className="brand">Cleanbeam</h1>
      <DataChip />
      <EngineChip />
      <StatusLine />
      <ActionButtons />
      <PanelButtons />
      <ThemeButton />
      <HelpButtons />
    </header>
  )
}

function DataChip() {
  const session = useAppState(state => state.session)
  if (!session) return null
  const { data, object, frequency, telescope } = sessionTitle(session)
  const rest = [frequency, telescope].filter(Boolean).map(part => ` · ${part}`)
  return (
    <div className="chip data-chip" title={[data, object, frequency, telescope].filter(Boolean).join(' · ')}>
      {data}
      {object && (
        <>
          {' · '}
          <b>{object}</b>
        </>
      )}
      {rest}
    </div>
  )
}

const CONNECTION_WORDS = {
  open: 'connected',
  connecting: 'connecting',
  waiting: 'connection lost',
  closed: 'closed',
} as const

function EngineChip() {
  const connection = useAppState(state => state.connection.name)
  const engine = useAppState(state => state.session?.engine)
  const finished = useAppState(state => state.session?.phase.name === 'finished')
  const words = finished ? 'session ended' : CONNECTION_WORDS[connection]
  return (
    <div className="chip" title={engine ? `${engine.name} engine ${engine.version}, ${words}` : words}>
      <span className={`dot ${finished ? 'ended' : connection}`} aria-hidden="true" />
      {connection === 'open' && !finished ? <span className="engine-words">{engine?.name ?? '…'} engine</span> : words}
    </div>
  )
}

function StatusLine() {
  const session = useAppState(state => state.session)
  const text = statusText(session)
  const busy = isBusy(session)
  const tone = session?.phase.error ? 'error' : session?.record?.stopcode === 7 && !busy ? 'hint' : ''
  return (
    <div className={`status ${tone}`} role="status" aria-live="polite" title={text}>
      {busy && <span className="spinner" aria-hidden="true" />}
      <span className="status-text">{text}</span>
    </div>
  )
}

function ActionButtons() {
  const { commands } = useServices()
  const session = useAppState(state => state.session)
  const phase = session?.phase.name
  const ready = phase === 'idle'
  const stopping = phase === 'stopping'
  const canStop = phase === 'stepping' || phase === 'running' || stopping
  return (
    <div className="actions">
      <ActionButton
        name="Step"
        icon="step"
        tone="primary"
        disabled={!ready}
        hint="One major cycle (S)"
        onClick={() => commands.step()}
      />
      <ActionButton
        name="Run"
        icon="run"
        disabled={!ready}
        hint="Until a stop criterion is met (R)"
        onClick={() => commands.run()}
      />
      <RunSeveral ready={ready} />
      <ActionButton
        name="Stop"
        icon="stop"
        tone="danger"
        disabled={!canStop}
        hint={stopping ? 'Click again to stop now, without completing this cycle' : 'After the current major cycle (X)'}
        onClick={() => (stopping ? commands.abort() : commands.stop())}
      />
      <ActionButton
        name="Finish"
        icon="check"
        tone="success"
        disabled={!session || phase === 'finished' || phase === 'restoring' || phase === 'opening'}
        hint="Restore the image and end the session"
        onClick={() => commands.finish()}
      />
    </div>
  )
}

/** Runs a number of major cycles. */
function RunSeveral({ ready }: { ready: boolean }) {
  const { commands } = useServices()
  const runCycles = useAppState(state => state.settings.runCycles)
  const change = useChangeSettings()
  return (
    <div className="run-several">
      <button
        type="button"
        aria-label={`Run ${runCycles} cycles`}
        title={`${runCycles} major cycles, fewer when a stop criterion is met (N)`}
        disabled={!ready}
        onClick={() => commands.step(runCycles)}
      >
        ×
      </button>
      <input
        type="number"
        aria-label="Major cycles to run"
        min={1}
        max={999}
        value={runCycles}
        onChange={event => {
          const typed = Math.round(event.target.valueAsNumber)
          if (typed >= 1 && typed <= 999) change({ runCycles: typed })
        }}
      />
    </div>
  )
}

interface ActionButtonProps {
  readonly name: string
  readonly icon: IconName
  readonly hint: string
  readonly tone?: string
  readonly disabled: boolean
  readonly onClick: () => void
}

function ActionButton({ name, icon, hint, tone = '', disabled, onClick }: ActionButtonProps) {
  return (
    <button
      type="button"
      className={`action ${tone}`}
      aria-label={name}
      title={hint}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={13} />
      {name}
    </button>
  )
}

const NEXT_THEME = { auto: 'light', light: 'dark', dark: 'contrast', contrast: 'auto' } as const
const THEME_ICON = { auto: 'auto', light: 'sun', dark: 'moon', contrast: 'half' } as const
const THEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark', contrast: 'high contrast' } as const

function ThemeButton() {
  const theme = useAppState(state => state.settings.theme)
  const change = useChangeSettings()
  const label = `Colours of the page: ${THEME_WORDS[theme]}`
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => change({ theme: NEXT_THEME[theme] })}
    >
      <Icon name={THEME_ICON[theme]} />
    </button>
  )
}

/** Shows and hides the side column and the lower panel. */
function PanelButtons() {
  const sideHidden = useAppState(state => state.settings.sideHidden)
  const bottomHidden = useAppState(state => state.settings.bottomHidden)
  const change = useChangeSettings()
  return (
    <div className="icon-buttons">
      <button
        type="button"
        className="icon-button"
        aria-label="Lower panel"
        aria-pressed={!bottomHidden}
        title="Lower panel (|)"
        onClick={() => change({ bottomHidden: !bottomHidden })}
      >
        <Icon name="panelBottom" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Side column"
        aria-pressed={!sideHidden}
        title="Side column (\\)"
        onClick={() => change({ sideHidden: !sideHidden })}
      >
        <Icon name="panelSide" />
      </button>
    </div>
  )
}

function HelpButtons() {
  const { store } = useServices()
  return (
    <div className="icon-buttons">
      <button
        type="button"
        className="icon-button"
        aria-label="All commands"
        title="All commands (Ctrl+K)"
        onClick={() => store.setState({ dialog: 'commands' })}
      >
        <Icon name="commands" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => store.setState({ dialog: 'shortcuts' })}
      >
        <Icon name="help" />
      </button>
    </div>
  )
}
