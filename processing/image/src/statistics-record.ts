// CASA's statistics record of an image.
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageCube, StatisticsRecord } from '@cleanbeam/types'
import { imageStatistics, type StatisticsRequest } from './statistics.ts'
import { formatPosition } from './world-format.ts'

/**
 * The record CASA's ia.statistics answers: lists over the axes that are kept, the first kept axis fastest. Positions of
 * the extrema are given when all axes are collapsed, and are empty otherwise. `flux` is there when the unit is Jy/beam
 * and Stokes are not mixed; summed over channels it is in Jy·km/s.
 */
export function statisticsRecord(cube: ImageCube, request: StatisticsRequest): StatisticsRecord {
  const planeWeights = fluxWeights(cube, request)
  const { cells: all, robust, keptShape } = imageStatistics(cube, { ...request, planeWeights })
  // Where nothing counts at all casatools answers empty lists.
  const isEmpty = all.every(cell => cell.npts === 0)
  const cells = isEmpty ? [] : all
  const { blc, trc } = request.box
  const isWhole = keptShape.length === 0 && !isEmpty
  const extremum = (index: number) => pixelOfIndex(cube, index)
  const minpos = isWhole ? extremum(cells[0].minIndex) : []
  const maxpos = isWhole ? extremum(cells[0].maxIndex) : []
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
  if (planeWeights) record.flux = cells.map(cell => cell.weightedSum)
  if (robust && isEmpty) return { ...record, median: [], medabsdevmed: [], q1: [], q3: [], quartile: [] }
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
 * What turns the sum of each plane into flux: one over the beam's area in pixels, times the width of a channel in km/s
 * where channels are summed over; undefined when there is no beam or Stokes are mixed.
 */
function fluxWeights(cube: ImageCube, { box, axes }: StatisticsRequest): Float64Array | undefined {
  if (!/^[mu]?Jy\/beam$/i.test(cube.unit) || cube.beams.length === 0) return undefined
  const { blc, trc } = box
  const collapses = (axis: number) => axes.includes(axis) && trc[axis] > blc[axis]
  const { direction, spectral } = cube.coordinates
  const channelKms = Math.abs((SPEED_OF_LIGHT * spectral.incrementHz) / spectral.restFrequencyHz) / 1000
  if (collapses(2) || (collapses(3) && !Number.isFinite(channelKms))) return undefined
  const cellArea = Math.abs(direction.incrementRad[0] * direction.incrementRad[1])
  const factor = ((4 * Math.LN2 * cellArea) / Math.PI) * (collapses(3) ? channelKms : 1)
  const [, , nStokes, nChannel] = cube.shape
  return Float64Array.from({ length: nStokes * nChannel }, (_, plane) => {
    const beam = cube.beams.length === 1 ? cube.beams[0] : cube.beams[plane]
    return factor / (beam.majorRad * beam.minorRad)
  })
}
