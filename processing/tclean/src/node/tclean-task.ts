// The task tclean: PSFs and residuals, then minor and major cycles in turn, then restoration; over all fields together.

import type { MinorCycleCall } from '@cleanbeam/deconvolution'
import type { ReturnDictionary, SummaryMinor, TcleanOptions, TcleanParameters } from '@cleanbeam/types'
import { type CubeState, cleanCubes, cubeState, joinStates, summariseIdle } from '../clean-cubes.ts'
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
import { cleanDictionary, type DictionaryParameters, dirtyDictionary } from '../return-dictionaries.ts'
import { updateAutoMask } from './auto-mask.ts'
import { checkTcleanFiles } from './check-files.ts'
import { currentMask, establishMask, refuseSecondMask } from './clean-mask.ts'
import { fieldParameters } from './field-parameters.ts'
import type { FieldTransforms } from './field-transforms.ts'
import {
  cleanCubesOf,
  type FieldImages,
  type ImageField,
  openFieldProducts,
  prepareField,
  startingModel,
} from './image-field.ts'
import { joinTerms, requireTerms, writeModel, writeResidual } from './products.ts'
import { checkSaveModel, saveModel } from './save-model.ts'
import { refuseSecondModel } from './start-model.ts'
import type { Workspace } from './workspace.ts'
import { writeRestoration } from './write-restoration.ts'

/** How a tclean call runs. */
export type TcleanCall = TcleanOptions & MinorCycleCall

/** What stays the same while a run is under way. */
interface Run {
  readonly parameters: TcleanParameters
  readonly loop: DictionaryParameters
  readonly transforms: FieldTransforms
  readonly fields: readonly ImageField[]
  readonly maxPsfSidelobe: number
}

/** Runs the task on complete parameters. */
export async function runTclean(
  parameters: TcleanParameters,
  workspace: Workspace,
  call: TcleanCall,
): Promise<ReturnDictionary> {
  await checkTcleanFiles(parameters)
  const all = await fieldParameters(parameters)
  for (const [index, own] of all.entries()) {
    // What the outlier file says of masks and models holds until they exist: residual updates name the file again.
    if (index > 0 && own.niter === 0) continue
    await refuseSecondMask(workspace.storeOf(own.imagename), own)
    await refuseSecondModel(workspace.storeOf(own.imagename), own)
  }
  await checkSaveModel(parameters)
  const run = await prepare(parameters, all, workspace, call)
  const images = await firstImages(run, call)
  return parameters.niter === 0 ? finishDirty(run, images, call) : iterate(run, images, call)
}

async function prepare(
  parameters: TcleanParameters,
  all: readonly TcleanParameters[],
  workspace: Workspace,
  call: TcleanCall,
): Promise<Run> {
  const transforms = await workspace.majorCycles.open(all, call)
  const products = []
  for (const [index, own] of all.entries()) {
    products.push(await openFieldProducts(workspace.storeOf(own.imagename), own, transforms.fields[index]))
  }
  const fields: ImageField[] = []
  for (const [index, own] of all.entries()) {
    fields.push(await prepareField(index, own, products[index], transforms.fields[index], call))
  }
  const maxPsfSidelobe = Math.max(...fields.map(field => field.maxPsfSidelobe))
  return { parameters, loop: loopParameters(parameters), transforms, fields, maxPsfSidelobe }
}

async function firstImages(run: Run, call: TcleanCall): Promise<FieldImages[]> {
  const models: Float32Array[] = []
  for (const field of run.fields) models.push(await startingModel(field))
  const residuals = await firstResiduals(run, models, call)
  return models.map((model, index) => ({ model, residual: residuals[index] }))
}

async function firstResiduals(
  run: Run,
  models: readonly Float32Array[],
  call: TcleanCall,
): Promise<readonly Float32Array[]> {
  if (run.parameters.calcres) {
    const instant = call.residual === 'cheapest' ? await instantResiduals(run, models, call) : null
    const residuals = instant ?? (await computeResiduals(run, models, call))
    call.onResidual?.(instant === null)
    await writeResiduals(run, residuals)
    return residuals
  }
  const residuals: Float32Array[] = []
  for (const { products } of run.fields) {
    residuals.push(joinTerms(await requireTerms(products, '.residual', 'run once with calcres=True')))
  }
  return residuals
}

