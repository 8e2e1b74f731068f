import type { ChannelPlacement } from './channel-placement.ts'

/**
 * How the model enters samples that are interpolated between channels of the data. As CASA does, the model is predicted at
 * the places in the output channels, interpolated from there to the channels of the data, subtracted there, and the
 * difference is interpolated to the places again. So the prediction for a place is made of those for places around it.
 */
export interface ModelCoupling {
  /** Places in output channels: the targets of the placement first, in its order, then those without data that are needed. */
  readonly channel: Int32Array
  readonly frequencyHz: Float64Array
  readonly nTarget: number
  /** The prediction for target t is Σ_k coefficient[k]·V(place source[k]), k = start[t] … start[t + 1] − 1. */
  readonly start: Int32Array
  readonly source: Int32Array
  readonly coefficient: Float64Array
}

/**
 * Couples the places of an interpolated placement.
 * @param placement - of the data's channels; not changed
 * @param allPlaces - centres of all places in all output channels, with or without data
 * @param dataHz - channels of the data in the image's frame
 * @param hasModel - whether the model says something of a channel of the data
 */
export function coupleModel(
  placement: ChannelPlacement,
  allPlaces: { readonly channel: Int32Array; readonly frequencyHz: Float64Array },
  dataHz: Float64Array,
  hasModel: (hz: number) => boolean,
): ModelCoupling {
  const places = sortedPlaces(placement, allPlaces)
  const toData = Array.from(dataHz, hz => (hasModel(hz) ? sharesAt(places, hz, placement.nTap) : []))
  const start = new Int32Array(placement.count + 1)
  const entries: { place: number; coefficient: number }[] = []
  for (let target = 0; target < placement.count; target++) {
    for (const entry of targetEntries(placement, target, toData)) entries.push(entry)
    start[target + 1] = entries.length
  }
  return numbered(placement, places, start, entries)
}

/**
 * Which channels of the data a cube's model reaches, as CASA has it: those whose place on the axis, rounded towards its
 * middle, is one of its channels. That is half a channel beyond the last one, but one and a half before the first (found
 * from reference runs; outside, the data stay as they are).
 */
export function modelReach(channelHz: Float64Array): (hz: number) => boolean {
  const n = channelHz.length
  const stepHz = n > 1 ? (channelHz[n - 1] - channelHz[0]) / (n - 1) : 1
  return hz => {
    const channel = Math.trunc((hz - channelHz[0]) / stepHz + 0.5)
    return channel >= 0 && channel < n
  }
}

/** All places in rising frequency; `target` is −1 where there is no data. */
interface SortedPlaces {
  readonly frequencyHz: Float64Array
  readonly channel: Int32Array
  readonly target: Int32Array
}

function sortedPlaces(
  placement: ChannelPlacement,
  all: { readonly channel: Int32Array; readonly frequencyHz: Float64Array },
): SortedPlaces {
  const targets = new Map<number, number>()
  for (let t = 0; t < placement.count; t++) targets.set(placement.frequencyHz[t], t)
  const order = Array.from(all.frequencyHz, (_, p) => p).sort((a, b) => all.frequencyHz[a] - all.frequencyHz[b])
  return {
    frequencyHz: Float64Array.from(order, p => all.frequencyHz[p]),
    channel: Int32Array.from(order, p => all.channel[p]),
    target: Int32Array.from(order, p => targets.get(all.frequencyHz[p]) ?? -1),
  }
}

/** Shares of the places in the model at a frequency; beyond the outermost places it is extrapolated, as in CASA. */
function sharesAt(
  { frequencyHz }: SortedPlaces,
  hz: number,
  nTap: number,
): readonly { place: number; coefficient: number }[] {
  const n = frequencyHz.length
  if (n < 2) return n === 1 ? [{ place: 0, coefficient: 1 }] : []
  let below = 0
  while (below < n - 2 && frequencyHz[below + 1] <= hz) below++
  const taps = Math.min(nTap, n)
  const first = taps === 2 ? below : Math.min(Math.max(below - 1, 0), n - taps)
  return Array.from({ length: taps }, (_, tap) => ({
    place: first + tap,
    coefficient: lagrangeShare(frequencyHz, first, taps, tap, hz),
  })).filter(({ coefficient }) => coefficient !== 0)
}

function lagrangeShare(nodes: Float64Array, first: number, nTap: number, tap: number, at: number): number {
  let share = 1
  for (let other = 0; other < nTap; other++) {
    if (other === tap) continue
    share *= (at - nodes[first + other]) / (nodes[first + tap] - nodes[first + other])
  }
  return share
}

/** Σ over the data channels that a target is made of, sorted by place. */
function targetEntries(
  { nTap, share, first }: ChannelPlacement,
  target: number,
  toData: readonly (readonly { place: number; coefficient: number }[])[],
): { place: number; coefficient: number }[] {
  const sums = new Map<number, number>()
  for (let tap = 0; tap < nTap; tap++) {
    const part = share[target * nTap + tap]
    if (part === 0) continue
    for (const { place, coefficient } of toData[first[target] + tap]) {
      sums.set(place, (sums.get(place) ?? 0) + part * coefficient)
    }
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([place, coefficient]) => ({ place, coefficient }))
    .filter(({ coefficient }) => coefficient !== 0)
}

/** Numbers places as targets first, then the others that are used. */
function numbered(
  placement: ChannelPlacement,
  places: SortedPlaces,
  start: Int32Array,
  entries: readonly { place: number; coefficient: number }[],
): ModelCoupling {
  const nTarget = placement.count
  const channel = Array.from(placement.channel.subarray(0, nTarget))
  const frequencyHz = Array.from(placement.frequencyHz.subarray(0, nTarget))
  const numbers = new Map<number, number>()
  const numberOf = (place: number): number => {
    if (places.target[place] >= 0) return places.target[place]
    const known = numbers.get(place)
    if (known !== undefined) return known
    channel.push(places.channel[place])
    frequencyHz.push(places.frequencyHz[place])
    numbers.set(place, channel.length - 1)
    return channel.length - 1
  }
  const source = Int32Array.from(entries, ({ place }) => numberOf(place))
  return {
    channel: Int32Array.from(channel),
    frequencyHz: Float64Array.from(frequencyHz),
    nTarget,
    start,
    source,
    coefficient: Float64Array.from(entries, ({ coefficient }) => coefficient),
  }
}
