import type { AngleFormat, CompareMode, DisplaySettings } from '../state/display-settings.ts'
import { shownField, shownProduct } from '../state/selectors.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { CheckField, ChoiceField, FieldGroup, NumberField } from './fields.tsx'
import { Popover } from './popover.tsx'

const FRAMES = [
  { value: 'native', label: 'as the image' },
  { value: 'J2000', label: 'J2000' },
  { value: 'ICRS', label: 'ICRS' },
  { value: 'GALACTIC', label: 'galactic' },
  { value: 'B1950', label: 'B1950' },
] as const

const ANGLES = [
  { value: 'sexagesimal', label: 'hours, degrees' },
  { value: 'degrees', label: 'decimal degrees' },
  { value: 'offset', label: 'offsets from the centre' },
] as const

/** How the picture is drawn beyond its colours: axes, contours, comparison. */
export function ViewOptions() {
  return (
    <Popover label="View options" icon="sliders">
      <AxesGroup />
      <ContourGroup />
      <CompareGroup />
      <PixelGroup />
    </Popover>
  )
}

function useSettings() {
  const settings = useAppState(state => state.settings)
  return { settings, change: useChangeSettings() }
}

function AxesGroup() {
  const { settings, change } = useSettings()
  return (
    <FieldGroup title="Axes">
      <ChoiceField<DisplaySettings['frame']>
        label="Frame"
        value={settings.frame}
        choices={FRAMES}
        onChange={frame => change({ frame })}
      />
      <ChoiceField<AngleFormat>
        label="Angles"
        value={settings.angles}
        choices={ANGLES}
        onChange={angles => change({ angles })}
      />
      <CheckField
        label="Coordinate grid"
        hint="G"
        checked={settings.showGrid}
        onChange={showGrid => change({ showGrid })}
      />
      <CheckField
        label="North and east"
        checked={settings.showCompass}
        onChange={showCompass => change({ showCompass })}
      />
    </FieldGroup>
  )
}

/** Products that have pixels worth looking at, as choices. */
function useProductChoices(): { value: string; label: string }[] {
  const names = useAppState(state =>
    (state.session?.products ?? [])
      .filter(p => p.field === shownField(state) && !/weight|sumwt|gridwt/.test(p.suffix))
      .map(p => p.suffix)
      .join(' '),
  )
  return names
    .split(' ')
    .filter(Boolean)
    .map(suffix => ({ value: suffix, label: suffix.slice(1) }))
}

function ContourGroup() {
  const { settings, change } = useSettings()
  const products = useProductChoices()
  return (
    <FieldGroup title="Contours">
      <ChoiceField
        label="Contours of"
        value={settings.contourOf}
        choices={[{ value: '', label: 'nothing' }, ...products]}
        onChange={contourOf => change({ contourOf })}
      />
      <label className="field" title="Multiples of the noise of that product; negative ones are dashed">
        <span>Levels, σ</span>
        <input
          className="plain-text"
          value={settings.contourLevels}
          spellCheck={false}
          onChange={event => change({ contourLevels: event.target.value })}
        />
      </label>
    </FieldGroup>
  )
}

const COMPARE_MODES = [
  { value: 'off', label: 'off' },
  { value: 'side', label: 'side by side' },
  { value: 'blink', label: 'blink' },
] as const

function CompareGroup() {
  const { settings, change } = useSettings()
  const shown = useAppState(state => shownProduct(state)?.suffix)
  const products = useProductChoices().filter(({ value }) => value !== shown)
  return (
    <FieldGroup title="Compare">
      <ChoiceField<CompareMode>
        label="Compare"
        value={settings.compare}
        choices={COMPARE_MODES}
        onChange={compare => change({ compare })}
      />
      <ChoiceField
        label="With"
        value={settings.compareWith}
        choices={[{ value: 'before', label: 'before the last step' }, ...products]}
        onChange={compareWith => change({ compareWith })}
      />
      <NumberField
        label="Pictures per second"
        value={settings.framesPerSecond}
        min={0.5}
        max={30}
        step={0.5}
        onChange={framesPerSecond => change({ framesPerSecond })}
      />
    </FieldGroup>
  )
}

function PixelGroup() {
  const { settings, change } = useSettings()
  return (
    <FieldGroup title="Pixels">
      <CheckField
        label="Magnifier"
        hint="L"
        checked={settings.magnifier}
        onChange={magnifier => change({ magnifier })}
      />
      <CheckField
        label="Brightest pixel when reduced"
        hint="Where the image has more pixels than the screen: the brightest instead of their mean, so that point sources stay in sight"
        checked={settings.reduce === 'max'}
        onChange={max => change({ reduce: max ? 'max' : 'mean' })}
      />
    </FieldGroup>
  )
}
