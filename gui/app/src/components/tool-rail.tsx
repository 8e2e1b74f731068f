import { TOOL_NAMES } from '@cleanbeam/viewer'
import { shownMaskState } from '../state/selectors.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { Icon, type IconName } from './icons.tsx'
import { TOOL_HINTS } from './tool-hints.ts'

/** Tools for looking and for drawing the mask, left of the picture. */
export function ToolRail() {
  return (
    <nav className="tool-rail" aria-label="Tools">
      <DrawingTools />
      <hr />
      <MaskModes />
      <hr />
      <MaskHistory />
      <span className="rail-space" />
      <ZoomButtons />
    </nav>
  )
}

function DrawingTools() {
  const tool = useAppState(state => state.settings.tool)
  const change = useChangeSettings()
  return (
    <div className="rail-group" role="radiogroup" aria-label="Drawing tool">
      {TOOL_NAMES.map(name => (
        <RailButton
          key={name}
          icon={name}
          label={`${TOOL_HINTS[name].label} (${TOOL_HINTS[name].key})`}
          chosen={tool === name}
          onClick={() => change({ tool: name })}
        />
      ))}
    </div>
  )
}

function MaskModes() {
  const mode = useAppState(state => state.settings.mode)
  const change = useChangeSettings()
  return (
    <div className="rail-group" role="radiogroup" aria-label="Drawing adds to or takes from the mask">
      <RailButton
        icon="add"
        label="Drawing adds to the mask (A)"
        chosen={mode === 'add'}
        tone="add"
        onClick={() => change({ mode: 'add' })}
      />
      <RailButton
        icon="erase"
        label="Drawing erases from the mask (E)"
        chosen={mode === 'erase'}
        tone="erase"
        onClick={() => change({ mode: 'erase' })}
      />
    </div>
  )
}

function MaskHistory() {
  const { commands } = useServices()
  const mask = useAppState(shownMaskState)
  return (
    <div className="rail-group">
      <RailButton
        icon="undo"
        name="Undo"
        label="Undo the last change of the mask (Ctrl+Z)"
        disabled={!mask?.canUndo}
        onClick={() => commands.undo()}
      />
      <RailButton
        icon="redo"
        name="Redo"
        label="Redo (Ctrl+Shift+Z)"
        disabled={!mask?.canRedo}
        onClick={() => commands.redo()}
      />
      <RailButton icon="invert" label="Invert the mask" onClick={() => commands.editMask('invert')} />
      <RailButton
        icon="clear"
        label="Clear the mask"
        disabled={!mask?.nPixel}
        onClick={() => commands.editMask('clear')}
      />
    </div>
  )
}

function ZoomButtons() {
  const { viewer } = useServices()
  return (
    <div className="rail-group">
      <RailButton icon="zoomIn" label="Zoom in (+)" onClick={() => viewer.current?.zoomBy(1.5)} />
      <RailButton icon="zoomOut" label="Zoom out (−)" onClick={() => viewer.current?.zoomBy(1 / 1.5)} />
      <RailButton icon="fit" label="Whole image (0)" onClick={() => viewer.current?.fit()} />
    </div>
  )
}

interface RailButtonProps {
  readonly icon: IconName
  readonly label: string
  /** Accessible name where it differs from the label. */
  readonly name?: string
  readonly chosen?: boolean
  readonly tone?: string
  readonly disabled?: boolean
  readonly onClick: () => void
}

function RailButton({ icon, label, name, chosen, tone = '', disabled, onClick }: RailButtonProps) {
  const choice = chosen === undefined ? {} : ({ role: 'radio', 'aria-checked': chosen } as const)
  return (
    <button
      type="button"
      className={`rail-button ${tone}`}
      aria-label={name ?? label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      {...choice}
    >
      <Icon name={icon} />
    </button>
  )
}
