import { formatSi } from '@cleanbeam/viewer/drawing'
import { useMemo } from 'react'
import type { DisplaySettings } from '../state/display-settings.ts'
import { shownPlane, shownProduct } from '../state/selectors.ts'
import { spectralAxis } from '../words/spectral-axis.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { ChoiceField } from './fields.tsx'
import { LinePlot } from './line-plot.tsx'

/** Spectra of residual, model and image at the cursor or in the mask; a click goes to the channel. */
export function SpectrumPanel() {
  const product = useAppState(shownProduct)
  const loaded = useAppState(state => state.spectra)
  const kind = useAppState(state => state.settings.spectrumAxis)
  const channel = useAppState(state => shownPlane(state).channel)
  const change = useChangeSettings()
  const spectral = product?.coordinates.spectral
  const nChannel = product?.shape[3] ?? 1
  const axis = useMemo(() => (spectral ? spectralAxis(spectral, nChannel, kind) : null), [spectral, nChannel, kind])
  const curves = useMemo(
    () => (loaded?.spectra ?? []).map(({ suffix, values }) => ({ name: suffix.slice(1).replace('.', '-'), values })),
    [loaded],
  )
  if (!product || !axis || nChannel === 1) {
    return <div className="panel-note">A single channel has no spectrum: image with specmode cube</div>
  }
  const describe = (i: number) =>
    [
      `channel ${i}`,
      ...(loaded?.spectra ?? []).map(
        s => `${s.suffix.slice(1)} ${formatSi(s.values[i], s.unit.replace(/\/beam|\/pixel/, ''))}`,
      ),
    ].join(' · ')
  return (
    <div className="plot-panel">
      <SpectrumOptions hasVelocity={(spectral?.restFrequencyHz ?? 0) > 0} title={loaded?.title ?? ''} />
      {curves.length > 0 ? (
        <LinePlot
          label={`Spectrum, ${loaded?.title}`}
          positions={axis.values}
          curves={curves}
          xLabel={axis.label}
          stepped
          marked={axis.values[channel]}
          describe={describe}
          onPick={to => change({ channel: to })}
        />
      ) : (
        <div className="panel-note">Point at the picture; a click on it holds the place</div>
      )}
    </div>
  )
}

const PLACES = [
  { value: 'cursor', label: 'at the cursor' },
  { value: 'mask', label: 'in the mask' },
] as const
const AXES = [
  { value: 'channel', label: 'channel' },
  { value: 'frequency', label: 'frequency' },
  { value: 'velocity', label: 'velocity' },
] as const
const STATISTICS = [
  { value: 'mean', label: 'mean' },
  { value: 'sum', label: 'sum' },
  { value: 'maximum', label: 'maximum' },
] as const

function SpectrumOptions({ hasVelocity, title }: { hasVelocity: boolean; title: string }) {
  const settings = useAppState(state => state.settings)
  const change = useChangeSettings()
  return (
    <div className="plot-options">
      <ChoiceField<DisplaySettings['spectrumOf']>
        label="Spectrum"
        value={settings.spectrumOf}
        choices={PLACES}
        onChange={spectrumOf => change({ spectrumOf })}
      />
      {settings.spectrumOf === 'mask' && (
        <ChoiceField<DisplaySettings['spectrumStatistic']>
          label="Value"
          value={settings.spectrumStatistic}
          choices={STATISTICS}
          onChange={spectrumStatistic => change({ spectrumStatistic })}
        />
      )}
      <ChoiceField<DisplaySettings['spectrumAxis']>
        label="Axis"
        value={settings.spectrumAxis}
        choices={hasVelocity ? AXES : AXES.slice(0, 2)}
        onChange={spectrumAxis => change({ spectrumAxis })}
      />
      <span className="faint">{title}</span>
      <div className="legend spectrum-legend">
        <span className="key residual">residual</span>
        <span className="key model">model</span>
        <span className="key image">image</span>
      </div>
    </div>
  )
}
