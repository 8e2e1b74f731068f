import type { Rgb } from './colormap.ts'

/** Colours of everything drawn around and over a picture, as CSS colours. */
export interface PictureTheme {
  /** Between the picture and the edge of the drawing. */
  readonly background: string
  /** Within the frame where there is no image; dark in every theme, so that what lies over the image stays readable. */
  readonly outside: Rgb
  /** Tick labels. */
  readonly label: string
  /** What is common to labels, and units. */
  readonly faint: string
  /** Frame and ticks outside the image. */
  readonly frame: string
  /** Beam, scale bar and ticks over the image; drawn with `overHalo` underneath. */
  readonly over: string
  readonly overHalo: string
  /** Grid over the image. */
  readonly grid: string
  /** Contours of a product. */
  readonly contour: string
  /** Outline of the clean mask. */
  readonly mask: string
  readonly maskHalo: string
  /** Filling of the mask where it is shaded. */
  readonly maskShade: string
  /** A region being drawn, when it adds to and when it takes from the mask. */
  readonly add: string
  readonly erase: string
  readonly addShade: string
  readonly eraseShade: string
}

/** Light letters on a dark page. */
export const DARK_PICTURE_THEME: PictureTheme = {
  background: '#0e1116',
  outside: [0.043, 0.055, 0.071],
  label: '#aab4c0',
  faint: '#75808d',
  frame: '#323b47',
  over: '#ffffff',
  overHalo: 'rgba(0, 0, 0, 0.55)',
  grid: 'rgba(255, 255, 255, 0.22)',
  contour: 'rgba(255, 255, 255, 0.85)',
  mask: '#6cb6ff',
  maskHalo: 'rgba(4, 18, 38, 0.6)',
  maskShade: 'rgba(108, 182, 255, 0.16)',
  add: '#7ee2a8',
  erase: '#ff8b7b',
  addShade: 'rgba(126, 226, 168, 0.32)',
  eraseShade: 'rgba(255, 139, 123, 0.36)',
}

/** Dark letters on a light page. */
export const LIGHT_PICTURE_THEME: PictureTheme = {
  ...DARK_PICTURE_THEME,
  background: '#ffffff',
  outside: [0.14, 0.165, 0.2],
  label: '#3d4753',
  faint: '#6b7682',
  frame: '#c5ccd4',
}

/** The strongest contrasts, on black. */
export const CONTRAST_PICTURE_THEME: PictureTheme = {
  ...DARK_PICTURE_THEME,
  background: '#000000',
  outside: [0.1, 0.1, 0.1],
  label: '#ffffff',
  faint: '#e6e6e6',
  frame: '#ffffff',
  overHalo: '#000000',
  grid: 'rgba(255, 255, 255, 0.6)',
  mask: '#00e5ff',
  maskHalo: '#000000',
}
