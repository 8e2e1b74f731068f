// Regions as masks on an image's grid.
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { pixelCount } from '../image-cube.ts'
import { ImageError } from '../image-error.ts'
import { channelSpan } from './channel-range.ts'
import { looksLikeCrtf, parseCrtf } from './crtf.ts'
import { pixelAreaOf } from './pixel-area.ts'
import { type PixelBounds, type RasterisedArea, rasterise } from './rasterise.ts'
import { isAnnotationShape, type Region } from './region.ts'

/** Pixels that regions cover and the smallest box that casatools' answers give for them. */
export interface RegionCover {
  /** 1 inside, [nx, ny, nStokes, nChannel] as in an ImageCube. */
  readonly inside: Uint8Array
  /** Inclusive corners in the order x, y, Stokes, channel. */
  readonly blc: readonly [number, number, number, number]
  readonly trc: readonly [number, number, number, number]
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
  const inside = new Uint8Array(pixelCount(shape))
  const blc: [number, number, number, number] = [...shape]
  const trc: [number, number, number, number] = [-1, -1, -1, -1]
  for (const region of regions) {
    const placed = place(region, coordinates, shape)
    if (!placed) continue
    paint(inside, shape, placed, region.operation === 'add' ? 1 : 0)
    if (region.operation === 'add') widen(blc, trc, placed)
  }
  if (trc[0] < 0) throw refusal(regions, shape)
  return { inside, blc, trc }
}

/**
 * Pixels that regions cover, 1 inside, [nx, ny, nStokes, nChannel] as in an ImageCube.
 * @throws ImageError when nothing of the image is covered
 */
export function regionToMask(regions: readonly Region[], coordinates: ImageCoordinates, shape: ImageShape): Uint8Array {
  return coverOfRegions(regions, coordinates, shape).inside
}

/** True when a text (a parameter or the content of a file) is meant as a region rather than as a path. */
export function looksLikeRegion(text: string): boolean {
  return looksLikeCrtf(text)
}

/**
 * The regions of CRTF text.
 * @throws ImageError when the text is no region
 */
export function parseRegions(text: string): Region[] {
  if (looksLikeCrtf(text)) return parseCrtf(text)
  throw new ImageError(
    `expected a region such as 'circle[[10pix,20pix],5pix]', got ${JSON.stringify(text.slice(0, 80))}`,
    { text: text.slice(0, 200) },
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
  readonly firstChannel: number
  readonly lastChannel: number
  readonly stokes: readonly number[]
}

function place(region: Region, coordinates: ImageCoordinates, shape: ImageShape): PlacedArea | null {
  if (region.annotation || isAnnotationShape(region.shape)) return null
  const span = region.range
    ? channelSpan(region.range, coordinates.spectral, shape[3])
    : { first: 0, last: shape[3] - 1 }
  const stokes = region.stokes?.map(name => coordinates.stokes.indexOf(name)) ?? coordinates.stokes.map((_, i) => i)
  if (!span || stokes.includes(-1)) return null
  const area = pixelAreaOf(region, coordinates.direction)
  const raster = area && rasterise(area, shape[0], shape[1])
  return raster && { ...raster, stokes, firstChannel: span.first, lastChannel: span.last }
}

function paint(mask: Uint8Array, shape: ImageShape, area: PlacedArea, value: 0 | 1): void {
  const { x0, x1, y0, y1 } = area.bounds
  const width = x1 - x0 + 1
  for (let channel = area.firstChannel; channel <= area.lastChannel; channel++) {
    for (const stokes of area.stokes) {
      const plane = shape[0] * shape[1] * (stokes + shape[2] * channel)
      for (let y = y0; y <= y1; y++) {
        const from = (y - y0) * width
        const to = plane + shape[0] * y + x0
        for (let i = 0; i < width; i++) if (area.inside[from + i]) mask[to + i] = value
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
    { shape: [...shape] },
  )
}
