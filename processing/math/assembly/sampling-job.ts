/**
 * What binning, gridding and degridding know about one set of visibilities and the grid. The host writes it field by
 * field; src/wasm/job-records.ts lists the same fields in the same order.
 *
 * *Convention:* u runs along the grid's fast axis. A sample stands at `metres · Hz · scale` cells (planes) from the
 * grid's centre; its taps begin at ceil(position + origin) in stored cells, where BORDER stored cells stand before the
 * first cell of the periodic grid. Samples are folded onto w ≥ 0 (u ≥ 0 without w) by V(−u,−v,−w) = V*(u,v,w).
 */
@unmanaged
export class SamplingJob {
  scaleU: f64
  scaleV: f64
  scaleW: f64
  originU: f64
  originV: f64
  originW: f64
  /** Grid size as period; 0 where no sample can leave the grid. */
  periodU: f64
  periodV: f64
  /** Cycles per metre·Hz of the constant part of the w phase, taken out before gridding. */
  shiftW: f64
  /** 1 with w planes, 0 in 2-D. */
  hasW: i32
  nRow: i32
  nChannel: i32
  support: i32
  supportW: i32
  nTerm: i32
  nTermW: i32
  nTileU: i32
  nTileV: i32
  tileShift: i32
  /** First-plane values a sample can have: bins along w per tile. */
  nBinW: i32
  nBlock: i32
  rowsPerBlock: i32
  /** Planes [firstPlane, firstPlane + nPlane) are in memory. */
  firstPlane: i32
  nPlane: i32
  uvw: usize
  frequency: usize
  counts: usize
  binEnds: usize
  segments: usize
  tileLoads: usize
  coefficients: usize
  coefficientsW: usize
  grid: usize
  planeBytes: usize
  rowBytes: usize
  tiles: usize
  /** Complex input; 0 stands for ones. */
  visibility: usize
  /** f32 weights; 0 stands for ones. */
  weight: usize
  /** Complex output of degridding. */
  predicted: usize
  /** What the prediction is subtracted from; 0: nothing, the prediction itself is stored. */
  minuend: usize
}

/** Stored cells before the first and after the last of the periodic grid, for taps that hang over. */
export const BORDER: i32 = 8

/** Position in cells of a coordinate (metres · scale) at a frequency, brought into the period when there is one. */
@inline
export function cellPosition(scaled: f64, frequency: f64, origin: f64, period: f64): f64 {
  let position = scaled * frequency
  if (period != 0) position -= period * Math.floor(position / period + 0.5)
  return position + origin
}
