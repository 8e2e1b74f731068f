import type { ClipRule, ColormapName, MaskDisplay, ScalingName } from '@cleanbeam/viewer/drawing'
import { CLIP_PERCENTAGES, COLORMAP_NAMES, SCALING_NAMES } from '@cleanbeam/viewer/drawing'
import { displayOf, withDisplay } from '../state/display-settings.ts'
import { shownProduct } from '../state/selectors.ts'
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
    </Menu>
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
