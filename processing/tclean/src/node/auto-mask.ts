// usemask='auto-multithresh': the mask of every plane made anew for every residual.

import { type AutoMaskParameters, type AutoMaskState, autoMask } from '@cleanbeam/deconvolution'
import { createImage } from '@cleanbeam/image'
import type { CallOptions, ImageCube, JsonObject, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { decodeRuns, encodeRuns, floatDigest } from '../mask-memory.ts'
import type { Products } from './products.ts'

type AutoMaskTaskParameters = Pick<
  TcleanParameters,
  | 'usemask'
  | 'pbmask'
  | 'sidelobethreshold'
  | 'noisethreshold'
  | 'lownoisethreshold'
  | 'negativethreshold'
  | 'smoothfactor'
  | 'minbeamfrac'
  | 'cutthreshold'
  | 'growiterations'
  | 'dogrowprune'
  | 'minpercentchange'
  | 'fastnoise'
>

/** What a mask is made of besides what is on disk. */
export interface AutoMaskSource {
  readonly parameters: AutoMaskTaskParameters
  readonly products: Products
  /** The first term counts. */
  readonly residual: Float32Array
  readonly valid: Uint8Array | null
  readonly primaryBeam: Float32Array | null
  readonly beams: readonly RestoringBeam[]
  readonly maxPsfSidelobe: number
  /** Whether the last minor cycle went down to the clean threshold. */
  readonly atThreshold: boolean
}

/**
 * Keywords of the mask product that say what the next mask starts from: digest of the residual it was made for, planes
 * that have settled, and runs of pixels masked for absorption. So the memory lasts as long as the mask, and an edited
 * mask keeps it.
 */
const KEYWORDS = { digest: 'AMRESID', settled: 'AMSETTLE', negative: 'AMNEGAT' } as const

/** Makes the mask for this residual and writes it; one that was made for it already is left as it is, edits and all. */
export async function updateAutoMask(source: AutoMaskSource, call: CallOptions): Promise<void> {
  if (source.parameters.usemask !== 'auto-multithresh') return
  const { store, shape, coordinates, history, cellRad } = source.products
  const [nx, ny, nStokes, nChannel] = shape
  const nPixel = nx * ny
  const before = await store.readIfPresent('.mask')
  const residual = source.residual.subarray(0, nPixel * nStokes * nChannel)
  const digest = floatDigest(residual)
  if (before?.miscInfo[KEYWORDS.digest] === digest) return
  const parameters = autoMaskParameters(source.parameters)
  const inBeam = statisticsRegion(source)
  const pixels = new Float32Array(residual.length)
  const states: AutoMaskState[] = []
  for (let plane = 0; plane < nStokes * nChannel; plane++) {
    const [start, end] = [plane * nPixel, (plane + 1) * nPixel]
    const made = await autoMask(
      {
        nx,
        ny,
        cellRad,
        residual: residual.subarray(start, end),
        valid: source.valid?.subarray(start, end) ?? null,
        mask: before?.pixels.subarray(start, end) ?? null,
        beam: source.beams[Math.min(plane, source.beams.length - 1)] ?? pixelBeam(cellRad),
        maxPsfSidelobe: source.maxPsfSidelobe,
        statisticsRegion: inBeam?.subarray(start, end) ?? null,
        atThreshold: source.atThreshold,
      },
      before === null ? null : rememberedState(before, plane, nPixel),
      parameters,
      call,
    )
    pixels.set(made.mask, start)
    states.push(made.state)
  }
  await store.write('.mask', createImage(shape, coordinates, { pixels, history, miscInfo: memoryOf(digest, states) }))
}

function autoMaskParameters(parameters: AutoMaskTaskParameters): AutoMaskParameters {
  return {
    sidelobeThreshold: parameters.sidelobethreshold,
    noiseThreshold: parameters.noisethreshold,
    lowNoiseThreshold: parameters.lownoisethreshold,
    negativeThreshold: parameters.negativethreshold,
    smoothFactor: parameters.smoothfactor,
    minBeamFraction: parameters.minbeamfrac,
    cutThreshold: parameters.cutthreshold,
    growIterations: parameters.growiterations,
    doGrowPrune: parameters.dogrowprune,
    minPercentChange: parameters.minpercentchange,
    fastNoise: parameters.fastnoise,
  }
}

function statisticsRegion({ primaryBeam, parameters: { pbmask } }: AutoMaskSource): Uint8Array | null {
  if (primaryBeam === null || pbmask <= 0) return null
  return Uint8Array.from(primaryBeam, value => (value > pbmask ? 1 : 0))
}

/** Planes without data have no beam; nothing of theirs is masked. */
function pixelBeam([majorRad, minorRad]: readonly [number, number]): RestoringBeam {
  return { majorRad, minorRad, positionAngleRad: 0 }
}

function memoryOf(digest: string, states: readonly AutoMaskState[]): JsonObject {
  const negative = states.map(state => encodeRuns(state.negative))
  return {
    [KEYWORDS.digest]: digest,
    [KEYWORDS.settled]: states.map(state => (state.settled ? '1' : '0')).join(''),
    ...(negative.some(runs => runs !== '') ? { [KEYWORDS.negative]: negative.join('/') } : {}),
  }
}

/** null for a mask that was not made here: it is the first of the run. */
function rememberedState({ miscInfo }: ImageCube, plane: number, nPixel: number): AutoMaskState | null {
  const settled = miscInfo[KEYWORDS.settled]
  if (typeof settled !== 'string') return null
  const negative = miscInfo[KEYWORDS.negative]
  const runs = typeof negative === 'string' ? (negative.split('/')[plane] ?? '') : ''
  return { settled: settled[plane] === '1', negative: decodeRuns(runs, nPixel) }
}
