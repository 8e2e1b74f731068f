import type { ConnectionState, ErrorBody, SessionSnapshot } from '@cleanbeam/protocol'
import type { StatisticsRecord } from '@cleanbeam/types'
import type { PlaneTile, Point, RegionShape, ViewCentre } from '@cleanbeam/viewer/drawing'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { DisplaySettings } from './display-settings.ts'

/** A plane of a product as the page holds it. */
export interface LoadedPlane {
  readonly generation: number
  readonly tile: PlaneTile
  /** Finite values in ascending order, for clips and histograms. */
  readonly sorted: Float32Array
}

/** The clean mask of the plane on screen. */
export interface LoadedMask {
  readonly key: string
  readonly generation: number
  readonly nx: number
  readonly ny: number
  /** [ny, nx], 1 = may be cleaned. */
  readonly pixels: Uint8Array
  readonly nPixel: number
  /** Closed lines in image pixels. */
  readonly outlines: readonly Float32Array[]
}

/** Statistics of the plane on screen, over all of it, inside and outside the clean mask. */
export interface PlaneStatistics {
  readonly key: string
  readonly plane: StatisticsRecord
  /** Null while the mask is empty. */
  readonly mask: StatisticsRecord | null
  readonly unmasked: StatisticsRecord | null
}

/** Value ranges of a whole cube, one Stokes. */
export interface CubeRange {
  readonly key: string
  /** Percentiles of all channels at even steps, ascending: a sorted sample. */
  readonly sorted: Float32Array
}

/** One spectrum per product at a place. */
export interface LoadedSpectra {
  readonly key: string
  readonly title: string
  readonly spectra: readonly { readonly suffix: string; readonly unit: string; readonly values: Float64Array }[]
}

/** A region drawn and not yet applied. */
export interface PendingRegion {
  readonly region: RegionShape
  readonly mode: 'add' | 'erase'
}

/** A mask shown before it is applied. */
export interface MaskPreview {
  readonly size: readonly [nx: number, ny: number]
  /** Run lengths, as the session takes them back. */
  readonly runs: Uint32Array
  readonly outlines: readonly Float32Array[]
  readonly nPixel: number
}

/** What runs by itself. */
export interface Movie {
  readonly over: 'channels' | 'cycles'
}

/** A message to the user that stays until it is dismissed or the next action. */
export interface Notice {
  readonly kind: 'error' | 'info'
  readonly text: string
}

/** Everything the page is drawn from: plain data. What belongs to the session comes from the server and is only mirrored. */
export interface AppState {
  readonly connection: ConnectionState
  /** Null until the first snapshot. */
  readonly session: SessionSnapshot | null
  readonly settings: DisplaySettings
  /** Null shows the whole image. */
  readonly view: ViewCentre | null
  /** Image position under the pointer. */
  readonly cursor: Point | null
  /** Size of the picture's frame, CSS pixels; null before it is known. */
  readonly frame: { readonly width: number; readonly height: number } | null
  /** Image position held fast by a click: profiles and spectra stay there. */
  readonly held: Point | null
  /** By plane key. */
  readonly planes: Readonly<Record<string, LoadedPlane>>
  /** By plane key: the plane before the last step. */
  readonly before: Readonly<Record<string, LoadedPlane>>
  /** Noise of residual planes as this page has seen it: by plane key, then by major cycle, Jy. */
  readonly noises: Readonly<Record<string, Readonly<Record<number, number>>>>
  /** Major cycle chosen in the convergence panel; null: none. */
  readonly chosenCycle: number | null
  /** Finer tiles of the plane on screen, by tile key. */
  readonly details: Readonly<Record<string, PlaneTile>>
  readonly cubeRange: CubeRange | null
  readonly spectra: LoadedSpectra | null
  readonly pending: PendingRegion | null
  readonly preview: MaskPreview | null
  readonly movie: Movie | null
  /** The other of two pictures shown in turn is on screen. */
  readonly blinked: boolean
  /** Plane whose mask was copied. */
  readonly copiedMask: { readonly channel: number; readonly stokes: number } | null
  readonly mask: LoadedMask | null
  readonly statistics: PlaneStatistics | null
  /** Texts of parameter inputs that differ from what is in force. */
  readonly drafts: Readonly<Record<string, string>>
  /** Why the server refused a parameter, by name. */
  readonly refusals: Readonly<Record<string, string>>
  readonly notice: Notice | null
  readonly dialog: 'shortcuts' | 'commands' | 'masks' | null
}

/** The store: `getState`, `setState`, `subscribe`. */
export type AppStore = StoreApi<AppState>

/** A store with nothing loaded. */
export function createAppStore(settings: DisplaySettings): AppStore {
  return createStore<AppState>(() => ({
    connection: { name: 'connecting' },
    session: null,
    settings,
    view: null,
    cursor: null,
    frame: null,
    held: null,
    planes: {},
    before: {},
    noises: {},
    chosenCycle: null,
    details: {},
    cubeRange: null,
    spectra: null,
    pending: null,
    preview: null,
    movie: null,
    blinked: false,
    copiedMask: null,
    mask: null,
    statistics: null,
    drafts: {},
    refusals: {},
    notice: null,
    dialog: null,
  }))
}

/** Identifies a plane of a product whatever its generation. */
export function planeKey(field: number, suffix: string, channel: number, stokes: number): string {
  return `${field}/${suffix}/${channel}/${stokes}`
}

/** An error of a call as a sentence. */
export function errorText(error: unknown): string {
  if (error instanceof Error) return error.message
  const body = error as Partial<ErrorBody> | null
  return typeof body?.message === 'string' ? body.message : String(error)
}
