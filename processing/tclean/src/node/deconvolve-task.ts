// The task deconvolve: one minor cycle on the products on disk, without visibilities.

import type { ProductStore } from '@cleanbeam/image/node'
import type {
  DeconvolveOptions,
  DeconvolveParameters,
  ImageCube,
  ReturnDictionary,
  SummaryMinor,
} from '@cleanbeam/types'
import { type CleanCubes, cleanCubes, cubeState, summariseIdle } from '../clean-cubes.ts'
import { loopParameters } from '../imaging-plan.ts'
import { GLOBAL_STOP, type GlobalStopCode, overallPeakJy } from '../iteration-control.ts'
import { minorCycleMethod } from '../minor-cycle-plan.ts'
import { largestSidelobe } from '../restore-cube.ts'
import { deconvolveDictionary } from '../return-dictionaries.ts'
import { maskFiles, requireFiles, requireWritable } from './check-files.ts'
import { establishMask, refuseSecondMask } from './clean-mask.ts'
import { type Products, productsOf, requireProduct, writeModel, writeResidual } from './products.ts'
import { writeRestoration } from './write-restoration.ts'

const REMEDY = 'make it with tclean first'

/** The products a deconvolve call starts from; arrays of `cubes` are copies that may be changed. */
interface Start {
  readonly products: Products
  readonly psf: ImageCube
  readonly residual: ImageCube
  readonly cubes: CleanCubes
}

/** Runs the task on complete parameters. The cycle threshold is the threshold given, as in CASA. */
export async function runDeconvolve(
  parameters: DeconvolveParameters,
  store: ProductStore,
  options: DeconvolveOptions,
): Promise<ReturnDictionary> {
  await requireFiles('mask', maskFiles(parameters.mask))
  await requireWritable(parameters.imagename)
  await refuseSecondMask(store, parameters)
  const start = await readProducts(parameters, store)
  const { products, psf, cubes } = start
  const loop = loopParameters(parameters)
  const cycleThresholdJy = options.cycleThresholdJy ?? loop.thresholdJy
  const summaryMinor: SummaryMinor = { '0': {} }
  const { stopCode, iterations } =
    loop.niter === 0
      ? idle(cubes, summaryMinor)
      : await clean(start, parameters, { cycleThresholdJy, niter: loop.niter, gain: loop.gain }, summaryMinor, options)
  if (parameters.restoration) {
    await writeRestoration(
      products,
      parameters,
      {
        model: cubes.model,
        residual: cubes.residual,
        beams: psf.beams,
        primaryBeam: null,
        valid: cubes.valid,
      },
      options,
    )
  }
  return deconvolveDictionary(loop, {
    stopCode,
    iterations,
    largestPlaneIterations: 0,
    cycleThresholdJy,
    maxPsfSidelobe: largestSidelobe(psf.pixels, products.shape, products.cellRad, psf.beams),
    summaryMajor: [],
    summaryMinor,
  })
}

async function readProducts(parameters: DeconvolveParameters, store: ProductStore): Promise<Start> {
  const residual = await requireProduct(store, '.residual', null, REMEDY)
  const { shape, coordinates } = residual
  const psf = await requireProduct(store, '.psf', shape, REMEDY)
  const products = productsOf(store, shape, coordinates)
  const mask = await establishMask(store, parameters, products)
  const model = (await store.exists('.model'))
    ? (await requireProduct(store, '.model', shape, REMEDY)).pixels.slice()
    : new Float32Array(residual.pixels.length)
  const cubes = {
    shape,
    stokes: coordinates.stokes,
    residual: residual.pixels.slice(),
    psf: psf.pixels,
    model,
    mask,
    valid: residual.mask,
  }
  return { products, psf, residual, cubes }
}

interface Outcome {
  readonly stopCode: GlobalStopCode
  readonly iterations: number
}

function idle(cubes: CleanCubes, summary: SummaryMinor): Outcome {
  summariseIdle(cubes, summary)
  return { stopCode: GLOBAL_STOP.forced, iterations: 0 }
}

async function clean(
  { products, psf, cubes }: Start,
  parameters: DeconvolveParameters,
  limits: { readonly cycleThresholdJy: number; readonly niter: number; readonly gain: number },
  summary: SummaryMinor,
  options: DeconvolveOptions,
): Promise<Outcome> {
  const state = cubeState(cubes, parameters)
  if (state.maskSum === 0) return { stopCode: GLOBAL_STOP.zeroMask, iterations: 0 }
  if (overallPeakJy(state.planes) <= limits.cycleThresholdJy) return { stopCode: GLOBAL_STOP.threshold, iterations: 0 }
  const { iterations } = await cleanCubes(
    minorCycleMethod(parameters),
    cubes,
    {
      gain: limits.gain,
      maxIterations: limits.niter,
      cycleThresholdJy: limits.cycleThresholdJy,
      planes: state.planes,
      iterationsBefore: options.iterationsBefore ?? 0,
    },
    summary,
    options,
  )
  await writeModel(products, cubes.model)
  await writeResidual(products, cubes.residual, cubes.valid, psf.beams)
  return { stopCode: iterations >= limits.niter ? GLOBAL_STOP.iterationLimit : GLOBAL_STOP.running, iterations }
}
