import type { SpectralInterpolation } from './image-definition.ts'

/**
 * Where the channels of a row go: a list of targets, each in one output channel at one frequency, made of `nTap`
 * neighbouring data channels. Values live until the next call.
 */
export interface ChannelPlacement {
  readonly nTap: number
  count: number
  /** Output channel, [target]. */
  channel: Int32Array
  /** Frequency at which the target is gridded, Hz, in the image's frame, [target]. */
  frequencyHz: Float64Array
  /** First of the data channels, [target]. */
  first: Int32Array
  /** Shares of the data channels, [target, tap]; they sum to 1. */
  share: Float64Array
  /** The target lies between data channels `below` and `below + 1`, `fraction` of the way, [target]. */
  below: Int32Array
  fraction: Float64Array
}

/** Places channels of the data, given by their frequencies in the image's frame. */
export type ChannelPlacer = (dataHz: Float64Array) => ChannelPlacement

function emptyPlacement(nTap: number): ChannelPlacement {
  return {
    nTap,
    count: 0,
    channel: new Int32Array(16),
    frequencyHz: new Float64Array(16),
    first: new Int32Array(16),
    share: new Float64Array(16 * nTap),
    below: new Int32Array(16),
    fraction: new Float64Array(16),
  }
}

function ensureRoom(placement: ChannelPlacement, count: number): void {
  if (count <= placement.channel.length) return
  placement.channel = new Int32Array(2 * count)
  placement.frequencyHz = new Float64Array(2 * count)
  placement.first = new Int32Array(2 * count)
  placement.share = new Float64Array(2 * count * placement.nTap)
  placement.below = new Int32Array(2 * count)
  placement.fraction = new Float64Array(2 * count)
}

/** Every data channel goes to the one output channel, at its own frequency. */
export function placeOnSingleChannel(): ChannelPlacer {
  const placement = emptyPlacement(1)
  return dataHz => {
    ensureRoom(placement, dataHz.length)
    placement.count = dataHz.length
    for (let c = 0; c < dataHz.length; c++) {
      placement.channel[c] = 0
      placement.frequencyHz[c] = dataHz[c]
      placement.first[c] = c
      placement.below[c] = c
      placement.share[c] = 1
    }
    return placement
  }
}

/**
 * Places data channels on the channels of a cube. 'nearest', and data or cubes of a single channel: every data channel
 * goes to the output channel that contains its centre. 'linear' and 'cubic': values at the centres of the output
 * channels, and where these are more than 2 (cubic: 4) data channels wide, at as many places within each as data
 * channels fit. Nothing is extrapolated.
 * @param channelHz - centres of the output channels, Hz, monotonic
 */
export function placeOnCube(
  channelHz: Float64Array,
  widthHz: number,
  interpolation: SpectralInterpolation,
): ChannelPlacer {
  const nearest = placeNearest(channelHz, widthHz)
  if (interpolation === 'nearest' || channelHz.length === 1) return nearest
  const interpolated = placeInterpolated(channelHz, widthHz, interpolation)
  return dataHz => (dataHz.length === 1 ? nearest(dataHz) : interpolated(dataHz))
}

function placeNearest(channelHz: Float64Array, widthHz: number): ChannelPlacer {
  const placement = emptyPlacement(1)
  return dataHz => {
    ensureRoom(placement, dataHz.length)
    let count = 0
    for (let c = 0; c < dataHz.length; c++) {
      const channel = nearestIndex(channelHz, dataHz[c])
      if (Math.abs(channelHz[channel] - dataHz[c]) > 0.5 * widthHz) continue
      placement.channel[count] = channel
      placement.frequencyHz[count] = dataHz[c]
      placement.first[count] = c
      placement.below[count] = c
      placement.share[count] = 1
      count++
    }
    placement.count = count
    return placement
  }
}

function placeInterpolated(channelHz: Float64Array, widthHz: number, interpolation: 'linear' | 'cubic'): ChannelPlacer {
  const nTap = interpolation === 'cubic' ? 4 : 2
  const wide = interpolation === 'cubic' ? 4 : 2
  const linear = emptyPlacement(2)
  const cubic = emptyPlacement(4)
  return dataHz => {
    const placement = nTap === 4 && dataHz.length >= 4 ? cubic : linear
    const ratio = widthHz / Math.abs(dataHz[1] - dataHz[0])
    const nPlace = ratio > wide ? Math.floor(ratio) : 1
    ensureRoom(placement, nPlace * channelHz.length)
    placement.count = 0
    for (let channel = 0; channel < channelHz.length; channel++) {
      for (let place = 0; place < nPlace; place++) {
        const hz = channelHz[channel] + ((place + 0.5) / nPlace - 0.5) * widthHz
        addTarget(placement, dataHz, channel, hz)
      }
    }
    return placement
  }
}

function addTarget(placement: ChannelPlacement, dataHz: Float64Array, channel: number, hz: number): void {
  const n = dataHz.length
  const isAscending = dataHz[n - 1] > dataHz[0]
  const [low, high] = isAscending ? [dataHz[0], dataHz[n - 1]] : [dataHz[n - 1], dataHz[0]]
  if (hz < low || hz > high) return
  const { nTap, share } = placement
  const below = bracket(dataHz, hz, isAscending)
  const first = nTap === 2 ? below : Math.min(Math.max(below - 1, 0), n - 4)
  const at = placement.count++
  placement.channel[at] = channel
  placement.frequencyHz[at] = hz
  placement.first[at] = first
  placement.below[at] = below
  placement.fraction[at] = (hz - dataHz[below]) / (dataHz[below + 1] - dataHz[below])
  for (let tap = 0; tap < nTap; tap++) share[at * nTap + tap] = lagrangeShare(dataHz, first, nTap, tap, hz)
}

/** Index of the data channel that begins the interval with `hz` in it. */
function bracket(dataHz: Float64Array, hz: number, isAscending: boolean): number {
  let low = 0
  let high = dataHz.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isAscending ? dataHz[middle] <= hz : dataHz[middle] >= hz) low = middle
    else high = middle
  }
  return low
}

function lagrangeShare(dataHz: Float64Array, first: number, nTap: number, tap: number, hz: number): number {
  let share = 1
  for (let other = 0; other < nTap; other++) {
    if (other === tap) continue
    share *= (hz - dataHz[first + other]) / (dataHz[first + tap] - dataHz[first + other])
  }
  return share
}

function nearestIndex(channelHz: Float64Array, hz: number): number {
  const last = channelHz.length - 1
  if (last === 0) return 0
  const below = bracket(channelHz, hz, channelHz[last] > channelHz[0])
  return Math.abs(channelHz[below + 1] - hz) < Math.abs(channelHz[below] - hz) ? below + 1 : below
}
