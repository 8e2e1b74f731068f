import type { ToolName } from '@cleanbeam/viewer'
import type { ClipRule, ColormapName, Interpolation, MaskDisplay, ScalingName } from '@cleanbeam/viewer/drawing'

/** How one kind of product is turned into colours. */
export interface ProductDisplay {
  readonly scaling: ScalingName
  readonly clip: ClipRule
  readonly bias: number
  readonly contrast: number
  /** Of log and power scaling. */
  readonly alpha?: number
  /** Of gamma scaling. */
  readonly gamma?: number
}

/** Which planes an edit of the mask reaches. */
export type ChannelReach = 'channel' | 'range' | 'all'

/** How the axes are written. */
export type AngleFormat = 'sexagesimal' | 'degrees' | 'offset'

/** What is put beside or in turn with the picture. */
export type CompareMode = 'off' | 'side' | 'blink'

/** What the user chose to see and how; kept by the browser across reloads. */
export interface DisplaySettings {
  /** Which field of the run, 0 for the main one. */
  readonly field: number
  /** CASA's product suffix, '.residual' … */
  readonly suffix: string
  readonly channel: number
  readonly stokes: number
  readonly colormap: ColormapName
  readonly inverted: boolean
  readonly interpolation: Interpolation
  /** How pixels are brought together where the image has more than the screen. */
  readonly reduce: 'mean' | 'max'
  /** One range of colours for all channels. */
  readonly cubeRange: boolean
  readonly showGrid: boolean
  readonly showCompass: boolean
  readonly frame: 'native' | 'J2000' | 'ICRS' | 'B1950' | 'GALACTIC'
  readonly angles: AngleFormat
  readonly maskDisplay: MaskDisplay
  /** Product whose contours are drawn, '' for none. */
  readonly contourOf: string
  /** Levels in units of the product's noise. */
  readonly contourLevels: string
  readonly compare: CompareMode
  /** Product compared with, or 'before': the same one before the last step. */
  readonly compareWith: string
  readonly magnifier: boolean
  readonly products: Readonly<Record<string, ProductDisplay>>
  readonly tool: ToolName
  readonly mode: 'add' | 'erase'
  /** Image pixels. */
  readonly brushRadius: number
  /** A region drawn keeps its handles until it is applied. */
  readonly holdRegions: boolean
  /** The wand takes what hangs together above this many per cent of the pixel picked. */
  readonly wandPercent: number
  /** "Mask what is above n σ". */
  readonly maskSigma: number
  /** Grow and shrink by this many pixels. */
  readonly growPixels: number
  readonly maskReach: ChannelReach
  /** First and last channel of a range, from 0. */
  readonly maskFrom: number
  readonly maskTo: number
  readonly maskAllStokes: boolean
  readonly theme: 'auto' | 'light' | 'dark' | 'contrast'
  readonly logResidual: boolean
  readonly logIterations: boolean
  readonly convergenceX: 'iterations' | 'cycle' | 'time'
  readonly convergenceView: 'plane' | 'all' | 'image'
  readonly statisticsOf: 'plane' | 'mask' | 'unmasked'
  readonly bottomTab: 'log' | 'histogram' | 'spectrum' | 'profiles'
  readonly spectrumOf: 'cursor' | 'mask'
  readonly spectrumAxis: 'channel' | 'frequency' | 'velocity'
  readonly spectrumStatistic: 'mean' | 'sum' | 'maximum'
  readonly framesPerSecond: number
  /** Major cycles of the button that runs several. */
  readonly runCycles: number
  /** CSS pixels; 0: as wide as the page finds good. */
  readonly sideWidth: number
  readonly bottomHeight: number
  readonly sideHidden: boolean
  /** Names of the panels that are unfolded, separated by commas. */
  readonly openPanels: string
  readonly bottomHidden: boolean
}

/** Settings of a page that has none yet. */
export const DEFAULT_SETTINGS: DisplaySettings = {
  field: 0,
  suffix: '.residual',
  channel: 0,
  stokes: 0,
  colormap: 'inferno',
  inverted: false,
  interpolation: 'bilinear',
  reduce: 'mean',
  cubeRange: false,
  showGrid: false,
  showCompass: false,
  frame: 'native',
  angles: 'sexagesimal',
  maskDisplay: 'outline',
  contourOf: '',
  contourLevels: '-3 3 6 12 24 48 96',
  compare: 'off',
  compareWith: '.model',
  magnifier: false,
  products: {},
  tool: 'pan',
  mode: 'add',
  brushRadius: 6,
  holdRegions: false,
  wandPercent: 30,
  maskSigma: 5,
  growPixels: 2,
  maskReach: 'channel',
  maskFrom: 0,
  maskTo: 0,
  maskAllStokes: false,
  theme: 'auto',
  logResidual: true,
  logIterations: false,
  convergenceX: 'iterations',
  convergenceView: 'plane',
  statisticsOf: 'mask',
  bottomTab: 'log',
  spectrumOf: 'cursor',
  spectrumAxis: 'channel',
  spectrumStatistic: 'mean',
  framesPerSecond: 4,
  runCycles: 5,
  sideWidth: 0,
  bottomHeight: 0,
  sideHidden: false,
  openPanels: '',
  bottomHidden: false,
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
