import { applyWeighting, type WeightingGeometry } from './apply-weighting.ts'
import type { ImageDefinition } from './image-definition.ts'
import type { MajorCycleOptions } from './major-cycle.ts'
import type { ChannelSamples, PreparedSamples, SampleOrigin } from './prepare-samples.ts'
import type { SampleStore } from './sample-store.ts'
import { applyUvTaper } from './uv-taper.ts'

/**
 * Gives every sample its imaging weight: density weighting per channel or over all samples, then the taper; what only
 * counts in densities ends with weight 0.
 */
export function weightSamples(prepared: PreparedSamples, image: ImageDefinition, options: MajorCycleOptions): void {
  const { weighting, taper } = options
  const { native, axis } = prepared
  const { nx, ny, cellRad } = image
  const geometry: WeightingGeometry = {
    nx,
    ny,
    cellRad,
    rounding: native === null && axis !== null ? 'nearest' : 'down',
    fractionalBandwidth: fractionalBandwidth(axis?.frequencyHz),
  }
  if (native !== null) applyWeighting(native, weighting, geometry)
  for (const channel of prepared.channels) {
    const { samples, densityOnly } = channel
    // Densities and tapers are those of the baselines as recorded, as in CASA (ps_I_uvtaper_phasecenter).
    const weighted = { ...(channel.recorded ?? samples), imagingWeight: samples.imagingWeight }
    weightChannel(channel, native)
    if (native === null) applyWeighting(weighted, weighting, geometry)
    if (taper !== undefined) applyUvTaper(weighted, taper)
    for (const sample of densityOnly) samples.imagingWeight[sample] = 0
  }
}

function weightChannel({ samples, origin }: ChannelSamples, native: SampleStore | null): void {
  if (native === null || origin === null) return
  for (let s = 0; s < samples.nSample; s++) samples.imagingWeight[s] = interpolatedWeight(native, origin, s)
}

function interpolatedWeight(native: SampleStore, { first, share }: SampleOrigin, s: number): number {
  const below = native.imagingWeight[first[s]]
  return share[s] === 0 ? below : below + share[s] * (native.imagingWeight[first[s] + 1] - below)
}

/** 2(high − low)/(high + low); 0 for a single channel and for mfs. */
function fractionalBandwidth(channelHz: Float64Array | undefined): number {
  if (channelHz === undefined || channelHz.length < 2) return 0
  const low = Math.min(channelHz[0], channelHz[channelHz.length - 1])
  const high = Math.max(channelHz[0], channelHz[channelHz.length - 1])
  return (2 * (high - low)) / (high + low)
}
