import type { ImageCoordinates, RestoringBeam } from './coordinates.ts'
import type { ImageShape } from './image-cube.ts'
import type { JsonObject } from './json.ts'
import type { ReturnDictionary } from './return-dictionary.ts'
import type { DeconvolveInput, TcleanInput, TcleanParameters } from './tclean-parameters.ts'

/** Progress of a long call; `done`/`total` are in whatever unit `what` names. */
export interface Progress {
  readonly what: string
  readonly done: number
  readonly total: number
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Lines for the log a user reads ("uniform weighting, 6300 visibilities used, 1416 zero weights"). */
  readonly onLog?: (line: string) => void
}

/**
 * What stands behind gclean: our own engine, CASA's tasks in a Jupyter kernel, or a third party's.
 * Every call reads its state from the products on disk, so that edited masks and models take effect.
 */
export interface ImagingEngine {
  readonly name: string
  readonly version: string
  tclean(parameters: TcleanInput, options?: TcleanOptions): Promise<ReturnDictionary>
  deconvolve(parameters: DeconvolveInput, options?: DeconvolveOptions): Promise<ReturnDictionary>
  image(path: string): Promise<ImageTool>
  /**
   * Complete parameters of every field of a call: the main image, then those of its outlier file. Absent where an engine
   * cleans one field only.
   */
  fields?(parameters: TcleanInput): Promise<readonly TcleanParameters[]>
  /** Files that exist for an image name, by product suffix ('.psf', '.residual', …), with their paths. */
  products(imagename: string): Promise<Record<string, string>>
  /** Frees what is cached for the image name: visibilities, grids, images. Files stay. */
  release(imagename: string): Promise<void>
}

export interface TcleanOptions extends CallOptions {
  /**
   * Where the residual of a call with niter=0 may come from: the visibilities ('exact', the default), or dirty image and
   * PSF where that is as good and quicker ('cheapest'). A run with niter > 0 decides by itself.
   */
  readonly residual?: 'exact' | 'cheapest'
  /** Told where the residual of a call with niter=0 came from. */
  readonly onResidual?: (isExact: boolean) => void
}

export interface DeconvolveOptions extends CallOptions {
  /** Overrides the cycle threshold computed from the PSF side lobe, Jy. */
  readonly cycleThresholdJy?: number
  /** Whether the last minor cycle went down to the clean threshold: automatic masks that hardly change may settle. */
  readonly atThreshold?: boolean
  /** Minor-cycle sets done before this call, for startIterDone and summaries. */
  readonly iterationsBefore?: number
}

/** A box of pixels: blc and trc inclusive, all four axes, −1 meaning "to the end". */
export interface PixelBox {
  readonly blc: readonly number[]
  readonly trc: readonly number[]
  readonly inc?: readonly number[]
}

/** Pixels in CASA's order (first axis fastest), float64 as CASA's getchunk answers. */
export interface PixelChunk {
  readonly shape: readonly number[]
  readonly pixels: Float64Array
}

export interface MaskChunk {
  readonly shape: readonly number[]
  /** 1 = good. */
  readonly mask: Uint8Array
}

/** CASA's statistics record: lists over the axes that were not collapsed. */
export interface StatisticsRecord {
  blc: number[]
  blcf: string
  trc: number[]
  trcf: string
  npts: number[]
  sum: number[]
  sumsq: number[]
  mean: number[]
  sigma: number[]
  rms: number[]
  min: number[]
  max: number[]
  minpos: number[]
  minposf: string
  maxpos: number[]
  maxposf: string
  /** Present for images in Jy/beam with a beam, Jy. */
  flux?: number[]
  median?: number[]
  medabsdevmed?: number[]
  q1?: number[]
  q3?: number[]
  quartile?: number[]
}

export interface StatisticsOptions {
  readonly axes?: readonly number[]
  /** CRTF text, a region file, or '' for the whole image. */
  readonly region?: string
  /** LEL-free: '' or the path of a mask image whose non-zero pixels count. */
  readonly mask?: string
  readonly robust?: boolean
}

export interface ImageSummary {
  readonly name: string
  readonly shape: ImageShape
  readonly unit: string
  readonly coordinates: ImageCoordinates
  readonly beams: readonly RestoringBeam[]
  readonly masks: readonly string[]
  readonly defaultMask: string
  readonly object: string
}

/** Image functions of the process API (the seed's list), every argument and answer serialisable. Names are CASA's. */
export interface ImageTool {
  shape(): Promise<number[]>
  maskhandler(op: 'get' | 'default' | 'set' | 'delete' | 'rename' | 'copy', names?: string[]): Promise<string[]>
  coordsys(): Promise<ImageCoordinates>
  toworld(pixel: readonly number[]): Promise<{ numeric: number[]; string: string[] }>
  topixel(world: readonly (number | string)[]): Promise<number[]>
  getregion(region?: string, options?: { getmask?: boolean; mask?: string }): Promise<PixelChunk | MaskChunk>
  fitsheader(): Promise<JsonObject>
  getchunk(box?: Partial<PixelBox>, options?: { getmask?: boolean; dropdeg?: boolean }): Promise<PixelChunk | MaskChunk>
  /** A bare list fills whole axes from `blc` on; a smaller box is given as a chunk with its shape. */
  putchunk(pixels: ArrayLike<number> | PixelChunk, blc?: readonly number[], inc?: readonly number[]): Promise<void>
  statistics(options?: StatisticsOptions): Promise<StatisticsRecord>
  summary(): Promise<ImageSummary>
  restoringbeam(channel?: number, polarisation?: number): Promise<RestoringBeam | RestoringBeam[] | null>
  exportfits(path: string, options?: { overwrite?: boolean; velocity?: boolean }): Promise<void>
}
