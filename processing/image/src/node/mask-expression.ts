// The `mask` argument of the image tool.
import type { ImageCube } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { regridMask } from '../region/regrid-mask.ts'
import { readImage } from './image-file.ts'

const COMPARISON = /^\s*(?:"([^"]+)"|'([^']+)'|([^<>=!"']+?))\s*(<=|>=|==|!=|<|>)\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*$/i

const OPERATORS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '>': (value, limit) => value > limit,
  '<=': (value, limit) => value <= limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
}

/**
 * Pixels that a mask argument picks, 1 counts, on the image's grid: '' picks all (null), a path those of a mask image
 * that are not zero, and `"path" > 0.02` those of an image of the same shape that compare so.
 * @throws ImageError for other expressions or an image of another shape
 */
export async function evaluateMask(expression: string, cube: ImageCube): Promise<Uint8Array | null> {
  if (expression.trim() === '') return null
  const comparison = COMPARISON.exec(expression)
  if (!comparison) {
    return regridMask(await readImage(expression.trim()), cube.coordinates, cube.shape)
  }
  const [, quoted, single, bare, operator, limit] = comparison
  const other = await readImage(quoted ?? single ?? bare)
  if (other.shape.some((n, axis) => n !== cube.shape[axis])) {
    throw new ImageError(
      `expected an image of shape [${cube.shape.join(', ')}], got [${other.shape.join(', ')}] (mask '${expression}')`,
      { expression },
    )
  }
  const holds = OPERATORS[operator]
  const threshold = Number(limit)
  return Uint8Array.from(other.pixels, value => (holds(value, threshold) ? 1 : 0))
}
