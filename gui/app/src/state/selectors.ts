import type { PhaseName, ProductInfo, SessionSnapshot } from '@cleanbeam/protocol'
import type { RestoringBeam } from '@cleanbeam/types'
import { type AppState, type LoadedPlane, planeKey } from './app-state.ts'

const BUSY: readonly PhaseName[] = ['opening', 'stepping', 'running', 'stopping', 'aborting', 'restoring']

/** True while the engine works. */
export function isBusy(session: SessionSnapshot | null): boolean {
  return session !== null && BUSY.includes(session.phase.name)
}

/** A product of the main field, or undefined while it does not exist. */
export function productOf(session: SessionSnapshot | null, suffix: string): ProductInfo | undefined {
  return session?.products.find(p => p.field === 0 && p.suffix === suffix)
}

/** The product on screen: the one chosen, else the residual, else whatever there is. */
export function shownProduct(state: AppState): ProductInfo | undefined {
  const { session, settings } = state
  return productOf(session, settings.suffix) ?? productOf(session, '.residual') ?? session?.products[0]
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
  const candidates = [product, ...['.image', '.psf', '.residual'].map(suffix => productOf(state.session, suffix))]
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
