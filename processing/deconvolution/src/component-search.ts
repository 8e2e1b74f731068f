import type { KernelPool, Pacer } from '@cleanbeam/math'
import type { MinorCyclePlane } from './minor-cycle-types.ts'
import type { PixelBounds } from './plane-peak.ts'

/** What a minor cycle computes with: the kernels where there are some, plain loops otherwise. */
export interface Computing {
  readonly pacer: Pacer
  /** Null: the plain loops, which round once per subtraction where the kernels round twice. */
  readonly kernels: KernelPool | null
  readonly signal: AbortSignal | undefined
}

/** A plane to search for components, and how far. */
export interface ComponentSearch {
  readonly plane: MinorCyclePlane
  /** The part of the plane that is searched and kept up to date. */
  readonly box: PixelBounds
  readonly gain: number
  /** Ends when no |residual| in the mask is above, Jy. */
  readonly limitJy: number
  readonly maxComponents: number
}

/** What a search found. */
export interface FoundComponents {
  readonly count: number
  /** Sum of the components at each pixel that has some, Jy, by pixel number. */
  readonly components: ReadonlyMap<number, number>
}
