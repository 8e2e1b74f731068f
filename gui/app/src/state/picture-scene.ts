import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import type { ViewerScene } from '@cleanbeam/viewer'
import {
  type AxisStyles,
  axisStylesOf,
  type ClipRange,
  type Colouring,
  clipRange,
  colourTable,
  contourLevels,
  contourLines,
  cumulativeFractions,
  inFrame,
  LINEAR_SCALING,
  offsetsFrom,
  type PictureTheme,
  type PlaneTile,
  quantile,
  type Scaling,
  type SkyProjection,
} from '@cleanbeam/viewer/drawing'
import type { AppState, LoadedMask, LoadedPlane, MaskPreview } from './app-state.ts'
import type { DisplaySettings, ProductDisplay } from './display-settings.ts'
import { displayOf } from './display-settings.ts'
import {
  comparedPlane,
  comparedProduct,
  contourPlane,
  loadedPlane,
  noiseOf,
  shownBeam,
  shownPlane,
  shownProduct,
} from './selectors.ts'

/** Softening of asinh relative to the noise, and its bounds relative to the clip range. */
const SOFTENING = { inSigma: 2, least: 0.001, most: 0.3 } as const

/** Grey between black and the darkest colours: blanked pixels look like none of the colormaps' ends. */
const NAN_COLOUR = { dark: [0.16, 0.18, 0.21], light: [0.86, 0.88, 0.9], contrast: [0.5, 0.5, 0.5] } as const

/** Colours of the page. */
export type Appearance = keyof typeof NAN_COLOUR

/** The scaling of a display for the pixels at hand: softening from their noise, equalisation from their histogram. */
export function scalingFor(display: ProductDisplay, clip: ClipRange, sorted: Float32Array): Scaling {
  const { scaling: name } = display
  const { alpha = LINEAR_SCALING.alpha, gamma = LINEAR_SCALING.gamma } = display
  if (name === 'histogram') return { ...LINEAR_SCALING, name, cumulative: cumulativeFractions(sorted, clip) }
  if (name !== 'asinh') return { ...LINEAR_SCALING, name, alpha, gamma }
  // Half the width of the central 68 % is σ for noise and hardly feels the sources.
  const sigma = (quantile(sorted, 0.8413) - quantile(sorted, 0.1587)) / 2
  const relative = (SOFTENING.inSigma * sigma) / (clip.high - clip.low)
  const softening = Math.min(SOFTENING.most, Math.max(SOFTENING.least, Number.isFinite(relative) ? relative : 0))
  return { ...LINEAR_SCALING, name, softening }
}

/** How pixels with these values are coloured. */
export function colouringFor(
  sorted: Float32Array,
  display: ProductDisplay,
  table: Uint8Array,
  appearance: Appearance,
): Colouring {
  const clip = clipRange(display.clip, sorted)
  const scaling = scalingFor(display, clip, sorted)
  const { bias, contrast } = display
  return { clip, scaling, bias, contrast, table, nan: NAN_COLOUR[appearance] }
}

/** The values colours are spread over: those of the plane, or of the whole cube where that is asked for. */
export function valuesForColours(state: AppState, plane: LoadedPlane): Float32Array {
  const product = shownProduct(state)
  const { cubeRange } = state
  if (!state.settings.cubeRange || !product || !cubeRange) return plane.sorted
  // A range of an older generation serves until the new one is there.
  return cubeRange.key.startsWith(`${product.field}/${product.suffix}/`) ? cubeRange.sorted : plane.sorted
}

/** Which of two pictures is built: the chosen product, or the one compared with. */
export type PicturePart = 'shown' | 'compared'

/**
 * Builds the viewer's scene from the state. Parts are remembered, so that what has not changed keeps its identity and
 * is not drawn again.
 */
export class SceneBuilder {
  private readonly table = remembered((name: DisplaySettings['colormap'], inverted: boolean) =>
    colourTable(name, inverted),
  )
  private readonly colouring = remembered(colouringFor)
  private readonly tiles = remembered((plane: LoadedPlane, details: AppState['details']): PlaneTile[] => [
    plane.tile,
    ...Object.values(details).sort((a, b) => b.step - a.step),
  ])
  private readonly projection = remembered(skyProjection)
  private readonly outlines = remembered(
    (mask: LoadedMask | null, preview: MaskPreview | null) => preview?.outlines ?? mask?.outlines ?? [],
  )
  private readonly contours = remembered((plane: LoadedPlane | undefined, levels: string) =>
    plane ? contourLines(plane.tile, contourLevels(levels, noiseOf(plane) || 1)) : [],
  )

  /** @returns null while there is no plane to show */
  build(state: AppState, theme: PictureTheme, appearance: Appearance, part: PicturePart = 'shown'): ViewerScene | null {
    const product = part === 'shown' ? shownProduct(state) : comparedProduct(state)
    const plane = part === 'shown' ? loadedPlane(state) : comparedPlane(state)
    if (!product || !plane) return null
    const { settings } = state
    const table = this.table(settings.colormap, settings.inverted)
    const { channel, stokes } = shownPlane(state)
    const { field } = product
    const isSharp = part === 'shown' && plane.generation === product.generation
    const values = part === 'shown' ? valuesForColours(state, plane) : plane.sorted
    const { direction } = product.coordinates
    const frame = settings.frame === 'native' ? direction.frame : settings.frame
    return {
      nx: product.shape[0],
      ny: product.shape[1],
      tiles: this.tiles(plane, isSharp ? state.details : NO_DETAILS),
      colouring: this.colouring(values, displayOf(settings, product.suffix), table, appearance),
      interpolation: product.suffix === '.mask' ? 'nearest' : settings.interpolation,
      unit: product.unit,
      coordinate: direction,
      projection: this.projection(direction, settings.frame, settings.angles),
      axisStyles: AXIS_STYLES[settings.angles] ?? axisStylesOf(frame),
      beam: shownBeam(state),
      view: state.view,
      showGrid: settings.showGrid,
      showCompass: settings.showCompass,
      contours: this.contours(contourPlane(state), settings.contourLevels),
      crosshair: state.held,
      maskOutlines: state.mask?.key.startsWith(`${field}/${channel}/${stokes}/`)
        ? this.outlines(state.mask, state.preview)
        : [],
      maskDisplay: settings.maskDisplay,
      pending: state.pending,
      theme,
      tool: settings.tool,
      mode: settings.mode,
      brushRadius: settings.brushRadius,
    }
  }
}

const NO_DETAILS: AppState['details'] = {}

const AXIS_STYLES: Readonly<Partial<Record<DisplaySettings['angles'], AxisStyles>>> = {
  degrees: { longitude: 'decimal', latitude: 'decimal' },
  offset: { longitude: 'offset', latitude: 'offset' },
}

/** The celestial side of an image in the frame asked for; offsets count from the reference direction. */
export function skyProjection(
  direction: DirectionCoordinate,
  wanted: DisplaySettings['frame'],
  angles: DisplaySettings['angles'],
): SkyProjection {
  const frame = wanted === 'native' ? direction.frame : wanted
  const projection = inFrame(skyTransform(direction), direction.frame, frame)
  if (angles !== 'offset') return projection
  const origin = projection.toWorld(...direction.referencePixel)
  return origin ? offsetsFrom(projection, origin) : projection
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
