// The task tclean: PSF and residual, then minor and major cycles in turn, then restoration.

import type { MajorCycle } from '@cleanbeam/imaging'
import type { CallOptions, RestoringBeam, ReturnDictionary, SummaryMinor, TcleanParameters } from '@cleanbeam/types'
import { type CleanCubes, type CubeState, cleanCubes, cubeState, summariseIdle } from '../clean-cubes.ts'
import { loopParameters } from '../imaging-plan.ts'
import {
  cycleIterations,
  GLOBAL_STOP,
  type GlobalStopCode,
  globalStopCode,
  nextCycleThresholdJy,
  overallPeakJy,
} from '../iteration-control.ts'
import { minorCycleMethod } from '../minor-cycle-plan.ts'
import { fitBeams, largestSidelobe } from '../restore-cube.ts'
import { cleanDictionary, type DictionaryParameters, dirtyDictionary } from '../return-dictionaries.ts'
import { checkTcleanFiles } from './check-files.ts'
import { asksForMask, currentMask, establishMask, refuseSecondMask } from './clean-mask.ts'
import {
  type Products,
  productsOf,
  requireProduct,
  validPixels,
  writeModel,
  writePrimaryBeam,
  writePsf,
  writeResidual,
  writeSumWeight,
} from './products.ts'
import type { Workspace } from './workspace.ts'
import { writeRestoration } from './write-restoration.ts'

/** The images of a run while it is under way. */
interface Run {
  readonly parameters: TcleanParameters
  readonly loop: DictionaryParameters
  readonly majorCycle: MajorCycle
  readonly products: Products
  readonly psf: Float32Array
  readonly beams: readonly RestoringBeam[]
  readonly primaryBeam: Float32Array
  readonly valid: Uint8Array | null
}

/** Runs the task on complete parameters. */
export async function runTclean(
  parameters: TcleanParameters,
  workspace: Workspace,
  call: CallOptions,
): Promise<ReturnDictionary> {
  await checkTcleanFiles(parameters)
  await refuseSecondMask(workspace.store, parameters)
  const run = await prepare(parameters, workspace, call)
  const model = await startingModel(run)
  const residual = await firstResidual(run, model, call)
  return parameters.niter === 0 ? finishDirty(run, model, residual, call) : iterate(run, model, residual, call)
}

async function prepare(parameters: TcleanParameters, workspace: Workspace, call: CallOptions): Promise<Run> {
  const { store } = workspace
  const majorCycle = await workspace.majorCycles.open(parameters, call)
  const products = productsOf(store, majorCycle.shape, majorCycle.coordinates)
  await refuseOtherShapes(products)
  const primaryBeam = await providePrimaryBeam(parameters, majorCycle, products)
  const { psf, beams } = await providePsf(parameters, majorCycle, products, call)
  return {
    parameters,
    loop: loopParameters(parameters),
    majorCycle,
    products,
    psf,
    beams,
    primaryBeam,
    valid: validPixels(primaryBeam, parameters.pblimit),
  }
}

/** Products that would be gone on with have to fit; checked before any of the others is replaced. */
async function refuseOtherShapes({ store, shape }: Products): Promise<void> {
  for (const suffix of ['.model', '.mask']) {
    if (await store.exists(suffix)) await requireProduct(store, suffix, shape, 'remove it to start anew')
  }
}

async function providePrimaryBeam(
  parameters: TcleanParameters,
  majorCycle: MajorCycle,
  products: Products,
): Promise<Float32Array> {
  const primaryBeam = majorCycle.primaryBeam()
  if (parameters.calcpsf || !(await products.store.exists('.pb'))) {
    await writePrimaryBeam(products, primaryBeam, parameters.pblimit)
  }
  return primaryBeam
}

async function providePsf(
  parameters: TcleanParameters,
  majorCycle: MajorCycle,
  products: Products,
  call: CallOptions,
): Promise<{ psf: Float32Array; beams: readonly RestoringBeam[] }> {
  if (!parameters.calcpsf) {
    const cube = await requireProduct(products.store, '.psf', products.shape, 'run once with calcpsf=True')
    return { psf: cube.pixels, beams: cube.beams }
  }
  const psf = await majorCycle.makePsf(call)
  const beams = fitBeams(psf, products.shape, products.cellRad, parameters.psfcutoff)
  await writePsf(products, psf, beams)
  await writeSumWeight(products, majorCycle)
  return { psf, beams }
}

/** The model on disk, copied, or an empty one, which is written. */
async function startingModel({ products }: Run): Promise<Float32Array> {
  if (await products.store.exists('.model')) {
    const cube = await requireProduct(products.store, '.model', products.shape, 'remove it to start anew')
    return cube.pixels.slice()
  }
  const [nx, ny, nStokes, nChannel] = products.shape
  const model = new Float32Array(nx * ny * nStokes * nChannel)
  await writeModel(products, model.slice())
  return model
}

async function firstResidual(run: Run, model: Float32Array, call: CallOptions): Promise<Float32Array> {
  if (!run.parameters.calcres) {
    const remedy = 'run once with calcres=True'
    return (await requireProduct(run.products.store, '.residual', run.products.shape, remedy)).pixels
  }
  const residual = await computeResidual(run, model, call)
  await writeResidual(run.products, residual, run.valid, run.beams)
  return residual
}

function computeResidual(run: Run, model: Float32Array, call: CallOptions): Promise<Float32Array> {
  const empty = model.every(value => value === 0)
  return run.majorCycle.makeResidual(empty ? null : model, call)
}

