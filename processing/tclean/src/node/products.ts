// Products as cubes: which name, unit, mask and beams each of them carries. Arrays of several Taylor terms hold one cube
// after the other.

import type { SpectralImages } from '@cleanbeam/deconvolution'
import { createImage, type ImageParts, pixelCount } from '@cleanbeam/image'
import type { ProductStore } from '@cleanbeam/image/node'
import type { ImageCoordinates, ImageCube, ImageShape, RestoringBeam } from '@cleanbeam/types'
import { psfTerms, type TaylorTerms, termSuffix } from '../taylor-terms.ts'
import { TcleanError } from '../tclean-error.ts'

/** The products of one image, all on the same grid. */
export interface Products {
  readonly store: ProductStore
  readonly shape: ImageShape
  readonly coordinates: ImageCoordinates
  readonly cellRad: readonly [x: number, y: number]
  readonly terms: TaylorTerms
  /** What made them, as lines of their history. */
  readonly history: readonly string[]
}

export function productsOf(
  store: ProductStore,
  shape: ImageShape,
  coordinates: ImageCoordinates,
  terms: TaylorTerms,
  history: readonly string[],
): Products {
  const [dx, dy] = coordinates.direction.incrementRad
  return { store, shape, coordinates, cellRad: [Math.abs(dx), Math.abs(dy)], terms, history }
}

/** Cube of one term, a view. */
export function termOf(pixels: Float32Array, shape: ImageShape, term: number): Float32Array {
  const n = pixelCount(shape)
  return pixels.subarray(term * n, (term + 1) * n)
}

async function writeTerms(
  { store, shape, coordinates, terms, history }: Products,
  stem: string,
  pixels: Float32Array,
  parts: (term: number) => ImageParts = () => ({}),
): Promise<void> {
  const n = pixelCount(shape)
  for (let term = 0; term * n < pixels.length; term++) {
    const cube = createImage(shape, coordinates, { pixels: termOf(pixels, shape, term), history, ...parts(term) })
    await store.write(termSuffix(terms, stem, term), cube)
  }
}

/** Writes the PSF of every term; the beams belong to the first. */
export async function writePsf(
  products: Products,
  pixels: Float32Array,
  beams: readonly RestoringBeam[],
): Promise<void> {
  await writeTerms(products, '.psf', pixels, term => (term === 0 ? { beams } : {}))
}

/**
 * Writes the primary beam, blanked below the limit; a limit that is not positive blanks nothing.
 * @param pixels - one term, or several one after the other; the first says where to blank
 */
export async function writePrimaryBeam(products: Products, pixels: Float32Array, pblimit: number): Promise<void> {
  const mask = validPixels(termOf(pixels, products.shape, 0), pblimit)
  await writeTerms(products, '.pb', pixels, () => ({ mask }))
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

/** Writes the sums of weights: per plane, 2n − 1 terms. */
export async function writeSumWeight(products: Products, sumWeight: Float64Array): Promise<void> {
  const { shape } = products
  await writeTerms({ ...products, shape: [1, 1, shape[2], shape[3]] }, '.sumwt', Float32Array.from(sumWeight))
}

/** Writes the weight image of a mosaic: the sum of weights times squared primary beams over the sum of weights. */
export async function writeWeight(products: Products, pixels: Float32Array): Promise<void> {
  await writeTerms(products, '.weight', pixels)
}

/** Writes the model, Jy/pixel; `pixels` belong to the store afterwards. */
export async function writeModel(products: Products, pixels: Float32Array): Promise<void> {
  await writeTerms(products, '.model', pixels, () => ({ unit: 'Jy/pixel' }))
}

/** Writes the residual, Jy/beam; `pixels` belong to the store afterwards. */
export async function writeResidual(
  products: Products,
  pixels: Float32Array,
  valid: Uint8Array | null,
  beams: readonly RestoringBeam[],
): Promise<void> {
  await writeTerms(products, '.residual', pixels, () => ({ mask: valid, unit: 'Jy/beam', beams }))
}

/** Writes the clean mask. */
export async function writeMask({ store, shape, coordinates, history }: Products, pixels: Float32Array): Promise<void> {
  await store.write('.mask', createImage(shape, coordinates, { pixels, history }))
}

/** Spectral index, its error and curvature of Taylor terms; they go with the restored images. */
export async function writeSpectralMaps(
  { store, shape, coordinates, history }: Products,
  { alpha, alphaError, beta, valid }: SpectralImages,
  beams: readonly RestoringBeam[],
): Promise<void> {
  const write = (suffix: string, pixels: Float32Array) =>
    store.write(suffix, createImage(shape, coordinates, { pixels, mask: valid, beams, history }))
  await write('.alpha', alpha)
  await write('.alpha.error', alphaError)
  if (beta !== null) await write('.beta', beta)
}

/** Writes the restored image of every term. */
export async function writeRestored(
  products: Products,
  pixels: Float32Array,
  valid: Uint8Array | null,
  beams: readonly RestoringBeam[],
): Promise<void> {
  await writeTerms(products, '.image', pixels, () => ({ mask: valid, unit: 'Jy/beam', beams }))
}

/** Writes `.image.pbcor`, of several terms `.image.tt0.pbcor` …: the restored image divided by the primary beam. */
export async function writeCorrected(
  { store, shape, coordinates, terms, history }: Products,
  restored: Float32Array,
  primaryBeam: Float32Array,
  valid: Uint8Array | null,
  beams: readonly RestoringBeam[],
): Promise<void> {
  for (let term = 0; term < terms.nTerm; term++) {
    const pixels = termOf(restored, shape, term).map((value, i) =>
      primaryBeam[i] > 0 ? value / primaryBeam[i] : Number.NaN,
    )
    const cube = createImage(shape, coordinates, { pixels, mask: valid, unit: 'Jy/beam', beams, history })
    await store.write(`${termSuffix(terms, '.image', term)}.pbcor`, cube)
  }
}

/** True when the product is on disk; of Taylor terms the first stands for all. */
export function hasProduct({ store, terms }: Products, stem: string): Promise<boolean> {
  return store.exists(termSuffix(terms, stem, 0))
}

/** A product of all its terms. */
export interface ProductTerms {
  /** One cube per term, shared with the store: read only. */
  readonly cubes: readonly Float32Array[]
  /** The first term. */
  readonly first: ImageCube
}

/**
 * A product that has to be there already, all terms.
 * @param remedy - what to do when it is not
 * @throws TcleanError when it is missing or does not fit the image asked for
 */
export async function requireTerms(products: Products, stem: string, remedy: string): Promise<ProductTerms> {
  const { store, shape, terms } = products
  const count = stem === '.psf' ? psfTerms(terms) : terms.nTerm
  const images: ImageCube[] = []
  for (let term = 0; term < count; term++) {
    images.push(await requireProduct(store, termSuffix(terms, stem, term), shape, remedy))
  }
  return { cubes: images.map(({ pixels }) => pixels), first: images[0] }
}

/** Terms one after the other, a copy. */
export function joinTerms({ cubes }: ProductTerms): Float32Array {
  const joined = new Float32Array(cubes.reduce((length, cube) => length + cube.length, 0))
  let at = 0
  for (const cube of cubes) {
    joined.set(cube, at)
    at += cube.length
  }
  return joined
}

/** The terms of an array that holds one cube after the other, views. */
export function splitTerms(pixels: Float32Array, shape: ImageShape): Float32Array[] {
  const n = pixelCount(shape)
  return Array.from({ length: pixels.length / n }, (_, term) => pixels.subarray(term * n, (term + 1) * n))
}

/**
 * One product that has to be there already.
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
