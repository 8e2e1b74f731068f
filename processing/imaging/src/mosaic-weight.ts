import { foldInto, frequencyBins, groupBeam, type WideImage } from './mosaic-beams.ts'
import type { MosaicGroup } from './mosaic-pointings.ts'
import type { SamplePortion } from './sample-portion.ts'

/** Sums of imaging weights of the samples that saw one beam. */
interface BeamWeight {
  readonly channel: number
  readonly group: number
  readonly meanHz: number
  sum: number
}

/** Collects what the weight image of a mosaic is made of. */
export class MosaicWeightSums {
  readonly #sums = new Map<string, BeamWeight>()

  add({ blocks }: SamplePortion): void {
    for (const { channel, block } of blocks) {
      const { nRow, nChannel, frequencyHz, imagingWeight, group } = block
      for (const { channels, meanHz } of frequencyBins(frequencyHz)) {
        const key = `${channel}/${group}/${meanHz}`
        const entry = this.#sums.get(key) ?? { channel, group, meanHz, sum: 0 }
        this.#sums.set(key, entry)
        for (let row = 0; row < nRow; row++) {
          for (const c of channels) {
            const weight = imagingWeight[row * nChannel + c]
            if (weight > 0) entry.sum += weight
          }
        }
      }
    }
  }

  /** Whether anything of a group is used. */
  has(group: number): boolean {
    for (const entry of this.#sums.values()) if (entry.group === group && entry.sum > 0) return true
    return false
  }

  /**
   * W = Σ weight·beam² / Σ weight of every output channel, folded as gridding folds.
   * @returns [channel, y, x]
   */
  image(groups: readonly MosaicGroup[], wide: WideImage, bandHz: number, totalWeight: Float64Array): Float32Array {
    const length = wide.inner[0] * wide.inner[1]
    const image = new Float32Array(length * totalWeight.length)
    for (const [channel, total] of totalWeight.entries()) {
      if (!(total > 0)) continue
      const plane = new Float64Array(length)
      for (const { channel: of, group, meanHz, sum } of this.#sums.values()) {
        if (of !== channel || sum === 0) continue
        foldInto(wide, null, groupBeam(groups[group], meanHz, bandHz, wide), sum / total, 2, plane)
      }
      image.set(plane, channel * length)
    }
    return image
  }
}