function cubesOf(run: Run, residual: Float32Array, model: Float32Array, mask: Float32Array | null): CleanCubes {
  const { shape, coordinates } = run.products
  return { shape, stokes: coordinates.stokes, residual, psf: run.psf, model, mask, valid: run.valid }
}

async function finishDirty(
  run: Run,
  model: Float32Array,
  residual: Float32Array,
  call: CallOptions,
): Promise<ReturnDictionary> {
  const { parameters, products } = run
  if (asksForMask(parameters)) await establishMask(products.store, parameters, products)
  const mask = (await products.store.exists('.mask')) ? await currentMask(products.store, products) : null
  const summary: SummaryMinor = { '0': {} }
  summariseIdle(cubesOf(run, residual, model, mask), summary)
  await restoreIfAsked(run, model, residual, call)
  return dirtyDictionary(run.loop, summary)
}

/** What a run has counted so far. */
interface Counts {
  iterations: number
  largestPlaneIterations: number
  readonly peakHistoryJy: number[]
  readonly summaryMajor: number[]
  readonly summaryMinor: SummaryMinor
}

async function iterate(
  run: Run,
  model: Float32Array,
  firstResidualJy: Float32Array,
  call: CallOptions,
): Promise<ReturnDictionary> {
  const { parameters, products } = run
  await establishMask(products.store, parameters, products)
  const maxPsfSidelobe = largestSidelobe(run.psf, products.shape, products.cellRad, run.beams)
  const counts: Counts = {
    iterations: 0,
    largestPlaneIterations: 0,
    peakHistoryJy: [],
    summaryMajor: [0],
    summaryMinor: { '0': {} },
  }
  let residual = firstResidualJy
  for (;;) {
    const mask = await currentMask(products.store, products)
    const state = cubeState(cubesOf(run, residual, model, mask), parameters)
    counts.peakHistoryJy.push(overallPeakJy(state.planes))
    const stopCode = stopCodeOf(run, counts, state)
    if (stopCode !== GLOBAL_STOP.running) {
      await restoreIfAsked(run, model, residual, call)
      return dictionaryOf(run, counts, state, stopCode, maxPsfSidelobe)
    }
    // The minor cycle changes residual and model in place; the products on disk stay as they are until the major cycle.
    await minorCycles(run, cubesOf(run, residual.slice(), model, mask), counts, state, maxPsfSidelobe, call)
    residual = await majorCycleAfter(run, model, call)
    counts.summaryMajor.push(counts.iterations)
  }
}

function stopCodeOf({ loop, parameters }: Run, counts: Counts, state: CubeState): GlobalStopCode {
  const majorCyclesDone = counts.summaryMajor.length - 1
  return globalStopCode(loop, {
    planes: state.planes,
    maskSum: state.maskSum,
    iterationsLeft: loop.niter - counts.iterations,
    majorCyclesLeft: parameters.nmajor < 0 ? -1 : parameters.nmajor - majorCyclesDone,
    peakHistoryJy: counts.peakHistoryJy,
  })
}

async function minorCycles(
  { parameters, loop }: Run,
  cubes: CleanCubes,
  counts: Counts,
  state: CubeState,
  maxPsfSidelobe: number,
  call: CallOptions,
): Promise<void> {
  const peakResidualJy = overallPeakJy(state.planes)
  const cycleThresholdJy = nextCycleThresholdJy({
    ...parameters,
    peakResidualJy,
    maxPsfSidelobe,
    thresholdJy: loop.thresholdJy,
  })
  const control = {
    gain: loop.gain,
    maxIterations: cycleIterations(loop.cycleniter, loop.niter - counts.iterations),
    cycleThresholdJy,
    planes: state.planes,
    iterationsBefore: counts.iterations,
  }
  const outcome = await cleanCubes(minorCycleMethod(parameters), cubes, control, counts.summaryMinor, call)
  counts.iterations += outcome.iterations
  counts.largestPlaneIterations += outcome.largestPlaneIterations
  call.onLog?.(
    `minor cycle ${counts.summaryMajor.length}: peak ${peakResidualJy.toPrecision(4)} Jy, ` +
      `${outcome.iterations} components down to ${cycleThresholdJy.toPrecision(4)} Jy, ${counts.iterations} in all`,
  )
}

/** The cycle threshold reported is that of a cycle to come, from the last peak; without a mask from the peak anywhere. */
function dictionaryOf(
  { parameters, loop }: Run,
  counts: Counts,
  state: CubeState,
  stopCode: GlobalStopCode,
  maxPsfSidelobe: number,
): ReturnDictionary {
  const peakResidualJy = state.maskSum > 0 ? overallPeakJy(state.planes) : state.peakResidualNoMaskJy
  const cycleThresholdJy = nextCycleThresholdJy({ ...parameters, peakResidualJy, maxPsfSidelobe, thresholdJy: 0 })
  return cleanDictionary(loop, { ...counts, stopCode, cycleThresholdJy, maxPsfSidelobe })
}

/** The residual of the new model; both go to disk together, the model first, as the residual follows from it. */
async function majorCycleAfter(run: Run, model: Float32Array, call: CallOptions): Promise<Float32Array> {
  const residual = await computeResidual(run, model, call)
  await writeModel(run.products, model.slice())
  await writeResidual(run.products, residual, run.valid, run.beams)
  return residual
}

async function restoreIfAsked(run: Run, model: Float32Array, residual: Float32Array, call: CallOptions): Promise<void> {
  if (!run.parameters.restoration) return
  await writeRestoration(run.products, run.parameters, { ...run, model, residual }, call)
}
