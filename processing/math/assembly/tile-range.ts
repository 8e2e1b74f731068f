/** The part of a sampling job that one tile and the planes in memory have in common. */
import { SamplingJob } from './sampling-job'

@inline
export function firstSegment(job: SamplingJob, tile: i32): u32 {
  const bin = tile * job.nBinW + max(0, job.firstPlane - job.supportW + 1)
  return bin == 0 ? 0 : load<u32>(job.binEnds + (<usize>(bin - 1) << 2))
}

@inline
export function endSegment(job: SamplingJob, tile: i32): u32 {
  const last = min(job.nBinW - 1, job.firstPlane + job.nPlane - 1)
  // A group of planes that lies beyond all bins has no samples.
  if (last < max(0, job.firstPlane - job.supportW + 1)) return firstSegment(job, tile)
  return load<u32>(job.binEnds + (<usize>(tile * job.nBinW + last) << 2))
}

/** Address in the grid of a tile's first stored cell, plane 0. */
@inline
export function tileAddress(job: SamplingJob, tile: i32, complexBytes: usize): usize {
  const tileV = tile / job.nTileU, tileU = tile - tileV * job.nTileU
  return job.grid + <usize>(tileV << job.tileShift) * job.rowBytes + <usize>(tileU << job.tileShift) * complexBytes
}

/** Adds a tile's cells to the grid. Neighbours of the same colour do not overlap, so no lock is needed. */
@inline
export function addTile<T>(job: SamplingJob, buffer: usize, bufferRow: usize, nRow: i32, to: usize): void {
  for (let plane = 0; plane < job.nPlane; plane++) {
    let row = to + <usize>plane * job.planeBytes
    for (let r = 0; r < nRow; r++) {
      for (let at: usize = 0; at < bufferRow; at += 16) {
        v128.store(row + at, v128.add<T>(v128.load(row + at), v128.load(buffer + at)))
      }
      row += job.rowBytes
      buffer += bufferRow
    }
  }
}

/** Copies a tile's cells from the grid. */
@inline
export function copyTile(job: SamplingJob, buffer: usize, bufferRow: usize, nRow: i32, from: usize): void {
  for (let plane = 0; plane < job.nPlane; plane++) {
    let row = from + <usize>plane * job.planeBytes
    for (let r = 0; r < nRow; r++) {
      for (let at: usize = 0; at < bufferRow; at += 16) v128.store(buffer + at, v128.load(row + at))
      row += job.rowBytes
      buffer += bufferRow
    }
  }
}
