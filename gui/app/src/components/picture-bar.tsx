import type { ClipRule, ColormapName, MaskDisplay, ScalingName } from '@cleanbeam/viewer/drawing'
import { CLIP_PERCENTAGES, COLORMAP_NAMES, LINEAR_SCALING, SCALING_NAMES } from '@cleanbeam/viewer/drawing'
import { displayOf, withDisplay } from '../state/display-settings.ts'
import { shownProduct } from '../state/selectors.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { ColormapSample } from './colormap-sample.tsx'
import { Menu } from './menu.tsx'
import { ProductTabs } from './product-tabs.tsx'
import { SavePicture } from './save-picture.tsx'
import { ViewOptions } from './view-options.tsx'

/** Above the picture: which product, plane and colours. */
export function PictureBar() {
  return (
    <div className="picture-bar">
      <ProductTabs />
      <span className="bar-space" />
      <ScalingMenu />
      <ClipMenu />
      <ColormapMenu />
      <MaskMenu />
      <ViewOptions />
      <SavePicture />
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
    >
      <ScalingSliders />
    </Menu>
  )
}

/** The parameters of the scalings that have one. */
function ScalingSliders() {
  const { display, change } = useDisplay()
  const { scaling, alpha = LINEAR_SCALING.alpha, gamma = LINEAR_SCALING.gamma } = display
  if (scaling === 'log' || scaling === 'power') {
    return (
      <div className="sliders">
        <label title="How steep: log(1 + αt) and αᵗ">
          α
          <input
            type="range"
            aria-label="alpha"
            min={1}
            max={5}
            step={0.1}
            value={Math.log10(alpha)}
            onChange={event => change({ alpha: 10 ** Number(event.target.value) })}
          />
        </label>
      </div>
    )
  }
  if (scaling !== 'gamma') return null
  return (
    <div className="sliders">
      <label title="tᵞ">
        γ
        <input
          type="range"
          aria-label="gamma"
          min={-1}
          max={0.7}
          step={0.02}
          value={Math.log10(gamma)}
          onChange={event => change({ gamma: 10 ** Number(event.target.value) })}
        />
      </label>
    </div>
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
  return (
    <Menu label="Clip range" value={clipName(display.clip)} choices={CLIP_CHOICES} onChange={choose} text={text}>
      <CubeRange />
    </Menu>
  )
}

function CubeRange() {
  const nChannel = useAppState(state => shownProduct(state)?.shape[3] ?? 1)
  const cubeRange = useAppState(state => state.settings.cubeRange)
  const change = useChangeSettings()
  if (nChannel === 1) return null
  return (
    <label className="menu-check">
      <input type="checkbox" checked={cubeRange} onChange={event => change({ cubeRange: event.target.checked })} />
      same for all channels
    </label>
  )
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
