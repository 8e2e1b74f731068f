import type { ToolName } from '@cleanbeam/viewer'
import type { ClipRule, ColormapName, Interpolation, MaskDisplay, ScalingName } from '@cleanbeam/viewer/drawing'

/** How one kind of product is turned into colours. */
export interface ProductDisplay {
  readonly scaling: ScalingName
  readonly clip: ClipRule
  readonly bias: number
  readonly contrast: number
}

/** What the user chose to see and how; kept by the browser across reloads. */
export interface DisplaySettings {
  /** CASA's product suffix, '.residual' … */
  readonly suffix: string
  readonly channel: number
  readonly stokes: number
  readonly colormap: ColormapName
  readonly inverted: boolean
  readonly interpolation: Interpolation
  readonly showGrid: boolean
  readonly maskDisplay: MaskDisplay
  readonly products: Readonly<Record<string, ProductDisplay>>
  readonly tool: ToolName
  readonly mode: 'add' | 'erase'
  /** Image pixels. */
  readonly brushRadius: number
  readonly theme: 'auto' | 'light' | 'dark'
  readonly logResidual: boolean
  readonly statisticsOf: 'plane' | 'mask' | 'unmasked'
  readonly bottomTab: 'log' | 'histogram'
}

/** Settings of a page that has none yet. */
export const DEFAULT_SETTINGS: DisplaySettings = {
  suffix: '.residual',
  channel: 0,
  stokes: 0,
  colormap: 'inferno',
  inverted: false,
  interpolation: 'bilinear',
  showGrid: false,
  maskDisplay: 'outline',
  products: {},
  tool: 'pan',
  mode: 'add',
  brushRadius: 6,
  theme: 'auto',
  logResidual: true,
  statisticsOf: 'mask',
  bottomTab: 'log',
}

function display(scaling: ScalingName, percent: number): ProductDisplay {
  return { scaling, clip: { kind: 'percentile', percent }, bias: 0.5, contrast: 1 }
}

const NOISY = display('linear', 99.9)
const DEFAULT_DISPLAYS: Readonly<Record<string, ProductDisplay>> = {
  '.residual': NOISY,
  '.image': display('asinh', 100),
  '.model': display('asinh', 100),
  '.psf': display('linear', 100),
  '.pb': display('linear', 100),
  '.mask': display('linear', 100),
  '.weight': display('linear', 100),
}

/**
 * Display of a product until the user changes it: residuals cut the brightest thousandth, images show sources and noise
 * together, and the others their full range. The same object for the same product.
 */
export function defaultDisplay(suffix: string): ProductDisplay {
  return DEFAULT_DISPLAYS[suffix.replace(/\.(tt\d+|pbcor)/g, '')] ?? NOISY
}

/** Display of a product as chosen, or its default. */
export function displayOf(settings: DisplaySettings, suffix: string): ProductDisplay {
  return settings.products[suffix] ?? defaultDisplay(suffix)
}

/** Settings with a product's display changed. */
export function withDisplay(
  settings: DisplaySettings,
  suffix: string,
  change: Partial<ProductDisplay>,
): DisplaySettings {
  const display = { ...displayOf(settings, suffix), ...change }
  return { ...settings, products: { ...settings.products, [suffix]: display } }
}
