// Products as cubes: which unit, mask and beams each of them carries.

import { createImage } from '@cleanbeam/image'
import type { ProductStore } from '@cleanbeam/image/node'
import type { MajorCycle } from '@cleanbeam/imaging'
import type { ImageCoordinates, ImageCube, ImageShape, RestoringBeam } from '@cleanbeam/types'
import { TcleanError } from '../tclean-error.ts'

/** Writers of the products of one image, all on the same grid. */
export interface Products {
  readonly store: ProductStore
  readonly shape: ImageShape
  readonly coordinates: ImageCoordinates
  readonly cellRad: readonly [x: number, y: number]
}

export function productsOf(store: ProductStore, shape: ImageShape, coordinates: ImageCoordinates): Products {
  const [dx, dy] = coordinates.direction.incrementRad
  return { store, shape, coordinates, cellRad: [Math.abs(dx), Math.abs(dy)] }
}

/** One beam where all planes have the same, else one per plane. */
function compactBeams(beams: readonly RestoringBeam[]): readonly RestoringBeam[] {
  return beams.length === 1 ? beams : [...beams]
}

export async function writePsf(
  { store, shape, coordinates }: Products,
  pixels: Float32Array,
  beams: readonly RestoringBeam[],
): Promise<void> {
  await store.write('.psf', createImage(shape, coordinates, { pixels, beams: compactBeams(beams) }))
}

/** The primary beam, blanked below the limit; a limit that is not positive blanks nothing. */
export async function writePrimaryBeam(
  { store, shape, coordinates }: Products,
  pixels: Float32Array,
  pblimit: number,
): Promise<void> {
  await store.write('.pb', createImage(shape, coordinates, { pixels, mask: validPixels(pixels, pblimit) }))
}

/** 1 where the primary beam reaches its limit; null: everywhere. */
export function validPixels(primaryBeam: Float32Array, pblimit: number): Uint8Array | null {
  if (pblimit <= 0) return null
  const valid = new Uint8Array(primaryBeam.length)
  let blanked = 0
  for (let i = 0; i < valid.length; i++) {
    if (primaryBeam[i] >= pblimit) valid[i] = 1
    else blanked++
  }
  return blanked === 0 ? null : valid
}

export async function writeSumWeight({ store, coordinates, shape }: Products, majorCycle: MajorCycle): Promise<void> {
  const pixels = Float32Array.from(majorCycle.sumWeight)
  await store.write('.sumwt', createImage([1, 1, shape[2], shape[3]], coordinates, { pixels }))
}

export async function writeModel({ store, shape, coordinates }: Products, pixels: Float32Array): Promise<void> {
  await store.write('.model', createImage(shape, coordinates, { pixels, unit: 'Jy/pixel' }))
}

export async function writeResidual(
  { store, shape, coordinates }: Products,
  pixels: Float32Array,
  valid: Uint8Array | null,
  beams: readonly RestoringBeam[],
): Promise<void> {
  const cube = createImage(shape, coordinates, { pixels, mask: valid, unit: 'Jy/beam', beams: compactBeams(beams) })
  await store.write('.residual', cube)
}

export async function writeRestored(
  { store, shape, coordinates }: Products,
  suffix: '.image' | '.image.pbcor',
  pixels: Float32Array,
  valid: Uint8Array | null,
  beams: readonly RestoringBeam[],
): Promise<void> {
  const cube = createImage(shape, coordinates, { pixels, mask: valid, unit: 'Jy/beam', beams: compactBeams(beams) })
  await store.write(suffix, cube)
}

/**
 * A product that has to be there already.
 * @param remedy - what to do when it is not
 * @throws TcleanError when it is missing or does not fit the image asked for
 */
export async function requireProduct(
  store: ProductStore,
  suffix: string,
  shape: ImageShape | null,
  remedy: string,
): Promise<ImageCube> {
  const cube = await store.readIfPresent(suffix)
  const path = store.path(suffix)
  if (!cube) throw new TcleanError(`expected ${path}, got no such file: ${remedy}`, { path })
  if (shape && !cube.shape.every((n, axis) => n === shape[axis])) {
    throw new TcleanError(
      `expected ${path} to have shape [${shape.join(', ')}] like the image, got [${cube.shape.join(', ')}]: remove it or choose another imagename`,
      { path },
    )
  }
  return cube
}
