import type { DataDescription, VisibilityChunk } from '@cleanbeam/types'
import type { UvfitsAxes } from './axes.ts'
import type { GroupFacts } from './group-facts.ts'

/** What `decodeGroups` adds up over the visibilities it delivers. */
export interface Tally {
  nVisibility: number
  nFlagged: number
  nZeroWeight: number
  nNotFinite: number
}

/** What is the same for all groups of a file. */
export interface GroupFormat {
  readonly axes: UvfitsAxes
  readonly nParameter: number
  readonly groupSize: number
  readonly nIf: number
  /** Index along the file's STOKES axis of each correlation. */
  readonly fileCorrelations: readonly number[]
  readonly dataScale: number
  readonly dataZero: number
}

/** Which visibilities of a block of groups go into one chunk. */
export interface ChunkRequest {
  readonly description: DataDescription
  readonly field: number
  readonly iIf: number
  /** Groups, as indices into the block. */
  readonly groups: Uint32Array
  /** Channels of the IF. */
  readonly channels: Int32Array
  readonly frequencyHz: Float64Array
}

/**
 * Copies one IF of some groups into a chunk.
 *
 * A weight that is zero, negative or not a number flags its visibility, as does a value that is not finite (which
 * becomes 0) and an autocorrelation. Negative weights keep their size, as importuvfits keeps them.
 * *Cost:* one pass; the chunk's arrays are the only allocations.
 */
export function decodeGroups(
  raw: Float32Array | Float64Array,
  facts: GroupFacts,
  format: GroupFormat,
  request: ChunkRequest,
  tally: Tally,
): VisibilityChunk {
  const { groups, channels, iIf } = request
  const nRow = groups.length
  const nCorrelation = format.fileCorrelations.length
  const size = nRow * channels.length * nCorrelation
  const chunk = {
    dataDescription: request.description.id,
    field: request.field,
    nRow,
    nChannel: channels.length,
    nCorrelation,
    rowNumber: new Uint32Array(nRow),
    timeMjdSeconds: new Float64Array(nRow),
    antenna1: new Int32Array(nRow),
    antenna2: new Int32Array(nRow),
    frequencyHz: request.frequencyHz,
    uvwMetres: new Float64Array(3 * nRow),
    visibility: new Float32Array(2 * size),
    weight: new Float32Array(size),
    flag: new Uint8Array(size),
  }
  for (let row = 0; row < nRow; row++) {
    const group = groups[row]
    chunk.rowNumber[row] = (facts.firstGroup + group) * format.nIf + iIf
    chunk.timeMjdSeconds[row] = facts.timeMjdSeconds[group]
    chunk.antenna1[row] = facts.antenna1[group]
    chunk.antenna2[row] = facts.antenna2[group]
    for (let k = 0; k < 3; k++) chunk.uvwMetres[3 * row + k] = facts.uvwMetres[3 * group + k]
  }
  copyVisibilities(raw, facts, format, request, chunk, tally)
  return chunk
}

function copyVisibilities(
  raw: Float32Array | Float64Array,
  facts: GroupFacts,
  format: GroupFormat,
  request: ChunkRequest,
  chunk: VisibilityChunk,
  tally: Tally,
): void {
  const { axes, groupSize, nParameter, fileCorrelations, dataScale, dataZero } = format
  const { visibility, weight, flag } = chunk
  const frequencyStride = axes.frequency.stride
  const stokesStride = axes.stokes.stride
  const complexStride = axes.complex.stride
  const hasWeight = axes.complex.size === 3
  const isPlain = dataScale === 1 && dataZero === 0
  let at = 0
  for (let row = 0; row < request.groups.length; row++) {
    const group = request.groups[row]
    const isAutocorrelation = facts.antenna1[group] === facts.antenna2[group]
    const base = group * groupSize + nParameter + request.iIf * axes.intermediateFrequency.stride
    for (let k = 0; k < request.channels.length; k++) {
      const channelBase = base + request.channels[k] * frequencyStride
      for (let p = 0; p < fileCorrelations.length; p++, at++) {
        const from = channelBase + fileCorrelations[p] * stokesStride
        let re = raw[from]
        let im = raw[from + complexStride]
        let w = hasWeight ? raw[from + 2 * complexStride] : 1
        if (!isPlain) {
          re = re * dataScale + dataZero
          im = im * dataScale + dataZero
          w = hasWeight ? w * dataScale + dataZero : 1
        }
        const isGood = Number.isFinite(re) && Number.isFinite(im) && Number.isFinite(w)
        const isBad = !isGood || !(w > 0) || isAutocorrelation
        if (isGood) {
          visibility[2 * at] = re
          visibility[2 * at + 1] = im
          weight[at] = Math.abs(w)
        } else {
          tally.nNotFinite++
        }
        if (isBad) {
          flag[at] = 1
          tally.nFlagged++
          if (w === 0) tally.nZeroWeight++
        }
      }
    }
  }
  tally.nVisibility += at
}
