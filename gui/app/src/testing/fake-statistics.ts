import type { StatisticsRecord } from '@cleanbeam/types'

/** CASA's statistics record over the pixels a test picks. */
export function planeStatistics(pixels: Float32Array, isWanted: (i: number) => boolean): StatisticsRecord {
  let [npts, sum, sumsq] = [0, 0, 0]
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  pixels.forEach((v, i) => {
    if (!isWanted(i)) return
    npts++
    sum += v
    sumsq += v * v
    min = Math.min(min, v)
    max = Math.max(max, v)
  })
  const mean = sum / npts
  return {
    blc: [0, 0],
    blcf: '',
    trc: [0, 0],
    trcf: '',
    npts: [npts],
    sum: [sum],
    sumsq: [sumsq],
    mean: [mean],
    sigma: [Math.sqrt(Math.max(0, sumsq / npts - mean * mean))],
    rms: [Math.sqrt(sumsq / npts)],
    min: [min],
    max: [max],
    minpos: [0, 0],
    minposf: '',
    maxpos: [0, 0],
    maxposf: '',
    flux: [sum / 40],
  }
}
