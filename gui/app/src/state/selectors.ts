import type { PhaseName, ProductInfo, SessionSnapshot } from '@cleanbeam/protocol'
import type { RestoringBeam } from '@cleanbeam/types'
import { quantile } from '@cleanbeam/viewer/drawing'
import { type AppState, type LoadedPlane, planeKey } from './app-state.ts'

const BUSY: readonly PhaseName[] = ['opening', 'stepping', 'running', 'stopping', 'aborting', 'restoring']

/** True while the engine works. */
export function isBusy(session: SessionSnapshot | null): boolean {
  return session !== null && BUSY.includes(session.phase.name)
}

/** A product of a field, or undefined while it does not exist. */
export function productOf(session: SessionSnapshot | null, suffix: string, field = 0): ProductInfo | undefined {
  return session?.products.find(p => p.field === field && p.suffix === suffix)
}

/** The field on screen, kept inside the session. */
export function shownField(state: AppState): number {
  return Math.min(state.settings.field, (state.session?.fields.length ?? 1) - 1)
}

/** The product on screen: the one chosen, else the residual, else whatever there is. */
export function shownProduct(state: AppState): ProductInfo | undefined {
  const { session, settings } = state
  const field = shownField(state)
  const find = (suffix: string) => productOf(session, suffix, field)
  return find(settings.suffix) ?? find('.residual') ?? find('.residual.tt0') ?? session?.products[0]
}

/** Channel and Stokes index on screen, kept inside the product. */
export function shownPlane(state: AppState): { channel: number; stokes: number } {
  const shape = shownProduct(state)?.shape
  const { channel, stokes } = state.settings
  return { channel: Math.min(channel, (shape?.[3] ?? 1) - 1), stokes: Math.min(stokes, (shape?.[2] ?? 1) - 1) }
}

/** The pixels on screen; undefined until they have arrived. An outdated generation is shown until the next is there. */
export function loadedPlane(state: AppState): LoadedPlane | undefined {
  const product = shownProduct(state)
  if (!product) return undefined
  const { channel, stokes } = shownPlane(state)
  return state.planes[planeKey(product.field, product.suffix, channel, stokes)]
}

/** The beam of a plane; null when the product has none. */
export function beamOf(product: ProductInfo, channel: number, stokes: number): RestoringBeam | null {
  if (product.beams.length <= 1) return product.beams[0] ?? null
  return product.beams[stokes + product.shape[2] * channel] ?? null
}

/** The beam to show over any product: its own, or that of the restored image, PSF or residual. */
export function shownBeam(state: AppState): RestoringBeam | null {
  const product = shownProduct(state)
  const { channel, stokes } = shownPlane(state)
  const candidates = [
    product,
    ...['.image', '.psf', '.residual'].map(suffix => productOf(state.session, suffix, shownField(state))),
  ]
  for (const candidate of candidates) {
    const beam = candidate ? beamOf(candidate, channel, stokes) : null
    if (beam) return beam
  }
  return null
}

/** Whether the loaded pixels are those of the session's present state; false while newer ones are on their way. */
export function pictureIsComplete(state: AppState): boolean {
  const plane = loadedPlane(state)
  return plane !== undefined && plane.generation === shownProduct(state)?.generation
}

/** The mask of the field on screen. */
export function shownMaskState(state: AppState): SessionSnapshot['masks'][number] | undefined {
  return state.session?.masks[shownField(state)]
}

/** The product shown beside or in turn with the picture; undefined when it does not exist. */
export function comparedProduct(state: AppState): ProductInfo | undefined {
  const { compareWith } = state.settings
  if (compareWith === 'before') return shownProduct(state)
  return productOf(state.session, compareWith, shownField(state))
}

/** Pixels of the product compared with. */
export function comparedPlane(state: AppState): LoadedPlane | undefined {
  const product = comparedProduct(state)
  if (!product) return undefined
  const { channel, stokes } = shownPlane(state)
  const key = planeKey(product.field, product.suffix, channel, stokes)
  return state.settings.compareWith === 'before' ? state.before[key] : state.planes[key]
}

/** The product whose contours are drawn, with its pixels. */
export function contourPlane(state: AppState): LoadedPlane | undefined {
  const { contourOf } = state.settings
  if (contourOf === '') return undefined
  const { channel, stokes } = shownPlane(state)
  return state.planes[planeKey(shownField(state), contourOf, channel, stokes)]
}

/** Half the width of the central 68 %: σ for noise, hardly touched by sources. */
export function noiseOf(plane: LoadedPlane): number {
  return (quantile(plane.sorted, 0.8413) - quantile(plane.sorted, 0.1587)) / 2
}
