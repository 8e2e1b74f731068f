import { formatFrequency } from '@cleanbeam/viewer/drawing'
import { shownPlane, shownProduct } from '../state/selectors.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { Icon } from './icons.tsx'

/** Channel and Stokes of a cube; nothing for a single plane. */
export function PlaneControls() {
  const product = useAppState(shownProduct)
  const channel = useAppState(state => shownPlane(state).channel)
  const stokes = useAppState(state => shownPlane(state).stokes)
  const change = useChangeSettings()
  if (!product) return null
  const [, , nStokes, nChannel] = product.shape
  return (
    <>
      {nStokes > 1 && (
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
      )}
      {nChannel > 1 && (
        <ChannelStepper
          channel={channel}
          nChannel={nChannel}
          frequencyHz={channelFrequencyHz(product.coordinates.spectral, channel)}
          onChange={next => change({ channel: next })}
        />
      )}
    </>
  )
}

interface Spectral {
  readonly referenceHz: number
  readonly referencePixel: number
  readonly incrementHz: number
  readonly tableHz?: readonly number[]
}

function channelFrequencyHz(spectral: Spectral, channel: number): number {
  return (
    spectral.tableHz?.[channel] ?? spectral.referenceHz + (channel - spectral.referencePixel) * spectral.incrementHz
  )
}

interface ChannelStepperProps {
  readonly channel: number
  readonly nChannel: number
  readonly frequencyHz: number
  readonly onChange: (channel: number) => void
}

function ChannelStepper({ channel, nChannel, frequencyHz, onChange }: ChannelStepperProps) {
  const go = (to: number) => onChange(Math.min(nChannel - 1, Math.max(0, to)))
  return (
    <div className="channel-stepper">
      <button type="button" aria-label="Previous channel" disabled={channel === 0} onClick={() => go(channel - 1)}>
        <Icon name="previous" size={12} />
      </button>
      <label>
        channel{' '}
        <input
          type="number"
          aria-label="Channel"
          min={0}
          max={nChannel - 1}
          value={channel}
          onChange={event => go(Math.round(Number(event.target.value)) || 0)}
        />
      </label>
      <span className="faint">
        of {nChannel} · {formatFrequency(frequencyHz, 6)}
      </span>
      <button
        type="button"
        aria-label="Next channel"
        disabled={channel === nChannel - 1}
        onClick={() => go(channel + 1)}
      >
        <Icon name="next" size={12} />
      </button>
    </div>
  )
}
