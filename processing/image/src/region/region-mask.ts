// Regions as masks on an image's grid.
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { pixelCount, planeOffset } from '../image-cube.ts'
import { ImageError } from '../image-error.ts'
import { channelSpan } from './channel-range.ts'
import { looksLikeCrtf, parseCrtf } from './crtf.ts'
import { looksLikeDs9, parseDs9 } from './ds9.ts'
import { pixelAreaOf } from './pixel-area.ts'
import { type PixelBounds, type RasterisedArea, rasterise } from './rasterise.ts'
import { isAnnotationShape, type Region } from './region.ts'
import { type SkyPlane, skyPlane } from './sky-plane.ts'

/** Pixels that regions cover, inside the smallest box around the added ones. */
export interface RegionCover {
  /** Inclusive corners, [x, y, Stokes, channel]. */
  readonly blc: readonly [number, number, number, number]
  readonly trc: readonly [number, number, number, number]
  /** 1 inside; over the box, x fastest, then y, Stokes, channel. */
  readonly inside: Uint8Array
}

/**
 * Pixels that regions cover, in order: added ones join, subtracted ones leave. Regions that do not reach the image, or
 * none of its channels or Stokes planes, are passed over.
 * @throws ImageError when nothing of the image is covered
 */
export function coverOfRegions(
  regions: readonly Region[],
  coordinates: ImageCoordinates,
  shape: ImageShape,
): RegionCover {
  const plane = skyPlane(coordinates.direction)
  const areas = regions.flatMap(region => place(region, coordinates, shape, plane) ?? [])
  const blc: [number, number, number, number] = [...shape]
  const trc: [number, number, number, number] = [-1, -1, -1, -1]
  for (const area of areas) if (area.isAdded) widen(blc, trc, area)
  if (trc[0] < 0) throw refusal(regions, shape)
  const size = boxSize(blc, trc)
  const inside = new Uint8Array(size[0] * size[1] * size[2] * size[3])
  for (const area of areas) paint(inside, blc, trc, area)
  return { blc, trc, inside }
}

/**
 * The same of a mask of the whole image, [nx, ny, nStokes, nChannel].
 * @throws ImageError when it is zero everywhere
 */
export function coverOfMask(mask: Uint8Array, shape: ImageShape): RegionCover {
  const blc: [number, number, number, number] = [...shape]
  const trc: [number, number, number, number] = [-1, -1, -1, -1]
  const position = [0, 0, 0, 0]
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) {
      for (let axis = 0; axis < 4; axis++) {
        if (position[axis] < blc[axis]) blc[axis] = position[axis]
        if (position[axis] > trc[axis]) trc[axis] = position[axis]
      }
    }
    for (let axis = 0; axis < 4 && ++position[axis] === shape[axis]; axis++) position[axis] = 0
  }
  if (trc[0] < 0) throw new ImageError('expected a region with pixels, got an empty one', { parameter: 'region' })
  const [width, height, nStokes, nChannel] = boxSize(blc, trc)
  const inside = new Uint8Array(width * height * nStokes * nChannel)
  let at = 0
  for (let channel = blc[3]; channel <= trc[3]; channel++) {
    for (let stokes = blc[2]; stokes <= trc[2]; stokes++) {
      for (let y = blc[1]; y <= trc[1]; y++, at += width) {
        const from = planeOffset(shape, stokes, channel) + shape[0] * y + blc[0]
        inside.set(mask.subarray(from, from + width), at)
      }
    }
  }
  return { blc, trc, inside }
}

/** Numbers of pixels along the axes of an inclusive box. */
export function boxSize(blc: readonly number[], trc: readonly number[]): [number, number, number, number] {
  return [0, 1, 2, 3].map(axis => trc[axis] - blc[axis] + 1) as [number, number, number, number]
}

/**
 * Pixels that regions cover, 1 inside, [nx, ny, nStokes, nChannel] as in an ImageCube.
 * @throws ImageError when nothing of the image is covered
 */
export function regionToMask(regions: readonly Region[], coordinates: ImageCoordinates, shape: ImageShape): Uint8Array {
  const { blc, trc, inside } = coverOfRegions(regions, coordinates, shape)
  const mask = new Uint8Array(pixelCount(shape))
  const width = trc[0] - blc[0] + 1
  let from = 0
  for (let channel = blc[3]; channel <= trc[3]; channel++) {
    for (let stokes = blc[2]; stokes <= trc[2]; stokes++) {
      const plane = planeOffset(shape, stokes, channel)
      for (let y = blc[1]; y <= trc[1]; y++, from += width) {
        mask.set(inside.subarray(from, from + width), plane + shape[0] * y + blc[0])
      }
    }
  }
  return mask
}

/** True when a text (a parameter or the content of a file) is meant as a region rather than as a path. */
export function looksLikeRegion(text: string): boolean {
  return looksLikeCrtf(text) || looksLikeDs9(text)
}

/**
 * The regions of CRTF or DS9 text.
 * @throws ImageError with the field `parameter` when the text is no region
 */
