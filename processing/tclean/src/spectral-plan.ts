// The spectral parameters of tclean in the engine's terms.

import type { SpectralDefinition, SpectralInterpolation, SpectralPosition } from '@cleanbeam/imaging'
import { parseFrequencyHz, parseQuantity, parseVelocityMetresPerSecond } from '@cleanbeam/measures'
import type { SpectralFrame, TcleanParameters } from '@cleanbeam/types'
import { asParameter, listOf } from './check-combination.ts'
import { ParameterError } from './tclean-error.ts'

type SpectralParameters = Pick<
  TcleanParameters,
  'specmode' | 'reffreq' | 'nchan' | 'start' | 'width' | 'outframe' | 'veltype' | 'restfreq' | 'interpolation'
>

/**
 * The spectral axis asked for.
 * @throws ParameterError for quantities that cannot be read, and a width of 0
 */
export function spectralDefinition(parameters: SpectralParameters): SpectralDefinition {
  const [restfreq] = listOf(parameters.restfreq)
  const restFrequencyHz = restfreq ? asParameter('restfreq', () => parseFrequencyHz(restfreq, 'restfreq')) : null
  const frame = parameters.outframe as SpectralFrame
  const { specmode, reffreq } = parameters
  if (specmode !== 'cube' && specmode !== 'cubedata') {
    const referenceHz = reffreq ? asParameter('reffreq', () => parseFrequencyHz(reffreq, 'reffreq')) : null
    return { mode: 'mfs', frame, referenceHz, restFrequencyHz }
  }
  return {
    mode: specmode,
    frame,
    start: spectralPosition(parameters.start, 'start'),
    width: channelWidth(parameters.width),
    nChannel: parameters.nchan < 1 ? null : parameters.nchan,
    velocityConvention: parameters.veltype === 'optical' ? 'optical' : 'radio',
    restFrequencyHz,
    interpolation: parameters.interpolation as SpectralInterpolation,
  }
}

function channelWidth(value: string | number): SpectralPosition | null {
  const width = spectralPosition(value, 'width')
  if (width === null) return null
  const size = width.kind === 'channel' ? width.channel : width.kind === 'frequency' ? width.hz : width.metresPerSecond
  if (size !== 0) return width
  throw new ParameterError(`expected a width other than 0, got ${value}`, { parameter: 'width' })
}

/** A number or text of digits is a channel; anything else has the unit of a frequency or a velocity. */
function spectralPosition(value: string | number, name: 'start' | 'width'): SpectralPosition | null {
  if (value === '') return null
  if (typeof value === 'number') return { kind: 'channel', channel: value }
  if (/^\s*[+-]?\d+\s*$/.test(value)) return { kind: 'channel', channel: Number(value) }
  return asParameter(name, () => {
    if (parseQuantity(value, name).dimension === 'velocity') {
      return { kind: 'velocity', metresPerSecond: parseVelocityMetresPerSecond(value, name) }
    }
    return { kind: 'frequency', hz: parseFrequencyHz(value, name) }
  })
}
