// The task deconvolve: one minor cycle on the products on disk, without visibilities.

import type { MinorCycleCall } from '@cleanbeam/deconvolution'
import type { ProductStore } from '@cleanbeam/image/node'
import type {
  DeconvolveOptions,
  DeconvolveParameters,
  RestoringBeam,
  ReturnDictionary,
  SummaryMinor,
} from '@cleanbeam/types'
import { listOf } from '../check-combination.ts'
import { type CleanCubes, cleanCubes, cubeState, summariseIdle } from '../clean-cubes.ts'
import { loopParameters } from '../imaging-plan.ts'
import { GLOBAL_STOP, type GlobalStopCode, overallPeakJy } from '../iteration-control.ts'
import { minorCycleMethod } from '../minor-cycle-plan.ts'
import { largestSidelobe } from '../restore-cube.ts'
import { deconvolveDictionary } from '../return-dictionaries.ts'
import { taylorTerms, termSuffix } from '../taylor-terms.ts'
import { updateAutoMask } from './auto-mask.ts'
import { maskFiles, requireFiles, requireWritable } from './check-files.ts'
import { currentMask, establishMask, refuseSecondMask } from './clean-mask.ts'
import { historyLines } from './history.ts'
import {
  hasProduct,
  joinTerms,
  type Products,
  productsOf,
  requireProduct,
  requireTerms,
  writeModel,
  writeResidual,
} from './products.ts'
import { readStartModel, refuseSecondModel } from './start-model.ts'
import { writeRestoration } from './write-restoration.ts'

/** How a deconvolve call runs. */
export type DeconvolveCall = DeconvolveOptions & MinorCycleCall

const REMEDY = 'make it with tclean first'

/** The products a deconvolve call starts from; arrays of `cubes` are copies that may be changed. */
interface Start {
  readonly products: Products
  readonly beams: readonly RestoringBeam[]
  readonly maxPsfSidelobe: number
  readonly cubes: CleanCubes
}

/** Runs the task on complete parameters. The cycle threshold is the threshold given, as in CASA. */
export async function runDeconvolve(
  parameters: DeconvolveParameters,
  store: ProductStore,
  options: DeconvolveCall,
): Promise<ReturnDictionary> {
  await requireFiles('mask', maskFiles(parameters.mask))
  await requireWritable(parameters.imagename)
  await requireFiles('startmodel', listOf(parameters.startmodel))
  await refuseSecondMask(store, parameters)
  await refuseSecondModel(store, parameters)
  const start = await readProducts(parameters, store, options)
  const { products, beams, maxPsfSidelobe, cubes } = start
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
        psf: cubes.psf,
        beams,
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
    maxPsfSidelobe,
    summaryMajor: [],
    summaryMinor,
  })
}

async function readProducts(
  parameters: DeconvolveParameters,
  store: ProductStore,
  options: DeconvolveCall,
): Promise<Start> {
  const terms = taylorTerms(parameters)
  const { shape, coordinates } = await requireProduct(store, termSuffix(terms, '.residual', 0), null, REMEDY)
  const products = productsOf(store, shape, coordinates, terms, historyLines('deconvolve', parameters))
  const residual = await requireTerms(products, '.residual', REMEDY)
  const psf = await requireTerms(products, '.psf', REMEDY)
  const beams = psf.first.beams
  const maxPsfSidelobe = largestSidelobe(psf.cubes[0], shape, products.cellRad, beams)
  await establishMask(products, parameters)
  await updateAutoMask(
    {
      parameters,
      products,
      residual: residual.cubes[0],
      valid: residual.first.mask,
      primaryBeam: (await store.readIfPresent(termSuffix(terms, '.pb', 0)))?.pixels ?? null,
      beams,
      maxPsfSidelobe,
      atThreshold: options.atThreshold ?? false,
    },
    options,
  )
  const model = (await hasProduct(products, '.model'))
    ? joinTerms(await requireTerms(products, '.model', REMEDY))
    : await readStartModel(products, listOf(parameters.startmodel))
  const cubes = {
    field: 0,
    shape,
    stokes: coordinates.stokes,
    residual: joinTerms(residual),
    psf: psf.cubes,
    model,
    mask: await currentMask(products),
    valid: residual.first.mask,
  }
  return { products, beams, maxPsfSidelobe, cubes }
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
  { products, beams, cubes }: Start,
  parameters: DeconvolveParameters,
  limits: { readonly cycleThresholdJy: number; readonly niter: number; readonly gain: number },
  summary: SummaryMinor,
  options: DeconvolveCall,
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
  await writeResidual(products, cubes.residual, cubes.valid, beams)
  return { stopCode: iterations >= limits.niter ? GLOBAL_STOP.iterationLimit : GLOBAL_STOP.running, iterations }
}
