import type { RunOptions } from '@cleanbeam/math'
import { embed, type FrequencyBin, foldInto, frequencyBins, groupBeam, type WideImage } from './mosaic-beams.ts'
import type { MosaicGroup } from './mosaic-pointings.ts'
import type {
  PlacedSamples,
  PlaneTransforms,
  SamplePositions,
  Samples,
  SamplesToGrid,
  SamplesToPredict,
} from './plane-transforms.ts'

/** Samples with the beam they saw. */
interface MosaicSamples extends PlacedSamples {
  readonly inside: PlacedSamples
  readonly group: number
  readonly bins: readonly FrequencyBin[]
}

/**
 * Transforms between samples of several pointings and one image: gridding multiplies the image of every pointing by its
 * primary beam and adds them up, prediction multiplies the model by it. What gridding finds around the image is folded in
 * with the image's period, as convolution on CASA's uv grid does.
 *
 * *Cost:* one transform of the wide image per pointing and 2.5 % of bandwidth.
 * @param inside - transforms of the wide image; disposed with this
 * @see S. Bhatnagar, U. Rau, K. Golap, ApJ 770 (2013) 91, section 2 (joint mosaics)
 */
export function mosaicTransforms(
  inside: PlaneTransforms,
  wide: WideImage,
  groups: readonly MosaicGroup[],
  bandHz: number,
): PlaneTransforms {
  const { memory, precision } = inside
  const [nx, ny] = wide.inner
  const newPlane = (length: number): Samples => (precision === 'f32' ? memory.float32(length) : memory.float64(length))

  async function gridBin(bin: BinWork<SamplesToGrid>, scratch: Samples, sum: Float64Array, run: RunOptions) {
    const weights: Float32Array[] = []
    try {
      const sets = bin.sets.map(({ set, samples, bin: one }) => {
        const weight = samples.bins.length === 1 ? set.weight : maskedWeight(set.weight, samples, one)
        if (weight !== set.weight) weights.push(weight)
        return { placed: samples.inside, visibility: set.visibility, weight }
      })
      await inside.grid(sets, scratch, { signal: run.signal })
    } finally {
      for (const weight of weights) memory.free(weight)
    }
    const beam = groupBeam(groups[bin.group], bin.meanHz, bandHz, wide)
    foldInto(wide, scratch, beam, 1, 1, sum)
  }

  function maskedWeight(weight: Float32Array, { nRow, nChannel }: MosaicSamples, { channels }: FrequencyBin) {
    const masked = memory.float32(weight.length)
    masked.fill(0)
    for (let row = 0; row < nRow; row++) {
      for (const c of channels) masked[row * nChannel + c] = weight[row * nChannel + c]
    }
    return masked
  }

  async function predictBin(bin: BinWork<SamplesToPredict>, model: Samples, scratch: Samples, run: RunOptions) {
    const beam = groupBeam(groups[bin.group], bin.meanHz, bandHz, wide)
    embed(wide, model, beam, scratch)
    const parts = bin.sets.map(({ samples, set }) =>
      samples.bins.length === 1 ? null : newPlane(set.predicted.length),
    )
    try {
      const sets = bin.sets.map(({ samples, set }, k) => ({
        placed: samples.inside,
        predicted: parts[k] ?? set.predicted,
        ...(set.minuend === undefined ? {} : { minuend: set.minuend }),
      }))
      await inside.degrid(scratch, sets, { signal: run.signal })
      for (const [k, part] of parts.entries()) {
        if (part !== null) copyChannels(part, bin.sets[k].set.predicted, bin.sets[k].samples, bin.sets[k].bin)
      }
    } finally {
      for (const part of parts) if (part !== null) memory.free(part)
    }
  }

  return {
    nx,
    ny,
    hasW: inside.hasW,
    precision,
    memory,
    bytes: inside.bytes,
    async place(positions: SamplePositions, run?: RunOptions): Promise<MosaicSamples> {
      const placed = await inside.place(positions, run)
      return {
        nRow: placed.nRow,
        nChannel: placed.nChannel,
        bytes: placed.bytes,
        dispose: () => placed.dispose(),
        inside: placed,
        group: positions.group ?? 0,
        bins: frequencyBins(positions.frequencyHz),
      }
    },
    async grid(sets, image, run = {}) {
      const bins = sortIntoBins(sets)
      const sum = new Float64Array(nx * ny)
      const scratch = newPlane(wide.nx * wide.ny)
      try {
        for (const [done, bin] of bins.entries()) {
          run.onProgress?.({ what: run.what ?? 'gridding', done, total: bins.length })
          await gridBin(bin, scratch, sum, run)
        }
      } finally {
        memory.free(scratch)
      }
      const target = image ?? newPlane(nx * ny)
      target.set(sum)
      return target
    },
    async degrid(model, sets, run = {}) {
      const bins = sortIntoBins(sets)
      const scratch = newPlane(wide.nx * wide.ny)
      try {
        for (const [done, bin] of bins.entries()) {
          run.onProgress?.({ what: run.what ?? 'predicting', done, total: bins.length })
          await predictBin(bin, model, scratch, run)
        }
      } finally {
        memory.free(scratch)
      }
    },
    dispose: () => inside.dispose(),
  }
}

/** Sets whose samples, in one of their bins, saw the same beam. */
interface BinWork<T> {
  readonly group: number
  readonly meanHz: number
  readonly sets: { readonly set: T; readonly samples: MosaicSamples; readonly bin: FrequencyBin }[]
}

function sortIntoBins<T extends { readonly placed: PlacedSamples }>(sets: readonly T[]): BinWork<T>[] {
  const work = new Map<string, BinWork<T>>()
  for (const set of sets) {
    const samples = set.placed as MosaicSamples
    for (const bin of samples.bins) {
      const key = `${samples.group}/${bin.meanHz}`
      const one = work.get(key) ?? { group: samples.group, meanHz: bin.meanHz, sets: [] }
      one.sets.push({ set, samples, bin })
      work.set(key, one)
    }
  }
  return [...work.values()]
}

function copyChannels(from: Samples, to: Samples, { nRow, nChannel }: MosaicSamples, { channels }: FrequencyBin): void {
  for (let row = 0; row < nRow; row++) {
    for (const c of channels) {
      const at = 2 * (row * nChannel + c)
      to[at] = from[at]
      to[at + 1] = from[at + 1]
    }
  }
}