async function instantResiduals(
  run: Run,
  models: readonly Float32Array[],
  call: TcleanCall,
): Promise<readonly Float32Array[] | null> {
  const instant = await run.transforms.makeInstantResiduals(models, call)
  call.onLog?.(`major cycle: residual from ${instant === null ? 'the visibilities' : 'dirty image and PSF (instant)'}`)
  return instant
}

function computeResiduals(
  run: Run,
  models: readonly Float32Array[],
  call: TcleanCall,
): Promise<readonly Float32Array[]> {
  const filled = models.map(model => (model.every(value => value === 0) ? null : model))
  return run.transforms.makeResiduals(filled, call)
}

async function writeResiduals(run: Run, residuals: readonly Float32Array[]): Promise<void> {
  for (const { index, products, valid, beams } of run.fields) {
    await writeResidual(products, residuals[index], valid, beams)
  }
}

/** As in CASA a call that cleans nothing makes no mask; one that is there already counts. */
async function finishDirty(run: Run, images: readonly FieldImages[], call: TcleanCall): Promise<ReturnDictionary> {
  const summary: SummaryMinor = {}
  for (const field of run.fields) {
    const { store } = field.products
    const mask = (await store.exists('.mask')) ? await currentMask(field.products) : null
    summary[field.index] = {}
    summariseIdle(cleanCubesOf(field, images[field.index], mask), summary)
  }
  await saveModel(run.parameters, run.fields, images, call)
  await restoreIfAsked(run, images, call)
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

/** Masks of all fields as they are on disk, and what the images hold inside them. */
interface Survey {
  readonly masks: readonly Float32Array[]
  readonly states: readonly CubeState[]
  readonly all: CubeState
}

async function iterate(run: Run, images: readonly FieldImages[], call: TcleanCall): Promise<ReturnDictionary> {
  for (const field of run.fields) await establishMask(field.products, field.parameters)
  await updateMasks(run, images, false, call)
  const counts: Counts = {
    iterations: 0,
    largestPlaneIterations: 0,
    peakHistoryJy: [],
    summaryMajor: [0],
    summaryMinor: { '0': {} },
  }
  let isExact = true
  let atThreshold = false
  for (;;) {
    let survey = await surveyFields(run, images)
    counts.peakHistoryJy.push(overallPeakJy(survey.all.planes))
    let stopCode = stopCodeOf(run, counts, survey.all)
    if (stopCode !== GLOBAL_STOP.running && !isExact) {
      // What ends a run is said of the visibilities themselves.
      isExact = await majorCycleAfter(run, images, 'exact', call)
      survey = await surveyFields(run, images)
      counts.peakHistoryJy[counts.peakHistoryJy.length - 1] = overallPeakJy(survey.all.planes)
      stopCode = stopCodeOf(run, counts, survey.all)
    }
    if (stopCode !== GLOBAL_STOP.running) {
      await saveModel(run.parameters, run.fields, images, call)
      await restoreIfAsked(run, images, call)
      return dictionaryOf(run, counts, survey.all, stopCode)
    }
    if (run.fields.some(({ parameters }) => parameters.usemask === 'auto-multithresh')) {
      // A run that ends leaves the mask of its last minor cycle, as in CASA.
      await updateMasks(run, images, atThreshold, call)
      survey = await surveyFields(run, images)
    }
    atThreshold = await minorCycles(run, images, survey, counts, call)
    isExact = await majorCycleAfter(run, images, 'cheapest', call)
    counts.summaryMajor.push(counts.iterations)
  }
}

/** Masks that are made for every residual; others stay as they are. */
async function updateMasks(
  run: Run,
  images: readonly FieldImages[],
  atThreshold: boolean,
  call: TcleanCall,
): Promise<void> {
  for (const field of run.fields) {
    await updateAutoMask(
      { ...field, residual: images[field.index].residual, maxPsfSidelobe: run.maxPsfSidelobe, atThreshold },
      call,
    )
  }
}

async function surveyFields({ fields, parameters }: Run, images: readonly FieldImages[]): Promise<Survey> {
  const masks: Float32Array[] = []
  for (const { products } of fields) masks.push(await currentMask(products))
  const states = fields.map(field =>
    cubeState(cleanCubesOf(field, images[field.index], masks[field.index]), parameters),
  )
  return { masks, states, all: joinStates(states) }
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

/**
 * One minor cycle on every field. Models change in place; residuals are copies, and products on disk stay as they are
 * until the major cycle.
 * @returns whether the cycle threshold was the clean threshold
 */
async function minorCycles(
  { parameters, loop, fields, maxPsfSidelobe }: Run,
  images: readonly FieldImages[],
  survey: Survey,
  counts: Counts,
  call: TcleanCall,
): Promise<boolean> {
  const peakResidualJy = overallPeakJy(survey.all.planes)
  const thresholds = { ...parameters, peakResidualJy, maxPsfSidelobe, thresholdJy: loop.thresholdJy }
  const cycleThresholdJy = nextCycleThresholdJy(thresholds)
  const maxIterations = cycleIterations(loop.cycleniter, loop.niter - counts.iterations)
  const before = counts.iterations
  let largestPlane = 0
  for (const field of fields) {
    const { index } = field
    const working = { model: images[index].model, residual: images[index].residual.slice() }
    const outcome = await cleanCubes(
      minorCycleMethod(field.parameters),
      cleanCubesOf(field, working, survey.masks[index]),
      {
        gain: loop.gain,
        maxIterations,
        cycleThresholdJy,
        planes: survey.states[index].planes,
        iterationsBefore: counts.iterations,
      },
      counts.summaryMinor,
      call,
    )
    counts.iterations += outcome.iterations
    largestPlane = Math.max(largestPlane, outcome.largestPlaneIterations)
  }
  counts.largestPlaneIterations += largestPlane
  call.onLog?.(
    `minor cycle ${counts.summaryMajor.length}: peak ${peakResidualJy.toPrecision(4)} Jy, ` +
      `${counts.iterations - before} components down to ${cycleThresholdJy.toPrecision(4)} Jy, ${counts.iterations} in all`,
  )
  return cycleThresholdJy <= Math.fround(loop.thresholdJy)
}

/** The cycle threshold reported is that of a cycle to come, from the last peak; without a mask from the peak anywhere. */
function dictionaryOf(run: Run, counts: Counts, state: CubeState, stopCode: GlobalStopCode): ReturnDictionary {
  const { parameters, loop, maxPsfSidelobe } = run
  const peakResidualJy = state.maskSum > 0 ? overallPeakJy(state.planes) : state.peakResidualNoMaskJy
  const cycleThresholdJy = nextCycleThresholdJy({ ...parameters, peakResidualJy, maxPsfSidelobe, thresholdJy: 0 })
  return cleanDictionary(loop, { ...counts, stopCode, cycleThresholdJy, maxPsfSidelobe })
}

/**
 * The residuals of the new models; both go to disk together, the models first, as the residuals follow from them.
 * @param way - 'cheapest': from dirty images and PSFs where that is as good and quicker
 * @returns whether the residuals come from the visibilities
 */
async function majorCycleAfter(
  run: Run,
  images: readonly FieldImages[],
  way: 'exact' | 'cheapest',
  call: TcleanCall,
): Promise<boolean> {
  const models = images.map(({ model }) => model)
  const instant = way === 'exact' ? null : await instantResiduals(run, models, call)
  const residuals = instant ?? (await computeResiduals(run, models, call))
  for (const { index, products } of run.fields) await writeModel(products, models[index].slice())
  await writeResiduals(run, residuals)
  for (const [index, residual] of residuals.entries()) images[index].residual = residual
  return instant === null
}

async function restoreIfAsked(run: Run, images: readonly FieldImages[], call: TcleanCall): Promise<void> {
  if (!run.parameters.restoration) return
  for (const field of run.fields) {
    await writeRestoration(field.products, field.parameters, { ...field, ...images[field.index] }, call)
  }
}
