import type { StatisticsRecord } from '@cleanbeam/types'
import { ImageError } from '../../image-error.ts'
import { statisticsRecord } from '../../statistics-record.ts'
import { readImage } from '../image-file.ts'
import { evaluateMask } from '../mask-expression.ts'
import { type ImageSelection, selectPixels } from './image-selection.ts'

/** Parameters of {@link imstat}, with CASA's names. */
export interface ImstatParameters extends ImageSelection {
  readonly imagename: string
  /** Axes to collapse; −1 or none collapses all. */
  readonly axes?: readonly number[] | number
  /** Path of a mask image, or a comparison such as `"x.image.fits" > 0.02`. */
  readonly mask?: string
}

const ALL_AXES = [0, 1, 2, 3]

/**
 * Statistics of an image, median and quartiles included, as CASA's task imstat answers them.
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.analysis.imstat.html
 * @throws FitsError or ImageError naming the parameter at fault
 */
export async function imstat(parameters: ImstatParameters): Promise<StatisticsRecord> {
  const cube = await readImage(parameters.imagename)
  const given = typeof parameters.axes === 'number' ? [parameters.axes] : (parameters.axes ?? [])
  const axes = given.length === 0 || given.includes(-1) ? ALL_AXES : given
  if (axes.some(axis => !ALL_AXES.includes(axis))) {
    throw new ImageError(`expected axes among 0, 1, 2, 3, got ${axes.join(', ')} (axes)`, { axes: [...axes] })
  }
  return statisticsRecord(cube, {
    box: await selectPixels(cube, parameters),
    mask: await evaluateMask(parameters.mask ?? '', cube),
    axes,
    robust: true,
  })
}
