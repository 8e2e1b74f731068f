import type { ClipRule, ColormapName, MaskDisplay, ScalingName } from '@cleanbeam/viewer/drawing'
import { CLIP_PERCENTAGES, COLORMAP_NAMES, SCALING_NAMES } from '@cleanbeam/viewer/drawing'
import { displayOf, withDisplay } from '../state/display-settings.ts'
import { shownProduct } from '../state/selectors.ts'
import { imageTitle } from '../words/session-title.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { ColormapSample } from './colormap-sample.tsx'
import { Icon } from './icons.tsx'
import { Menu } from './menu.tsx'
import { PlaneControls } from './plane-controls.tsx'
import { ProductTabs } from './product-tabs.tsx'

/** Above the picture: which product, plane and colours. */
export function PictureBar() {
  return (
    <div className="picture-bar">
      <ProductTabs />
      <PlaneControls />
      <span className="bar-space" />
      <ScalingMenu />
      <ClipMenu />
      <ColormapMenu />
      <MaskMenu />
      <GridButton />
      <SavePictureButton />
    </div>
  )
}

function useDisplay() {
  const { store } = useServices()
  const suffix = useAppState(state => shownProduct(state)?.suffix ?? '.residual')
  const display = useAppState(state => displayOf(state.settings, suffix))
  const change = (part: Partial<typeof display>) =>
    store.setState(state => ({ settings: withDisplay(state.settings, suffix, part) }))
  return { display, change }
}

function ScalingMenu() {
  const { display, change } = useDisplay()
  const choices = SCALING_NAMES.map(name => ({ value: name, label: name === 'histogram' ? 'equalised' : name }))
  return (
    <Menu<ScalingName>
      label="Scaling"
      value={display.scaling}
      choices={choices}
      onChange={scaling => change({ scaling })}
    />
  )
}

const CLIP_CHOICES = [
  ...CLIP_PERCENTAGES.map(percent => ({ value: `${percent}`, label: percent === 100 ? 'full range' : `${percent} %` })),
  { value: 'zscale', label: 'zscale' },
]

function clipName(clip: ClipRule): string {
  return clip.kind === 'percentile' ? `${clip.percent}` : clip.kind
}

function ClipMenu() {
  const { display, change } = useDisplay()
  const choose = (name: string) =>
    change({ clip: name === 'zscale' ? { kind: 'zscale' } : { kind: 'percentile', percent: Number(name) } })
  const text = display.clip.kind === 'manual' ? 'set by hand' : undefined
  return <Menu label="Clip range" value={clipName(display.clip)} choices={CLIP_CHOICES} onChange={choose} text={text} />
}

const COLORMAP_CHOICES = COLORMAP_NAMES.map(name => ({
  value: name,
  label: name,
  sample: <ColormapSample name={name} />,
}))

function ColormapMenu() {
  const colormap = useAppState(state => state.settings.colormap)
  const inverted = useAppState(state => state.settings.inverted)
  const smooth = useAppState(state => state.settings.interpolation === 'bilinear')
  const change = useChangeSettings()
  return (
    <Menu<ColormapName>
      label="Colormap"
      value={colormap}
      choices={COLORMAP_CHOICES}
      onChange={name => change({ colormap: name })}
    >
      <label className="menu-check">
        <input type="checkbox" checked={inverted} onChange={event => change({ inverted: event.target.checked })} />
        inverted
      </label>
      <label className="menu-check">
        <input
          type="checkbox"
          checked={smooth}
          onChange={event => change({ interpolation: event.target.checked ? 'bilinear' : 'nearest' })}
        />
        smooth pixels
      </label>
      <BiasContrast />
    </Menu>
  )
}

/** Two sliders that shift and steepen the colours, and their way back. */
function BiasContrast() {
  const { display, change } = useDisplay()
  const { bias, contrast } = display
  return (
    <div className="sliders">
      <label>
        bias
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={bias}
          onChange={event => change({ bias: Number(event.target.value) })}
        />
      </label>
      <label>
        contrast
        <input
          type="range"
          min={-1}
          max={1}
          step={0.02}
          value={Math.log10(contrast)}
          onChange={event => change({ contrast: 10 ** Number(event.target.value) })}
        />
      </label>
      <button
        type="button"
        className="text-button"
        disabled={bias === 0.5 && contrast === 1}
        onClick={() => change({ bias: 0.5, contrast: 1 })}
      >
        reset
      </button>
    </div>
  )
}

const MASK_CHOICES = [
  { value: 'outline', label: 'mask outline' },
  { value: 'shaded', label: 'mask shaded' },
  { value: 'hidden', label: 'mask hidden' },
] as const

function MaskMenu() {
  const display = useAppState(state => state.settings.maskDisplay)
  const change = useChangeSettings()
  return (
    <Menu<MaskDisplay>
      label="Mask display"
      value={display}
      choices={MASK_CHOICES}
      onChange={maskDisplay => change({ maskDisplay })}
    />
  )
}

function GridButton() {
  const shown = useAppState(state => state.settings.showGrid)
  const change = useChangeSettings()
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Coordinate grid"
      title="Coordinate grid (G)"
      aria-pressed={shown}
      onClick={() => change({ showGrid: !shown })}
    >
      <Icon name="grid" />
    </button>
  )
}

function SavePictureButton() {
  const { store, viewer } = useServices()
  const save = () => {
    const { session } = store.getState()
    const suffix = shownProduct(store.getState())?.suffix ?? ''
    viewer.current?.snapshot().toBlob(blob => {
      if (blob && session) downloadBlob(blob, `${imageTitle(session)}${suffix}.png`)
    })
  }
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Save the picture as PNG"
      title="Save the picture as PNG"
      onClick={save}
    >
      <Icon name="camera" />
    </button>
  )
}

function downloadBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
