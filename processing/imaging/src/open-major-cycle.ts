import type { CallOptions, DataSelection, Observation, SpectralCoordinate } from '@cleanbeam/types'
import { imageCoordinates } from './image-coordinates.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { createInMemoryMajorCycle } from './in-memory-major-cycle.ts'
import type { MajorCycle, MajorCycleOptions, SampleCensus } from './major-cycle.ts'
import { mfsFrequencyAxis } from './mfs-frequency-axis.ts'
import { leaveOutOffGrid } from './off-grid.ts'
import { type PreparedSamples, prepareSamples } from './prepare-samples.ts'
import { primaryBeamImage } from './primary-beam-image.ts'
import { neglectedPhaseRad } from './w-term.ts'
import { weightSamples } from './weight-samples.ts'

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
  const { image, weighting } = options
  const epsilon = options.epsilon ?? DEFAULT_EPSILON
  checkDefinition(observations, image, epsilon)
  const isCommon = options.perChannelDensity === false
  const prepared = await prepareSamples(observations, selections, image, isCommon, call)
  weightSamples(prepared, image, options)
  let nOffGrid = 0
  for (const { samples } of prepared.channels) {
    nOffGrid += leaveOutOffGrid(samples, image.nx, image.ny, image.cellRad)
  }
  const census = takeCensus(prepared, image, nOffGrid)
  reportCensus(census, weighting.kind, call)
  if (census.nUsed === 0) {
    throw new ImagingError(
      `expected visibilities within the uv grid, got none: all ${nOffGrid} lie outside it; make the cell size smaller`,
      { nOffGrid },
    )
  }
  const spectral = spectralCoordinate(image, prepared)
  const coordinates = imageCoordinates(image, prepared.phaseCentre, spectral, observations[0], prepared.firstField.name)
  return createInMemoryMajorCycle({
    image,
    channels: prepared.channels.map(({ samples }) => samples),
    coordinates,
    census,
    epsilon,
    primaryBeam: () =>
      primaryBeamImage(
        coordinates,
        image,
        observations[0],
        prepared.firstField,
        prepared.axis?.frequencyHz ?? [spectral.referenceHz],
      ),
  })
}

function checkDefinition(observations: readonly Observation[], image: ImageDefinition, epsilon: number): void {
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
  if (!(epsilon >= 1e-12 && epsilon < 1)) {
    throw new ImagingError(`expected epsilon within 1e-12 … 1, got ${epsilon}`, { epsilon })
  }
}

function spectralCoordinate(image: ImageDefinition, prepared: PreparedSamples): SpectralCoordinate {
  if (prepared.axis !== null || image.spectral.mode !== 'mfs') {
    if (prepared.axis === null) throw new ImagingError('expected the axis of a cube, got none')
    return prepared.axis.coordinate
  }
  return mfsFrequencyAxis(image.spectral, prepared.range, prepared.restHz)
}

function takeCensus(prepared: PreparedSamples, image: ImageDefinition, nOffGrid: number): SampleCensus {
  let maxSquare = 0
  let maxW = 0
  let nUsed = -nOffGrid
  for (const { samples, densityOnly } of prepared.channels) {
    nUsed += samples.nSample - densityOnly.length
    for (let s = 0; s < samples.nSample; s++) {
      const square = samples.uLambda[s] ** 2 + samples.vLambda[s] ** 2
      if (square > maxSquare) maxSquare = square
      const w = Math.abs(samples.wLambda[s])
      if (w > maxW) maxW = w
    }
  }
  return {
    nRead: prepared.nRead,
    nUsed,
    nFlagged: prepared.nFlagged,
    nOffGrid,
    maxBaselineLambda: Math.sqrt(maxSquare),
    maxNeglectedPhaseRad: neglectedPhaseRad(maxW, image.nx, image.ny, image.cellRad),
  }
}

function reportCensus(census: SampleCensus, weighting: string, call: CallOptions): void {
  const left = [
    census.nFlagged > 0 ? `${census.nFlagged} flagged` : '',
    census.nOffGrid > 0 ? `${census.nOffGrid} outside the uv grid` : '',
  ].filter(text => text !== '')
  const suffix = left.length > 0 ? ` (left out: ${left.join(', ')})` : ''
  call.onLog?.(`${weighting} weighting, ${census.nUsed} of ${census.nRead} visibilities used${suffix}`)
  if (census.maxNeglectedPhaseRad > NOTABLE_PHASE_RAD) {
    call.onLog?.(
      `warning: w term neglected, up to ${census.maxNeglectedPhaseRad.toPrecision(2)} rad of phase at the image's ` +
        'corners; sources far from the centre are smeared',
    )
  }
}
