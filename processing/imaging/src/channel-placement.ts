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

/**
 * Who wins where frequencies coincide. Converted ones differ in their last bits, in CASA by other bits than here; then the
 * side is taken that CASA takes more often (docs/imaging.md): a channel at the end of the data is inside (51 of 58 runs), a
 * cube's channel of n data channels less wide than n of them (42 of 42), unless cube and data are in the same frame.
 */
export interface PlacementRounding {
  /** Share of the frequency by which a place may lie outside. */
  readonly edge: number
  /** Share of the ratio of channel widths that is added to it. */
  readonly ratio: number
}

export const EXACT: PlacementRounding = { edge: 0, ratio: 0 }
export const CONVERTED: PlacementRounding = { edge: 1e-12, ratio: -1e-9 }
/** Converted to the frame of gridding, both cube and data. */
export const SAME_FRAME: PlacementRounding = { edge: 1e-12, ratio: 1e-9 }

/** Places channels of the data, given by their frequencies in the frame of gridding. */
export type ChannelPlacer = (dataHz: Float64Array, rounding: PlacementRounding) => ChannelPlacement

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
 * channels, and where these are at least 2 data channels wide, at as many places within each as data channels fit. Nothing is extrapolated.
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
  return (dataHz, rounding) => (dataHz.length === 1 ? nearest : interpolated)(dataHz, rounding)
}

function placeNearest(channelHz: Float64Array, widthHz: number): ChannelPlacer {
  const placement = emptyPlacement(1)
  return (dataHz, { edge }) => {
    ensureRoom(placement, dataHz.length)
    let count = 0
    for (let c = 0; c < dataHz.length; c++) {
      const channel = nearestIndex(channelHz, dataHz[c], edge * dataHz[c])
      if (Math.abs(channelHz[channel] - dataHz[c]) > 0.5 * widthHz + edge * dataHz[c]) continue
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
  const linear = emptyPlacement(2)
  const cubic = emptyPlacement(4)
  return (dataHz, rounding) => {
    const placement = nTap === 4 && dataHz.length >= 4 ? cubic : linear
    const places = interpolatedPlaces(channelHz, widthHz, dataHz, rounding)
    ensureRoom(placement, places.channel.length)
    placement.count = 0
    for (let place = 0; place < places.channel.length; place++) {
      const hz = places.frequencyHz[place]
      addTarget(placement, dataHz, places.channel[place], hz, rounding.edge * hz)
    }
    return placement
  }
}

/** Where interpolation wants values, with or without data there: one place or several in every output channel. */
export function interpolatedPlaces(
  channelHz: Float64Array,
  widthHz: number,
  dataHz: Float64Array,
  rounding: PlacementRounding,
): { readonly channel: Int32Array; readonly frequencyHz: Float64Array } {
  const ratio = (widthHz / Math.abs(dataHz[1] - dataHz[0])) * (1 + rounding.ratio)
  const nPlace = Math.max(1, Math.floor(ratio))
  const channel = Int32Array.from({ length: nPlace * channelHz.length }, (_, k) => Math.floor(k / nPlace))
  const offset = (k: number): number => (((k % nPlace) + 0.5) / nPlace - 0.5) * widthHz
  return { channel, frequencyHz: Float64Array.from(channel, (c, k) => channelHz[c] + offset(k)) }
}

/** Up to `slackHz` beyond the ends of the data counts as inside; the value there is that of the last channel. */
function addTarget(
  placement: ChannelPlacement,
  dataHz: Float64Array,
  channel: number,
  wantedHz: number,
  slackHz: number,
): void {
  const n = dataHz.length
  const isAscending = dataHz[n - 1] > dataHz[0]
  const [low, high] = isAscending ? [dataHz[0], dataHz[n - 1]] : [dataHz[n - 1], dataHz[0]]
  if (wantedHz < low - slackHz || wantedHz > high + slackHz) return
  const hz = Math.min(Math.max(wantedHz, low), high)
  const { nTap, share } = placement
  const below = bracket(dataHz, hz, isAscending)
  const first = nTap === 2 ? below : Math.min(Math.max(below - 1, 0), n - 4)
  const at = placement.count++
  placement.channel[at] = channel
  placement.frequencyHz[at] = wantedHz
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

/** A frequency half-way between two channels belongs to the upper one, as in CASA. */
function nearestIndex(channelHz: Float64Array, hz: number, slackHz: number): number {
  const last = channelHz.length - 1
  if (last === 0) return 0
  const below = bracket(channelHz, hz, channelHz[last] > channelHz[0])
  const excess = Math.abs(channelHz[below] - hz) - Math.abs(channelHz[below + 1] - hz)
  return excess >= -slackHz ? below + 1 : below
}
