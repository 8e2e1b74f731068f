import type { KernelPool } from '@cleanbeam/math'
import type { CallOptions, DataSelection, Observation } from '@cleanbeam/types'
import { createBatchedMajorCycle, type WiderTransforms } from './batched-major-cycle.ts'
import { cubeFrequencyAxis } from './cube-frequency-axis.ts'
import { imageCoordinates } from './image-coordinates.ts'
import type { ImageDefinition, MfsDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { fitsInstant, isInstantWorthwhile } from './instant-cost.ts'
import { type LoadedSamples, loadSamples } from './load-samples.ts'
import type { MajorCycle, MajorCycleOptions, SampleCensus } from './major-cycle.ts'
import { mfsFrequencyAxis } from './mfs-frequency-axis.ts'
import { mosaicPointings } from './mosaic-pointings.ts'
import { prepareMosaic } from './open-mosaic.ts'
import { openTransforms } from './open-transforms.ts'
import type { PlaneTransforms } from './plane-transforms.ts'
import { primaryBeamImage } from './primary-beam-image.ts'
import type { ReadingPlan } from './read-portions.ts'
import { HEAP_MEMORY } from './reference-transforms.ts'
import { residentBatches, type SampleBatches, streamedBatches } from './sample-batches.ts'
import type { SamplePortion } from './sample-portion.ts'
import { surveyData } from './selected-data.ts'
import { taylorPowers } from './taylor-powers.ts'
import type { TransformGeometry } from './transform-geometry.ts'
import { neglectedPhaseRad } from './w-term.ts'
import { createPortionWeigher } from './weigh-portions.ts'

const DEFAULT_MEMORY_BYTES = 2 ** 32
/** Shares of the memory for samples and for planes of constant w; grids, images and working space take the rest. */
const SAMPLE_SHARE = 0.5
const LEAST_PLANE_SHARE = 0.2
const USED_SHARE = 0.6
const MAX_PORTION_SAMPLES = 1 << 24
const MAX_CHUNK_BYTES = 64 * 2 ** 20
const DEFAULT_EPSILON = 1e-5
/** Phase error, radians, above which the log warns: it moves a source's peak by about half its square. */
const NOTABLE_PHASE_RAD = 0.05

/**
 * Reads the selected visibilities, forms Stokes samples, computes imaging weights and answers the major cycle.
 * @param observations - at least one
 * @param selections - one per observation, or one for all
 * @throws ImagingError when the definition cannot be imaged from these data (Stokes not in the data, size 0, all flagged)
 */
export async function openMajorCycle(
  observations: readonly Observation[],
  selections: readonly DataSelection[],
  options: MajorCycleOptions,
  call: CallOptions = {},
): Promise<MajorCycle> {
  call.signal?.throwIfAborted()
  const epsilon = options.epsilon ?? DEFAULT_EPSILON
  checkDefinition(observations, options, epsilon)
  const { image, pool, nTerm = 1 } = options
  const data = await surveyData(observations[0], selections[0] ?? {}, image)
  for (const remark of data.remarks) call.onLog?.(remark)
  const axis = image.spectral.mode === 'mfs' ? null : cubeFrequencyAxis(image.spectral, data.channels, data.restHz)
  const nChannel = axis?.frequencyHz.length ?? 1
  const memory = pool?.arena ?? HEAP_MEMORY
  const memoryBytes = options.memoryBytes ?? pool?.arena.maximumBytes ?? DEFAULT_MEMORY_BYTES
  const { weighting } = options
  const isSuperuniform = weighting.kind === 'uniform' && (weighting.npixels ?? 0) > 0
  // Superuniform cubes have one density for all channels in CASA whatever is asked for.
  const isCommon = (options.perChannelDensity === false || isSuperuniform) && axis !== null
  const pointings = options.mosaic === undefined ? null : mosaicPointings(observations, data.phaseCentre)
  const plan: ReadingPlan = {
    observations,
    selections,
    image,
    axis,
    phaseCentre: data.phaseCentre,
    frameEpochMjdSeconds: data.epochMjdSeconds,
    keepNative: isCommon,
    groupOf: pointings?.groupOf ?? null,
    samplesPerPortion: samplesPerPortion(memoryBytes, image.stokes.length),
    maxChunkBytes: Math.min(MAX_CHUNK_BYTES, memoryBytes / 16),
  }
  const fieldOf = options.mosaic?.perFieldDensity ? (group: number) => pointings?.groups[group].field ?? 0 : null
  const weigher = createPortionWeigher(image, options, axis?.frequencyHz ?? null, isCommon, fieldOf)
  const loaded = await loadSamples(plan, weigher, nChannel, memory, SAMPLE_SHARE * memoryBytes, call)
  const census = takeCensus(loaded, image)
  reportCensus(census, options, call)
  reportNotFinite(observations, call)
  const spectral =
    axis?.coordinate ?? mfsFrequencyAxis(image.spectral as MfsDefinition, loaded.tally.range, data.restHz)
  const coordinates = imageCoordinates(image, plan.phaseCentre, spectral, observations[0], data.field.name)
  const freeAll = (): void => loaded.portions?.forEach(loaded.free)
  try {
    if (census.nUsed === 0) refuseEmpty(loaded)
    const totalWeight = await taylorWeights(loaded, spectral.referenceHz, nTerm, call)
    const geometry: TransformGeometry = {
      nx: image.nx,
      ny: image.ny,
      cellRad: image.cellRad,
      epsilon,
      wTerm: options.wTerm ?? 'ignore',
      maxAbsWLambda: loaded.sums.maxAbsWLambda,
      maxAbsUvLambda: loaded.sums.maxAbsUvLambda,
      nSample: loaded.sums.nUsed / nChannel,
      planeBytes: Math.max(LEAST_PLANE_SHARE * memoryBytes, USED_SHARE * memoryBytes - loaded.bytes),
    }
    const mosaic =
      pointings === null
        ? null
        : await prepareMosaic(image, axis?.frequencyHz ?? null, spectral, pointings, loaded, call)
    const transforms =
      mosaic === null
        ? await openTransforms(pool, geometry)
        : await mosaic.open(wide => openTransforms(pool, wide), geometry)
    const batches = await openBatches(loaded, transforms, nChannel, call)
    const situation = {
      ...image,
      nStokes: image.stokes.length,
      nChannel,
      nTerm,
      nSample: census.nUsed,
      memoryBytes,
    }
    const isInstant =
      mosaic === null && !transforms.hasW && batches.isResident && !isInterpolated(loaded) && fitsInstant(situation)
    const wantsInstant = options.instant === 'always' || isInstantWorthwhile(situation)
    const majorCycle = createBatchedMajorCycle({
      image,
      coordinates,
      census,
      nChannel,
      nTerm,
      totalWeight,
      transforms,
      batches,
      instant:
        pool === undefined || !isInstant || !wantsInstant
          ? null
          : { pool, wider: each => openWider(pool, geometry, loaded, nChannel, each) },
      primaryBeam: () =>
        primaryBeamImage(coordinates, image, observations[0], data.fields, axis?.frequencyHz ?? [spectral.referenceHz]),
      release: freeAll,
    })
    return mosaic === null ? majorCycle : mosaic.normalise(majorCycle, options.mosaic?.normalisation ?? 'flatnoise')
  } catch (error) {
    freeAll()
    throw error
  }
}

async function openBatches(
  loaded: LoadedSamples,
  transforms: PlaneTransforms,
  nChannel: number,
  call: CallOptions,
): Promise<SampleBatches> {
  const run = { signal: call.signal }
  try {
    if (loaded.portions !== null) return await residentBatches(transforms, loaded.portions, nChannel, run)
    call.onLog?.('visibilities do not fit into the memory allowed: they are read again for every transform')
    return streamedBatches(transforms, each => loaded.read({ signal: each.signal }), loaded.free, nChannel)
  } catch (error) {
    transforms.dispose()
    throw error
  }
}

/** The same samples for an image of twice as many pixels a side. */
async function openWider(
  pool: KernelPool,
  geometry: TransformGeometry,
  loaded: LoadedSamples,
  nChannel: number,
  call: CallOptions,
): Promise<WiderTransforms> {
  const transforms = await openTransforms(pool, { ...geometry, nx: 2 * geometry.nx, ny: 2 * geometry.ny })
  return { transforms, batches: await openBatches(loaded, transforms, nChannel, call) }
}

function isInterpolated({ portions }: LoadedSamples): boolean {
  return portions?.some(({ coupling }) => coupling !== null) ?? true
}

/** Samples read together: enough for one transform to be worth while, few enough to be held twice. */
function samplesPerPortion(memoryBytes: number, nPlane: number): number {
  return Math.max(1024, Math.min(MAX_PORTION_SAMPLES, Math.floor(memoryBytes / (16 * (32 + 8 * nPlane)))))
}

function refuseEmpty({ sums, tally }: LoadedSamples): never {
  if (sums.nOffGrid > 0) {
    throw new ImagingError(
      `expected visibilities within the uv grid, got none: all ${sums.nOffGrid} lie outside it; make the cell size smaller`,
      { nOffGrid: sums.nOffGrid },
    )
  }
  throw new ImagingError(
    `expected visibilities to image, got none: of ${tally.nRead} selected, ${tally.nFlagged} are flagged and none of the ` +
      'others falls into the image; check the selection, the flags and the channels',
    { nRead: tally.nRead, nFlagged: tally.nFlagged },
  )
}

/** Σ weight·((ν − ν0)/ν0)^t per output channel, t = 0 … 2n − 2. */
async function taylorWeights(
  loaded: LoadedSamples,
  referenceHz: number,
  nTerm: number,
  call: CallOptions,
): Promise<Float64Array[]> {
  const sums = Array.from({ length: 2 * nTerm - 1 }, () => new Float64Array(loaded.sums.totalWeight.length))
  sums[0].set(loaded.sums.totalWeight)
  if (nTerm === 1) return sums
  const add = ({ blocks }: SamplePortion): void => {
    for (const { channel, block } of blocks) {
      for (let term = 1; term < sums.length; term++) {
        taylorPowers(block, referenceHz, term, (sample, power) => {
          sums[term][channel] += block.imagingWeight[sample] * power
        })
      }
    }
  }
  loaded.portions?.forEach(add)
  if (loaded.portions === null) {
    for await (const portion of loaded.read({ signal: call.signal })) {
      add(portion)
      loaded.free(portion)
    }
  }
  return sums
}

function checkDefinition(
  observations: readonly Observation[],
  { image, nTerm = 1 }: MajorCycleOptions,
  epsilon: number,
): void {
  if (observations.length === 0) throw new ImagingError('expected at least one observation, got none')
  for (const [name, n] of [
    ['nx', image.nx],
    ['ny', image.ny],
  ] as const) {
    if (!Number.isInteger(n) || n < 1) {
      throw new ImagingError(`expected an image size of at least 1 pixel, got ${n} (${name}): give imsize`, {
        [name]: n,
      })
    }
  }
  if (!image.cellRad.every(cell => cell > 0 && Number.isFinite(cell))) {
    throw new ImagingError(`expected positive pixel sizes, got ${image.cellRad.join(', ')} rad: give cell`, {
      cellRad: [...image.cellRad],
    })
  }
  if (image.projection !== 'SIN') {
    throw new ImagingError(`expected projection SIN, got ${image.projection}: visibilities transform to SIN images`, {
      projection: image.projection,
    })
  }
  if (image.stokes.length === 0) throw new ImagingError('expected at least one Stokes plane, got none')
  if (!(epsilon >= 1e-12 && epsilon <= 0.01)) {
    throw new ImagingError(`expected epsilon within 1e-12 … 0.01, got ${epsilon}`, { epsilon })
  }
  if (!(Number.isInteger(nTerm) && nTerm >= 1) || (nTerm > 1 && image.spectral.mode !== 'mfs')) {
    throw new ImagingError(`expected at least one Taylor term, more than one only with mfs, got ${nTerm}`, { nTerm })
  }
}

function takeCensus({ tally, sums }: LoadedSamples, image: ImageDefinition): SampleCensus {
  return {
    nRead: tally.nRead,
    nUsed: sums.nUsed,
    nFlagged: tally.nFlagged,
    nOffGrid: sums.nOffGrid,
    maxBaselineLambda: sums.maxBaselineLambda,
    maxNeglectedPhaseRad: neglectedPhaseRad(sums.maxAbsWLambda, image.nx, image.ny, image.cellRad),
  }
}

/** What is not a number is flagged as it is read; that there is some may mean that a calibration went wrong. */
function reportNotFinite(observations: readonly Observation[], call: CallOptions): void {
  const count = observations.reduce((sum, observation) => sum + observation.census().nNotFinite, 0)
  if (count > 0) call.onLog?.(`warning: ${count} values of the visibilities are not numbers (NaN or infinite): flagged`)
}

function reportCensus(census: SampleCensus, { weighting, wTerm }: MajorCycleOptions, call: CallOptions): void {
  const left = [
    census.nFlagged > 0 ? `${census.nFlagged} flagged` : '',
    census.nOffGrid > 0 ? `${census.nOffGrid} outside the uv grid` : '',
  ].filter(text => text !== '')
  const suffix = left.length > 0 ? ` (left out: ${left.join(', ')})` : ''
  call.onLog?.(`${weighting.kind} weighting, ${census.nUsed} of ${census.nRead} visibilities used${suffix}`)
  if (wTerm !== 'auto' && census.maxNeglectedPhaseRad > NOTABLE_PHASE_RAD) {
    call.onLog?.(
      `warning: w term neglected, up to ${census.maxNeglectedPhaseRad.toPrecision(2)} rad of phase at the image's ` +
        'corners; sources far from the centre are smeared',
    )
  }
}