export function parseRegions(text: string): Region[] {
  try {
    if (looksLikeCrtf(text)) return parseCrtf(text)
    if (looksLikeDs9(text)) return parseDs9(text)
  } catch (error) {
    if (error instanceof ImageError)
      throw new ImageError(error.message, { ...error.fields, parameter: 'region' }, error.cause)
    throw error
  }
  throw new ImageError(
    `expected a region such as 'circle[[10pix,20pix],5pix]', got ${JSON.stringify(text.slice(0, 80))}`,
    { text: text.slice(0, 200), parameter: 'region' },
  )
}

/** {@link regionToMask} of region text. */
export function maskFromRegion(coordinates: ImageCoordinates, shape: ImageShape, text: string): Uint8Array {
  return regionToMask(parseRegions(text), coordinates, shape)
}

/** What to do with the pixels a region covers: keep only them, add them, or take them away. */
export type MaskEdit = 'set' | 'add' | 'erase'

/** Planes an edit reaches; undefined means all. */
export interface MaskPlanes {
  readonly stokes?: readonly number[]
  readonly channels?: readonly number[]
}

/**
 * Edits mask pixels (1 clean, 0 not) in place by what a region covers, on the given planes only.
 * 'set' also clears what lies outside the region on those planes.
 */
export function editMask(
  mask: Float32Array | Uint8Array,
  inside: Uint8Array,
  shape: ImageShape,
  edit: MaskEdit,
  planes: MaskPlanes = {},
): void {
  const nPixel = shape[0] * shape[1]
  for (let channel = 0; channel < shape[3]; channel++) {
    if (planes.channels && !planes.channels.includes(channel)) continue
    for (let stokes = 0; stokes < shape[2]; stokes++) {
      if (planes.stokes && !planes.stokes.includes(stokes)) continue
      const start = nPixel * (stokes + shape[2] * channel)
      for (let i = start; i < start + nPixel; i++) {
        if (edit === 'set') mask[i] = inside[i]
        else if (inside[i]) mask[i] = edit === 'add' ? 1 : 0
      }
    }
  }
}

interface PlacedArea extends RasterisedArea {
  readonly isAdded: boolean
  readonly firstChannel: number
  readonly lastChannel: number
  readonly stokes: readonly number[]
}

function place(region: Region, coordinates: ImageCoordinates, shape: ImageShape, plane: SkyPlane): PlacedArea | null {
  if (region.annotation || isAnnotationShape(region.shape)) return null
  const span = region.range ? channelSpan(region.range, coordinates, shape[3]) : { first: 0, last: shape[3] - 1 }
  const stokes = region.stokes?.map(name => coordinates.stokes.indexOf(name)) ?? coordinates.stokes.map((_, i) => i)
  if (!span || stokes.includes(-1)) return null
  const area = pixelAreaOf(region, coordinates.direction, plane)
  const raster = area && rasterise(area, shape[0], shape[1])
  if (!raster) return null
  return {
    ...raster,
    stokes,
    isAdded: region.operation === 'add',
    firstChannel: span.first,
    lastChannel: span.last,
  }
}

function paint(inside: Uint8Array, blc: readonly number[], trc: readonly number[], area: PlacedArea): void {
  const [nx, ny, nStokes] = boxSize(blc, trc)
  const { x0, y0, x1 } = area.bounds
  const width = x1 - x0 + 1
  const xFirst = Math.max(x0, blc[0])
  const xLast = Math.min(x1, trc[0])
  const value = area.isAdded ? 1 : 0
  for (let channel = Math.max(area.firstChannel, blc[3]); channel <= Math.min(area.lastChannel, trc[3]); channel++) {
    for (const stokes of area.stokes) {
      if (stokes < blc[2] || stokes > trc[2]) continue
      const plane = nx * ny * (stokes - blc[2] + nStokes * (channel - blc[3]))
      for (let y = Math.max(y0, blc[1]); y <= Math.min(area.bounds.y1, trc[1]); y++) {
        const from = (y - y0) * width - x0
        const to = plane + nx * (y - blc[1]) - blc[0]
        for (let x = xFirst; x <= xLast; x++) if (area.inside[from + x]) inside[to + x] = value
      }
    }
  }
}

function widen(blc: number[], trc: number[], area: PlacedArea): void {
  const bounds: PixelBounds = area.bounds
  const low = [bounds.x0, bounds.y0, Math.min(...area.stokes), area.firstChannel]
  const high = [bounds.x1, bounds.y1, Math.max(...area.stokes), area.lastChannel]
  for (let axis = 0; axis < 4; axis++) {
    blc[axis] = Math.min(blc[axis], low[axis])
    trc[axis] = Math.max(trc[axis], high[axis])
  }
}

function refusal(regions: readonly Region[], shape: ImageShape): ImageError {
  const onlyAnnotations = regions.every(region => region.annotation)
  const got = onlyAnnotations ? 'only annotations' : 'none that reaches it'
  return new ImageError(
    `expected a region that covers pixels of the image of ${shape[0]}×${shape[1]} pixels, ${shape[2]} Stokes and ${shape[3]} channels, got ${got}`,
    { shape: [...shape], parameter: 'region' },
  )
}
