/**
 * What the passes between grid and image know. The host writes it field by field; src/wasm/job-records.ts lists the same
 * fields in the same order.
 *
 * The image on its way is kept in "bands" of as many rows as there are SIMD lanes: band b, column x is the vector of the
 * pixels (x, lanes·b …) at `image + 16·(b·nx + x)`. Column c of the periodic grid is stored cell c + BORDER, likewise
 * rows. Grid column c stands for u = c − nu/2 cells; the factor (−1)^(x−centreX) that this shift brings into the image is
 * part of `factorX` (and likewise in y).
 */
@unmanaged
export class PlaneJob {
  /** Pixel sizes, radians; only their squares matter here. */
  cellX: f64
  cellY: f64
  /** Distance of w planes, wavelengths, and the middle of the range of n − 1. */
  planeDistance: f64
  middle: f64
  /** 1/limit² of `series`. */
  seriesScale: f64
  nx: i32
  ny: i32
  centreX: i32
  centreY: i32
  nu: i32
  nv: i32
  /** Columns and rows of the periodic grid in use: [first, end). Columns are multiples of 16 from the stored start. */
  firstColumn: i32
  endColumn: i32
  firstRow: i32
  endRow: i32
  nPlane: i32
  /** Index of the first plane in memory: its w is firstPlane · planeDistance. */
  firstPlane: i32
  /** Entries per band of the phase table: distances in x from the centre. */
  nDistance: i32
  /** 1 with w planes, 0 in 2-D. */
  hasW: i32
  /** Terms of the series for the w correction. */
  nSeries: i32
  grid: usize
  planeBytes: usize
  rowBytes: usize
  image: usize
  /** Turns per plane of every pixel: [band, distance in x, lane], i32 in units of 2^−32 (f32) or f64. */
  phase: usize
  /** 1/φ̂ and sign along x and y, one T per pixel (y padded to whole bands). */
  factorX: usize
  factorY: usize
  /** Chebyshev coefficients of 1/ψ̂ in 2·(turns/limit)² − 1. */
  series: usize
  twiddleU: usize
  planU: usize
  twiddleV: usize
  planV: usize
}
