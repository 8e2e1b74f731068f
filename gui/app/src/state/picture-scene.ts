import { skyTransform } from '@cleanbeam/measures'
import type { ProductInfo } from '@cleanbeam/protocol'
import type { ViewerScene } from '@cleanbeam/viewer'
import {
  type ClipRange,
  type Colouring,
  clipRange,
  colourTable,
  cumulativeFractions,
  LINEAR_SCALING,
  type PictureTheme,
  quantile,
  type Scaling,
  type SkyProjection,
} from '@cleanbeam/viewer/drawing'
import type { AppState, LoadedMask, LoadedPlane } from './app-state.ts'
import type { DisplaySettings, ProductDisplay } from './display-settings.ts'
import { displayOf } from './display-settings.ts'
import { loadedPlane, shownBeam, shownPlane, shownProduct } from './selectors.ts'

/** Softening of asinh relative to the noise, and its bounds relative to the clip range. */
const SOFTENING = { inSigma: 2, least: 0.001, most: 0.3 } as const

/** Grey between black and the darkest colours: blanked pixels look like none of the colormaps' ends. */
const NAN_COLOUR = { dark: [0.16, 0.18, 0.21], light: [0.86, 0.88, 0.9] } as const

/** The scaling of a display for the pixels at hand: softening from their noise, equalisation from their histogram. */
export function scalingFor(display: ProductDisplay, clip: ClipRange, sorted: Float32Array): Scaling {
  const { scaling: name } = display
  if (name === 'histogram') return { ...LINEAR_SCALING, name, cumulative: cumulativeFractions(sorted, clip) }
  if (name !== 'asinh') return { ...LINEAR_SCALING, name }
  // Half the width of the central 68 % is σ for noise and hardly feels the sources.
  const sigma = (quantile(sorted, 0.8413) - quantile(sorted, 0.1587)) / 2
  const relative = (SOFTENING.inSigma * sigma) / (clip.high - clip.low)
  const softening = Math.min(SOFTENING.most, Math.max(SOFTENING.least, Number.isFinite(relative) ? relative : 0))
  return { ...LINEAR_SCALING, name, softening }
}

/** How the pixels on screen are coloured. */
export function colouringFor(
  plane: LoadedPlane,
  display: ProductDisplay,
  table: Uint8Array,
  appearance: 'light' | 'dark',
): Colouring {
  const clip = clipRange(display.clip, plane.sorted)
  const scaling = scalingFor(display, clip, plane.sorted)
  const { bias, contrast } = display
  return { clip, scaling, bias, contrast, table, nan: NAN_COLOUR[appearance] }
}

/**
 * Builds the viewer's scene from the state. Parts are remembered, so that what has not changed keeps its identity and
 * is not drawn again.
 */
export class SceneBuilder {
  private readonly table = remembered((name: DisplaySettings['colormap'], inverted: boolean) =>
    colourTable(name, inverted),
  )
  private readonly colouring = remembered(colouringFor)
  private readonly tiles = remembered((plane: LoadedPlane | undefined) => (plane ? [plane.tile] : []))
  private readonly projection = remembered(
    (product: ProductInfo['coordinates']): SkyProjection => skyTransform(product.direction),
  )
  private readonly outlines = remembered((mask: LoadedMask | null) => mask?.outlines ?? [])

  /** @returns null while there is no plane to show */
  build(state: AppState, theme: PictureTheme, appearance: 'light' | 'dark'): ViewerScene | null {
    const product = shownProduct(state)
    const plane = loadedPlane(state)
    if (!product || !plane) return null
    const { settings } = state
    const table = this.table(settings.colormap, settings.inverted)
    const { channel, stokes } = shownPlane(state)
    return {
      nx: product.shape[0],
      ny: product.shape[1],
      tiles: this.tiles(plane),
      colouring: this.colouring(plane, displayOf(settings, product.suffix), table, appearance),
      interpolation: product.suffix === '.mask' ? 'nearest' : settings.interpolation,
      unit: product.unit,
      coordinate: product.coordinates.direction,
      projection: this.projection(product.coordinates),
      beam: shownBeam(state),
      view: state.view,
      showGrid: settings.showGrid,
      maskOutlines: state.mask?.key.startsWith(`${channel}/${stokes}/`) ? this.outlines(state.mask) : [],
      maskDisplay: settings.maskDisplay,
      theme,
      tool: settings.tool,
      mode: settings.mode,
      brushRadius: settings.brushRadius,
    }
  }
}

/** Remembers the last result of a function for the same arguments. */
function remembered<A extends unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null
  return (...args) => {
    if (last?.args.every((arg, i) => Object.is(arg, args[i]))) return last.result
    last = { args, result: compute(...args) }
    return last.result
  }
}
