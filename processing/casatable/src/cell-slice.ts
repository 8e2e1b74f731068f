import { CasatableError } from './casatable-error.ts'
import { elementCount } from './cell-value.ts'
import type { CellSlice } from './table.ts'
import type { NumericArray } from './value-type.ts'

/** A slice checked against a cell's shape, one entry per axis, fastest first. */
export interface ResolvedSlice {
  readonly start: readonly number[]
  readonly count: readonly number[]
  readonly step: readonly number[]
}

/**
 * Checks a slice against the shape of the cells.
 * @returns null when it covers the whole cell
 * @throws CasatableError when an axis is missing or exceeded
 */
export function resolveSlice(
  slice: CellSlice | undefined,
  shape: readonly number[],
  where: string,
): ResolvedSlice | null {
  if (slice === undefined) return null
  const step = slice.step ?? shape.map(() => 1)
  if (slice.start.length !== shape.length || slice.count.length !== shape.length || step.length !== shape.length)
    throw new CasatableError(`expected a slice of ${shape.length} axes, got ${slice.start.length}`, { file: where })
  let whole = true
  for (const [axis, length] of shape.entries()) {
    const [start, count, stride] = [slice.start[axis], slice.count[axis], step[axis]]
    const integers = Number.isInteger(start) && Number.isInteger(count) && Number.isInteger(stride)
    if (!integers || start < 0 || count < 0 || stride < 1 || (count > 0 && start + (count - 1) * stride >= length))
      throw new CasatableError(
        `expected a slice within axis ${axis} of length ${length}, got start ${start}, count ${count}, step ${stride}`,
        { file: where },
      )
    if (start !== 0 || count !== length || stride !== 1) whole = false
  }
  return whole ? null : { start: slice.start, count: slice.count, step }
}

/** Number of elements a slice picks from a cell, or of the whole cell. */
export function sliceCount(slice: ResolvedSlice | null, shape: readonly number[]): number {
  if (slice !== null) return slice.count.length === 0 ? 1 : elementCount(slice.count)
  return shape.length === 0 ? 1 : elementCount(shape)
}

/**
 * Copies the elements a slice picks out of one cell.
 * @param components - array elements per value: 2 for complex
 * @param at - index of the first value in `target`
 */
export function gatherSlice(
  cell: NumericArray,
  shape: readonly number[],
  slice: ResolvedSlice,
  components: 1 | 2,
  target: NumericArray,
  at: number,
): void {
  moveSlice(cell, shape, slice, components, target, at, false)
}

/** The reverse of `gatherSlice`: puts values of `source` into a cell. */
export function scatterSlice(
  cell: NumericArray,
  shape: readonly number[],
  slice: ResolvedSlice,
  components: 1 | 2,
  source: NumericArray,
  at: number,
): void {
  moveSlice(cell, shape, slice, components, source, at, true)
}

function moveSlice(
  cell: NumericArray,
  shape: readonly number[],
  slice: ResolvedSlice,
  components: 1 | 2,
  packed: NumericArray,
  at: number,
  intoCell: boolean,
): void {
  const index = shape.map(() => 0)
  const total = sliceCount(slice, shape)
  for (let i = 0; i < total; i++) {
    let position = 0
    for (let axis = shape.length - 1; axis >= 0; axis--)
      position = position * shape[axis] + slice.start[axis] + index[axis] * slice.step[axis]
    for (let part = 0; part < components; part++) {
      const inCell = position * components + part
      const inPacked = (at + i) * components + part
      if (intoCell) cell[inCell] = packed[inPacked]
      else packed[inPacked] = cell[inCell]
    }
    for (let axis = 0; axis < shape.length && ++index[axis] === slice.count[axis]; axis++) index[axis] = 0
  }
}
