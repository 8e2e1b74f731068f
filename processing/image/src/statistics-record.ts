// CASA's statistics record of an image.
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageCube, StatisticsRecord } from '@cleanbeam/types'
import { beamOf } from './image-cube.ts'
import { imageStatistics, type StatisticsRequest } from './statistics.ts'
import { formatPosition } from './world-format.ts'

/**
 * The record CASA's ia.statistics answers: lists over the axes that are kept, the first kept axis fastest. Positions of
 * the extrema are given when all axes are collapsed, and are empty otherwise. `flux` is there when the unit is Jy/beam
 * and every value comes from planes of one beam; summed over channels it is in Jy·km/s.
 */
export function statisticsRecord(cube: ImageCube, request: StatisticsRequest): StatisticsRecord {
  const { cells, robust, keptShape } = imageStatistics(cube, request)
  const { blc, trc } = request.box
  const counted = cells.filter(cell => cell.npts > 0)
  const isWhole = keptShape.length === 0
  const extremum = (index: number) => pixelOfIndex(cube, index)
  const minpos = isWhole && counted.length > 0 ? extremum(cells[0].minIndex) : []
  const maxpos = isWhole && counted.length > 0 ? extremum(cells[0].maxIndex) : []
  const record: StatisticsRecord = {
    blc: [...blc],
    blcf: formatPosition(cube.coordinates, blc),
    trc: [...trc],
    trcf: formatPosition(cube.coordinates, trc),
    npts: cells.map(cell => cell.npts),
    sum: cells.map(cell => cell.sum),
    sumsq: cells.map(cell => cell.sumsq),
    mean: cells.map(cell => (cell.npts > 0 ? cell.sum / cell.npts : 0)),
    sigma: cells.map(cell => sigmaOf(cell.npts, cell.sum, cell.sumsq)),
    rms: cells.map(cell => (cell.npts > 0 ? Math.sqrt(cell.sumsq / cell.npts) : 0)),
    min: cells.map(cell => (cell.npts > 0 ? cell.min : 0)),
    max: cells.map(cell => (cell.npts > 0 ? cell.max : 0)),
    minpos,
    minposf: minpos.length > 0 ? formatPosition(cube.coordinates, minpos) : '',
    maxpos,
    maxposf: maxpos.length > 0 ? formatPosition(cube.coordinates, maxpos) : '',
  }
  const divisors = fluxDivisors(cube, request, keptShape)
  if (divisors) record.flux = cells.map((cell, i) => cell.sum / divisors[i])
  if (robust) {
    record.median = robust.map(each => each.median)
    record.medabsdevmed = robust.map(each => each.medabsdevmed)
    record.q1 = robust.map(each => each.q1)
    record.q3 = robust.map(each => each.q3)
    record.quartile = robust.map(each => each.quartile)
  }
  return record
}

function sigmaOf(npts: number, sum: number, sumsq: number): number {
  return npts > 1 ? Math.sqrt(Math.max(0, sumsq - (sum * sum) / npts) / (npts - 1)) : 0
}

/** [x, y, Stokes, channel] of an index into the cube. */
function pixelOfIndex({ shape }: ImageCube, index: number): number[] {
  let rest = index
  return shape.map(n => {
    const at = rest % n
    rest = Math.floor(rest / n)
    return at
  })
}

/**
 * What a cell's sum is divided by to give its flux: the beam's area in pixels, less the width of a channel in km/s where
 * the spectral axis is summed over; null when there is no beam or a cell mixes Stokes or beams.
 */
function fluxDivisors(
  cube: ImageCube,
  { box, axes }: StatisticsRequest,
  keptShape: readonly number[],
): number[] | null {
  if (!/^[mu]?Jy\/beam$/i.test(cube.unit) || cube.beams.length === 0) return null
  const { blc, trc } = box
  const collapses = (axis: number) => axes.includes(axis) && trc[axis] > blc[axis]
  const sumsChannels = collapses(3)
  if (collapses(2) || (sumsChannels && cube.beams.length > 1)) return null
  const kept = [0, 1, 2, 3].filter(axis => !axes.includes(axis))
  const { direction, spectral } = cube.coordinates
  const cellArea = Math.abs(direction.incrementRad[0] * direction.incrementRad[1])
  const channelKms = Math.abs((SPEED_OF_LIGHT * spectral.incrementHz) / spectral.restFrequencyHz) / 1000
  if (sumsChannels && !Number.isFinite(channelKms)) return null
  const nCell = keptShape.reduce((product, n) => product * n, 1)
  return Array.from({ length: nCell }, (_, cell) => {
    const at = [...blc]
    let rest = cell
    kept.forEach((axis, i) => {
      at[axis] = blc[axis] + (rest % keptShape[i])
      rest = Math.floor(rest / keptShape[i])
    })
    const beam = beamOf(cube, at[2], at[3])!
    const pixels = (Math.PI * beam.majorRad * beam.minorRad) / (4 * Math.LN2 * cellArea)
    return sumsChannels ? pixels / channelKms : pixels
  })
}
