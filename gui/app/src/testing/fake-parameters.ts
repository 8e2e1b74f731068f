import type { UpdatableInfo } from '@cleanbeam/protocol'

/** The iteration parameters of a fresh fake session. */
export const FAKE_PARAMETERS: readonly UpdatableInfo[] = [
  parameter('niter', 'integer', '', -1, 2000, 'Iterations that remain, over all planes; −1 for no limit', 'iteration'),
  parameter('nmajor', 'integer', '', -1, -1, 'Major cycles that remain; −1 for no limit', 'iteration'),
  parameter('threshold', 'quantity', 'Jy', 0, '10mJy', 'Peak residual at which cleaning ends', 'iteration'),
  parameter('nsigma', 'number', '', 0, 0, 'Ends at this multiple of the noise; 0 switches it off', 'iteration'),
  parameter('gain', 'number', '', 0, 0.1, 'Fraction of the peak taken off in each iteration', 'iteration'),
  parameter('cycleniter', 'integer', '', -1, 100, 'Iterations in one minor cycle', 'cycle'),
  parameter('cyclefactor', 'number', '', 0, 1, 'Scales the threshold at which a minor cycle ends', 'cycle'),
]

function parameter(
  name: string,
  kind: UpdatableInfo['kind'],
  unit: string,
  minimum: number | null,
  value: UpdatableInfo['value'],
  description: string,
  group: UpdatableInfo['group'],
): UpdatableInfo {
  return { name, kind, unit, minimum, value, default: value, description, group }
}
