import type { Pacer } from '@cleanbeam/math'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageDefinition } from './image-definition.ts'
import type { MajorCycleOptions } from './major-cycle.ts'
import {
  leaveOutOffGrid,
  MOSAIC_MARGINS,
  STANDARD_MARGINS,
  W_PROJECTION_MARGINS,
  wProjectionReach,
} from './off-grid.ts'
import type { NativeRows, PortionBlock, SamplePortion } from './sample-portion.ts'
import { applyUvTaper } from './uv-taper.ts'
import { SampleSlices, type WeightedRows } from './weighted-samples.ts'
import { createWeightingScheme, type WeightingScheme } from './weighting-scheme.ts'

/** Gives samples their imaging weights, portion by portion, after all portions have been counted. */
export interface PortionWeigher {
  /** Whether `count` must see every portion before `apply` may be called. */
  readonly isCounting: boolean
  count(portion: SamplePortion, pacer: Pacer): Promise<void>
  /**
   * Turns the weights of the data into imaging weights, in place: density weighting per channel or over all samples, then
   * the taper; what only counts in densities and what lies off the grid ends with weight 0. Once per portion.
   * @returns how many samples lie off the grid
   */
  apply(portion: SamplePortion, pacer: Pacer): Promise<number>
}

/**
 * Prepares the weighting of an image.
 * @param channelHz - of the output channels; null for mfs
 * @param isCommon - one density over the data's own samples for all channels
 * @param fieldOf - mosaics with a density for every field: the field of a group of samples
 * @throws ImagingError when the weighting's parameters are out of range
 */
export function createPortionWeigher(
  image: ImageDefinition,
  options: Pick<MajorCycleOptions, 'weighting' | 'weightingGrid' | 'taper' | 'wTerm' | 'nWPlane' | 'mosaic'>,
  channelHz: Float64Array | null,
  isCommon: boolean,
  fieldOf: ((group: number) => number) | null = null,
): PortionWeigher {
  const { nx, ny, cellRad } = image
  const grid = options.weightingGrid ?? image
  const asked = 'gridPixels' in options.weighting ? (options.weighting.gridPixels ?? 0) : 0
  const isPerChannel = !isCommon && channelHz !== null
  const gridPixels = isPerChannel ? 0 : asked
  const newScheme = (): WeightingScheme =>
    createWeightingScheme(options.weighting, {
      nx: gridPixels || grid.nx,
      ny: gridPixels || grid.ny,
      cellRad: grid.cellRad,
      rounding: isPerChannel ? 'nearest' : 'down',
      averagedReach: isPerChannel ? asked : 0,
      fractionalBandwidth: fractionalBandwidth(channelHz),
    })
  const schemes: WeightingScheme[][] = []
  const schemeOf = (channel: number, group: number): WeightingScheme => {
    const index = isCommon ? 0 : channel
    const field = isCommon || fieldOf === null ? 0 : fieldOf(group)
    schemes[field] ??= []
    schemes[field][index] ??= newScheme()
    return schemes[field][index]
  }
  const slices = new SampleSlices()
  const isMosaic = options.mosaic !== undefined
  const isFlat = options.wTerm !== 'auto'
  const margins = isMosaic ? MOSAIC_MARGINS : isFlat ? STANDARD_MARGINS : W_PROJECTION_MARGINS
  const maxAbsWLambda = isFlat ? Number.POSITIVE_INFINITY : wProjectionReach(options.nWPlane ?? -1, cellRad)
  return {
    isCounting: schemeOf(0, 0).isCounting,
    async count({ native, blocks }, pacer) {
      const rest = restOf(pacer)
      if (native !== null) {
        await slices.visit(nativeRows(native), slice => schemeOf(0, 0).count(slice), false, rest)
        return
      }
      for (const each of blocks) {
        const scheme = schemeOf(each.channel, each.block.group)
        await slices.visit(recordedRows(each), slice => scheme.count(slice), false, rest)
      }
    },
    async apply({ native, blocks }, pacer) {
      const rest = restOf(pacer)
      if (native !== null) await slices.visit(nativeRows(native), slice => schemeOf(0, 0).apply(slice), true, rest)
      let nOffGrid = 0
      for (const each of blocks) {
        if (native !== null) takeNativeWeights(each, native)
        const scheme = native === null ? schemeOf(each.channel, each.block.group) : null
        const weigh: Parameters<SampleSlices['visit']>[1] = slice => {
          scheme?.apply(slice)
          if (options.taper !== undefined) applyUvTaper(slice, options.taper)
        }
        // Densities and tapers are those of the baselines as recorded, as in CASA (ps_I_uvtaper_phasecenter).
        await slices.visit(recordedRows(each), weigh, true, rest)
        for (const sample of each.densityOnly) each.block.imagingWeight[sample] = 0
        const leaveOut: Parameters<SampleSlices['visit']>[1] = slice => {
          nOffGrid += leaveOutOffGrid(slice, nx, ny, cellRad, margins)
        }
        nOffGrid += leaveOutBeyondW(each, maxAbsWLambda)
        await slices.visit(isMosaic ? recordedRows(each) : turnedRows(each), leaveOut, true, rest)
      }
      return nOffGrid
    },
  }
}

function leaveOutBeyondW({ block }: PortionBlock, maxAbsWLambda: number): number {
  const { nRow, nChannel, uvwMetres, frequencyHz, imagingWeight } = block
  let count = 0
  if (maxAbsWLambda === Number.POSITIVE_INFINITY) return count
  for (let row = 0; row < nRow; row++) {
    const w = Math.abs(uvwMetres[3 * row + 2]) / SPEED_OF_LIGHT
    for (let c = 0; c < nChannel; c++) {
      const sample = row * nChannel + c
      if (w * frequencyHz[c] <= maxAbsWLambda || imagingWeight[sample] === 0) continue
      imagingWeight[sample] = 0
      count++
    }
  }
  return count
}

function restOf(pacer: Pacer): () => Promise<void> | undefined {
  return () => (pacer.due() ? pacer.rest() : undefined)
}

function turnedRows({ block }: PortionBlock): WeightedRows {
  return { ...block, uvStride: 3, uvMetres: block.uvwMetres, weight: block.imagingWeight }
}

function recordedRows(each: PortionBlock): WeightedRows {
  const turned = turnedRows(each)
  return each.recordedUvMetres === null ? turned : { ...turned, uvStride: 2, uvMetres: each.recordedUvMetres }
}

function nativeRows(native: NativeRows): WeightedRows {
  return { ...native, uvStride: 2 }
}

function takeNativeWeights({ block, origin }: PortionBlock, native: NativeRows): void {
  const { imagingWeight } = block
  if (origin === null) return
  for (let s = 0; s < imagingWeight.length; s++) {
    if (imagingWeight[s] === 0) continue
    const below = native.weight[origin.first[s]]
    imagingWeight[s] =
      origin.share[s] === 0 ? below : below + origin.share[s] * (native.weight[origin.first[s] + 1] - below)
  }
}

/** 2(high − low)/(high + low); 0 for a single channel and for mfs. */
function fractionalBandwidth(channelHz: Float64Array | null): number {
  if (channelHz === null || channelHz.length < 2) return 0
  const low = Math.min(channelHz[0], channelHz[channelHz.length - 1])
  const high = Math.max(channelHz[0], channelHz[channelHz.length - 1])
  return (2 * (high - low)) / (high + low)
}
