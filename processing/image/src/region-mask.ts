import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { ImageError } from './image-error.ts'
import type { MaskEdit, Region } from './region.ts'

/**
 * Pixels that regions cover, 1 inside, [nx, ny, nStokes, nChannel] as in an ImageCube.
 * @throws ImageError for shapes that are not areas (less than three vertices) or cover nothing.
 */
export function regionToMask(
  _regions: readonly Region[],
  _coordinates: ImageCoordinates,
  _shape: ImageShape,
): Uint8Array {
  throw new ImageError('regionToMask is being written')
}

/** The same from CRTF or DS9 text. */
export function maskFromRegion(_coordinates: ImageCoordinates, _shape: ImageShape, _text: string): Uint8Array {
  throw new ImageError('maskFromRegion is being written')
}

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
