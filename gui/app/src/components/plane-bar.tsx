import { formatFrequency } from '@cleanbeam/viewer/drawing'
import { shownField, shownPlane, shownProduct } from '../state/selectors.ts'
import { channelFrequencyHz } from '../words/spectral-axis.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { Icon, type IconName } from './icons.tsx'

/** Field, channel and Stokes on screen, in a bar of their own; nothing for a single plane of a single field. */
export function PlaneBar() {
  const hasFields = useAppState(state => (state.session?.fields.length ?? 1) > 1)
  const shape = useAppState(state => shownProduct(state)?.shape)
  if (!hasFields && (shape?.[2] ?? 1) === 1 && (shape?.[3] ?? 1) === 1) return null
  return (
    <div className="plane-bar">
      <FieldTabs />
      <StokesChoice />
      <ChannelStepper />
    </div>
  )
}

/** The fields of a run with outliers. */
function FieldTabs() {
  const fields = useAppState(state => state.session?.fields)
  const shown = useAppState(shownField)
  const change = useChangeSettings()
  if (!fields || fields.length < 2) return null
  return (
    <select
      className="plain-select"
      aria-label="Field"
      value={shown}
      onChange={event => change({ field: Number(event.target.value) })}
    >
      {fields.map(({ imagename }, i) => (
        <option key={imagename} value={i}>
          {i === 0 ? 'main field' : imagename.split('/').pop()}
        </option>
      ))}
    </select>
  )
}

function StokesChoice() {
  const product = useAppState(shownProduct)
  const stokes = useAppState(state => shownPlane(state).stokes)
  const change = useChangeSettings()
  const nStokes = product?.shape[2] ?? 1
  if (!product || nStokes === 1) return null
  return (
    <select
      className="plain-select"
      aria-label="Stokes"
      value={stokes}
      onChange={event => change({ stokes: Number(event.target.value) })}
    >
      {product.coordinates.stokes.slice(0, nStokes).map((name, i) => (
        <option key={name} value={i}>
          {name}
        </option>
      ))}
    </select>
  )
}

function ChannelStepper() {
  const { store } = useServices()
  const product = useAppState(shownProduct)
  const channel = useAppState(state => shownPlane(state).channel)
  const plays = useAppState(state => state.movie?.over === 'channels')
  const change = useChangeSettings()
  const nChannel = product?.shape[3] ?? 1
  if (!product || nChannel === 1) return null
  const go = (to: number) => change({ channel: Math.min(nChannel - 1, Math.max(0, to)) })
  const frequency = formatFrequency(channelFrequencyHz(product.coordinates.spectral, channel), 6)
  const button = (icon: IconName, label: string, to: number) => (
    <button type="button" aria-label={label} title={label} disabled={to === channel} onClick={() => go(to)}>
      <Icon name={icon} size={12} />
    </button>
  )
  return (
    <div className="channel-stepper">
      {button('first', 'First channel', 0)}
      {button('previous', 'Previous channel', Math.max(0, channel - 1))}
      <input
        type="number"
        aria-label="Channel"
        min={0}
        max={nChannel - 1}
        value={channel}
        onChange={event => go(Math.round(Number(event.target.value)) || 0)}
      />
      {button('next', 'Next channel', Math.min(nChannel - 1, channel + 1))}
      {button('last', 'Last channel', nChannel - 1)}
      <button
        type="button"
        aria-label={plays ? 'Stop the movie' : 'Movie of the channels'}
        title={plays ? 'Stop the movie' : 'Movie of the channels'}
        aria-pressed={plays}
        onClick={() => store.setState({ movie: plays ? null : { over: 'channels' } })}
      >
        <Icon name={plays ? 'pause' : 'play'} size={12} />
      </button>
      <input
        type="range"
        className="channel-slider"
        aria-label="Channel slider"
        min={0}
        max={nChannel - 1}
        value={channel}
        onChange={event => go(event.target.valueAsNumber)}
      />
      <span className="faint channel-note">
        of {nChannel} · {frequency}
      </span>
    </div>
  )
}
