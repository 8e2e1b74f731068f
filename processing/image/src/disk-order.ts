import type { ImageShape } from '@cleanbeam/types'

/** Which axis on disk (0 is the fastest) each image axis is; −1 where the file has none. */
export interface AxisMap {
  readonly x: number
  readonly y: number
  readonly stokes: number
  readonly spectral: number
}

/** Reorders disk axes to [x, y, Stokes, channel]; returns the same array when they already are. */
export function toMemoryOrder<T extends Float32Array | Uint8Array>(
  onDisk: T,
  axes: readonly number[],
  shape: ImageShape,
  axisMap: AxisMap,
): T {
  const stride = axes.map((_, axis) => axes.slice(0, axis).reduce((product, n) => product * n, 1))
  const step = [axisMap.x, axisMap.y, axisMap.stokes, axisMap.spectral].map(axis => (axis < 0 ? 0 : stride[axis]))
  const [nx, ny, nStokes, nChannel] = shape
  const isInOrder =
    step[0] === 1 &&
    (ny === 1 || step[1] === nx) &&
    (nStokes === 1 || step[2] === nx * ny) &&
    (nChannel === 1 || step[3] === nx * ny * nStokes)
  if (isInOrder) return onDisk
  const out = onDisk.slice() as T
  let at = 0
  for (let channel = 0; channel < nChannel; channel++) {
    for (let stokes = 0; stokes < nStokes; stokes++) {
      for (let y = 0; y < ny; y++) {
        const row = y * step[1] + stokes * step[2] + channel * step[3]
        for (let x = 0; x < nx; x++) out[at++] = onDisk[row + x * step[0]]
      }
    }
  }
  return out
}
