import type { JsonValue } from '@cleanbeam/types'
import { dropDegenerate, resolveBox, takeMask, takePixels } from '../../pixel-box.ts'
import { worldOfPixel } from '../../world-format.ts'
import { readImage } from '../image-file.ts'
import { type ImageSelection, selectPixels } from './image-selection.ts'

/** Parameters of {@link imval}, with CASA's names. */
export interface ImvalParameters extends ImageSelection {
  readonly imagename: string
}

/** Values, mask and world coordinates of the box around a selection, as nested lists [x][y][Stokes][channel]. */
export interface ImvalRecord {
  readonly axes: readonly (readonly [number, string])[]
  readonly blc: readonly number[]
  readonly trc: readonly number[]
  readonly unit: string
  /** Axes of length 1 are left out; NaN travels as null in JSON. */
  readonly data: JsonValue
  readonly mask: JsonValue
  /** One more axis than `data`: longitude and latitude (rad), Stokes (casacore's number), frequency (Hz). */
  readonly coords: JsonValue
}

/**
 * Pixel values of a selection, as CASA's task imval answers them; without one, those at the reference pixel.
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.analysis.imval.html
 * @throws FitsError or ImageError naming the parameter at fault
 */
export async function imval(parameters: ImvalParameters): Promise<ImvalRecord> {
  const cube = await readImage(parameters.imagename)
  const isGiven = (parameters.region ?? '') !== '' || (parameters.box ?? '') !== ''
  const [x, y] = cube.coordinates.direction.referencePixel.map(Math.round)
  const { blc, trc, inside } = await selectPixels(
    cube,
    isGiven ? parameters : { ...parameters, box: `${x},${y},${x},${y}` },
  )
  const box = resolveBox(cube.shape, { blc, trc })
  const mask = takeMask(cube, box)
  if (inside) for (let i = 0; i < mask.length; i++) mask[i] &= inside[i]
  const shape = dropDegenerate(box.shape)
  const world = Array.from(mask, (_, i) => {
    let rest = i
    const pixel = box.shape.map((n, axis) => {
      const at = rest % n
      rest = Math.floor(rest / n)
      return blc[axis] + at
    })
    return worldOfPixel(cube.coordinates, pixel)
  })
  return {
    axes: [
      [0, 'Right Ascension'],
      [1, 'Declination'],
      [3, 'Frequency'],
      [2, 'Stokes'],
    ],
    blc,
    trc,
    unit: cube.unit,
    data: nest(Array.from(takePixels(cube, box)), shape),
    mask: nest(
      Array.from(mask, good => good === 1),
      shape,
    ),
    coords: nest(world, shape),
  }
}

/** Nested lists, slowest index last, of values whose first axis is the fastest. */
function nest(values: readonly JsonValue[], shape: readonly number[]): JsonValue {
  const build = (axis: number, offset: number, stride: number): JsonValue => {
    if (axis === shape.length) return values[offset]
    return Array.from({ length: shape[axis] }, (_, i) => build(axis + 1, offset + i * stride, stride * shape[axis]))
  }
  return build(0, 0, 1)
}
