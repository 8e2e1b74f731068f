// A plane of an image as a picture: SVG, or pixels.

import { beamOf, planeOf } from '@cleanbeam/image'
import { skyTransform } from '@cleanbeam/measures'
import type { ImageCube } from '@cleanbeam/types'
import {
  type ClipRule,
  type ColormapName,
  clipRange,
  colourTable,
  DARK_PICTURE_THEME,
  fittedView,
  imageToScreen,
  LIGHT_PICTURE_THEME,
  LINEAR_SCALING,
  type Mark,
  marksToSvg,
  maskOutlines,
  type PictureLayout,
  pictureLayout,
  pictureMarks,
  rasterise,
  type ScalingName,
  sortedSample,
  wholePlane,
} from '@cleanbeam/viewer/drawing'
import { encode } from 'fast-png'
import { contourSegments } from './contour-lines.ts'
import { type Canvas, paintMarks, parseColour } from './paint-marks.ts'

export interface PictureOptions {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  readonly colormap: ColormapName
  readonly scaling: ScalingName
  readonly clip: ClipRule
  readonly theme: 'dark' | 'light'
  readonly grid: boolean
  /** Contour levels in the image's unit. */
  readonly levels: readonly number[]
  /** Clean mask on the grid of the plane, or null. */
  readonly mask: Float32Array | null
  readonly stokes: number
  readonly channel: number
}

/** Pixels of the file per CSS pixel, so that small letters stay sharp. */
const PIXEL_RATIO = 2

/** A picture before it has a format. */
interface Drawing {
  readonly layout: PictureLayout
  readonly background: string
  readonly marks: readonly Mark[]
  /** RGBA of the frame at {@link PIXEL_RATIO}. */
  readonly raster: { readonly pixels: Uint8ClampedArray; readonly width: number; readonly height: number }
}

/** The picture as a PNG file. */
export function drawPng(cube: ImageCube, options: PictureOptions): Uint8Array {
  const drawing = draw(cube, options)
  const canvas = blankCanvas(drawing)
  copyRaster(canvas, drawing)
  paintMarks(canvas, drawing.marks)
  return encode({ width: canvas.width, height: canvas.height, data: canvas.pixels, channels: 4, depth: 8 })
}

/** The picture as an SVG document; the pixels are embedded as PNG. */
export function drawSvg(cube: ImageCube, options: PictureOptions): string {
  const { layout, background, marks, raster } = draw(cube, options)
  const { width, height, frame } = layout
  const png = encode({ width: raster.width, height: raster.height, data: raster.pixels, channels: 4, depth: 8 })
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    `<image x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" href="${href}"/>`,
    marksToSvg(marks),
    '</svg>\n',
  ].join('\n')
}

function draw(cube: ImageCube, options: PictureOptions): Drawing {
  const [nx, ny] = cube.shape
  const theme = options.theme === 'dark' ? DARK_PICTURE_THEME : LIGHT_PICTURE_THEME
  const layout = pictureLayout(options.width, options.height)
  const view = fittedView(nx, ny, layout.frame)
  const plane = planeOf(cube, options.stokes, options.channel)
  const colouring = {
    clip: clipRange(options.clip, sortedSample(plane)),
    scaling: { ...LINEAR_SCALING, name: options.scaling },
    bias: 0.5,
    contrast: 1,
    table: colourTable(options.colormap),
    nan: theme.outside,
  }
  const coordinate = cube.coordinates.direction
  const outlines = options.mask
    ? maskOutlines(
        Uint8Array.from(options.mask, v => (v > 0 ? 1 : 0)),
        nx,
        ny,
      )
    : []
  const marks = pictureMarks({
    layout,
    view,
    colouring,
    unit: cube.unit,
    coordinate,
    projection: skyTransform(coordinate),
    beam: beamOf(cube, options.stokes, options.channel),
    showGrid: options.grid,
    maskOutlines: outlines,
    maskDisplay: 'outline',
    draft: null,
    theme,
  })
  const contours = contourMark(plane, nx, ny, options.levels, layout, view, theme.over)
  const raster = rasterise([wholePlane(plane, nx, ny)], colouring, view, layout.frame, PIXEL_RATIO, 'bilinear')
  return { layout, background: theme.background, marks: [contours, ...marks], raster }
}

function contourMark(
  plane: Float32Array,
  nx: number,
  ny: number,
  levels: readonly number[],
  layout: PictureLayout,
  view: ReturnType<typeof fittedView>,
  colour: string,
): Mark {
  const lines = levels
    .flatMap(level => contourSegments(plane, nx, ny, level))
    .map(([x0, y0, x1, y1]) => {
      const from = imageToScreen(view, layout.frame, x0, y0)
      const to = imageToScreen(view, layout.frame, x1, y1)
      return [from.x, from.y, to.x, to.y]
    })
  const path: Mark = { kind: 'path', lines, closed: false, stroke: { colour, width: 0.8, cap: 'round' } }
  return { kind: 'clipped', rect: layout.frame, marks: [path] }
}

function blankCanvas({ layout, background }: Drawing): Canvas {
  const width = Math.round(layout.width * PIXEL_RATIO)
  const height = Math.round(layout.height * PIXEL_RATIO)
  const pixels = new Uint8ClampedArray(4 * width * height)
  const [red, green, blue] = parseColour(background)
  for (let i = 0; i < pixels.length; i += 4) pixels.set([red, green, blue, 255], i)
  return { width, height, ratio: PIXEL_RATIO, pixels }
}

function copyRaster(canvas: Canvas, { layout, raster }: Drawing): void {
  const x0 = Math.round(layout.frame.x * PIXEL_RATIO)
  const y0 = Math.round(layout.frame.y * PIXEL_RATIO)
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      const from = 4 * (x + raster.width * y)
      if (raster.pixels[from + 3] === 0) continue
      canvas.pixels.set(raster.pixels.subarray(from, from + 4), 4 * (x0 + x + canvas.width * (y0 + y)))
    }
  }
}
