// One image of a run, the main one or an outlier: its grid, its PSF and beams, and the products they are kept in.

import type { ProductStore } from '@cleanbeam/image/node'
import type { MajorCycle } from '@cleanbeam/imaging'
import type { CallOptions, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import type { CleanCubes } from '../clean-cubes.ts'
import { fitBeams, largestSidelobe } from '../restore-cube.ts'
import { taylorTerms } from '../taylor-terms.ts'
import { historyLines } from './history.ts'
import {
  hasProduct,
  joinTerms,
  type Products,
  productsOf,
  requireProduct,
  requireTerms,
  splitTerms,
  validPixels,
  writeModel,
  writePrimaryBeam,
  writePsf,
  writeSumWeight,
  writeWeight,
} from './products.ts'
import { readStartModel } from './start-model.ts'

/** What a field is and stays during a run. */
export interface ImageField {
  /** 0 for the main image, then the outliers in the order of their file. */
  readonly index: number
  /** The call's, with what the outlier file says of this field. */
  readonly parameters: TcleanParameters
  readonly products: Products
  /** 2n − 1 cubes. */
  readonly psf: readonly Float32Array[]
  readonly beams: readonly RestoringBeam[]
  readonly maxPsfSidelobe: number
  readonly primaryBeam: Float32Array
  readonly valid: Uint8Array | null
}

/** What changes from cycle to cycle. */
export interface FieldImages {
  /** Jy/pixel, n terms. */
  model: Float32Array
  /** Jy/beam, n terms. */
  residual: Float32Array
}

const REMOVE = 'remove it to start anew'

/** The grid of a field and the products already there; nothing is written yet. */
export async function openFieldProducts(
  store: ProductStore,
  parameters: TcleanParameters,
  majorCycle: MajorCycle,
): Promise<Products> {
  const { shape, coordinates } = majorCycle
  const products = productsOf(store, shape, coordinates, taylorTerms(parameters), historyLines('tclean', parameters))
  if (await store.exists('.mask')) await requireProduct(store, '.mask', shape, REMOVE)
  if (await hasProduct(products, '.model')) await requireTerms(products, '.model', REMOVE)
  return products
}

/** Primary beam, PSF and beams, from disk where they are not to be made. */
export async function prepareField(
  index: number,
  parameters: TcleanParameters,
  products: Products,
  majorCycle: MajorCycle,
  call: CallOptions,
): Promise<ImageField> {
  const primaryBeam = await providePrimaryBeam(parameters, majorCycle, products)
  const { psf, beams } = await providePsf(parameters, majorCycle, products, call)
  const { shape, cellRad } = products
  return {
    index,
    parameters,
    products,
    psf,
    beams,
    maxPsfSidelobe: largestSidelobe(psf[0], shape, cellRad, beams),
    primaryBeam,
    valid: validPixels(primaryBeam, parameters.pblimit),
  }
}

async function providePrimaryBeam(
  parameters: TcleanParameters,
  majorCycle: MajorCycle,
  products: Products,
): Promise<Float32Array> {
  const primaryBeam = majorCycle.primaryBeam()
  if (parameters.calcpsf || !(await hasProduct(products, '.pb'))) {
    await writePrimaryBeam(products, primaryBeam, parameters.pblimit)
  }
  return primaryBeam
}

async function providePsf(
  parameters: TcleanParameters,
  majorCycle: MajorCycle,
  products: Products,
  call: CallOptions,
): Promise<{ psf: readonly Float32Array[]; beams: readonly RestoringBeam[] }> {
  if (!parameters.calcpsf) {
    const { cubes, first } = await requireTerms(products, '.psf', 'run once with calcpsf=True')
    return { psf: cubes, beams: first.beams }
  }
  const pixels = await majorCycle.makePsf(call)
  const psf = splitTerms(pixels, products.shape)
  const beams = fitBeams(psf[0], products.shape, products.cellRad, parameters.psfcutoff)
  await writePsf(products, pixels, beams)
  await writeSumWeight(products, majorCycle.sumWeight)
  const weight = majorCycle.weight?.()
  if (weight !== undefined) await writeWeight(products, weight)
  return { psf, beams }
}

/**
 * The model on disk, copied; when there is none, startmodel brought to the field's grid or an empty one, which is written.
 */
export async function startingModel({ parameters, products }: ImageField): Promise<Float32Array> {
  if (await hasProduct(products, '.model')) return joinTerms(await requireTerms(products, '.model', REMOVE))
  const model = await readStartModel(products, listOf(parameters.startmodel))
  await writeModel(products, model.slice())
  return model
}

/** The images of a field as the minor cycle wants them. */
export function cleanCubesOf(field: ImageField, images: FieldImages, mask: Float32Array | null): CleanCubes {
  const { shape, coordinates } = field.products
  return { field: field.index, shape, stokes: coordinates.stokes, psf: field.psf, mask, valid: field.valid, ...images }
}
