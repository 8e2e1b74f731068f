import { planeOf } from '@cleanbeam/image'
import type { ProductInfo } from '@cleanbeam/protocol'
import type { ImageCube } from '@cleanbeam/types'
import { SessionError, StaleGenerationError } from './session-error.ts'
import type { ProductFiles } from './session-files.ts'

interface Entry {
  readonly stateKey: string
  readonly info: ProductInfo
  readonly cube: ImageCube
}

/**
 * The products as pages see them. Each has a generation that grows when its file has changed; pixels are answered from
 * memory, so that a page asking for tiles neither waits for the disk nor sees half of a step.
 */
export class ProductTable {
  readonly #files: ProductFiles
  readonly #field: number
  readonly #onProduct: (info: ProductInfo, cube: ImageCube) => void
  readonly #entries = new Map<string, Entry>()
  #refreshing: Promise<void> = Promise.resolve()

  /** @param field - which field of the run the files belong to, 0 for the main one */
  constructor(files: ProductFiles, field: number, onProduct: (info: ProductInfo, cube: ImageCube) => void) {
    this.#files = files
    this.#field = field
    this.#onProduct = onProduct
  }

  get all(): ProductInfo[] {
    return [...this.#entries.values()].map(({ info }) => info)
  }

  find(suffix: string): ImageCube | null {
    return this.#entries.get(suffix)?.cube ?? null
  }

  /** @throws SessionError when the session has no such product */
  get(suffix: string): { readonly info: ProductInfo; readonly cube: ImageCube } {
    const entry = this.#entries.get(suffix)
    if (entry !== undefined) return entry
    const known = [...this.#entries.keys()].join(', ') || 'none yet'
    throw new SessionError(`expected a product of this session (${known}), got ${suffix}`, { suffix })
  }

  /**
   * The pixels of a plane, a view into the cube.
   * @throws SessionError for a plane outside the image; StaleGenerationError when `generation` is not the present one
   */
  plane(suffix: string, stokes: number, channel: number, generation?: number): Float32Array {
    const { info, cube } = this.get(suffix)
    if (generation !== undefined && generation !== info.generation) {
      throw new StaleGenerationError(suffix, info.generation, generation)
    }
    const [, , nStokes, nChannel] = cube.shape
    if (stokes >= nStokes || channel >= nChannel) {
      throw new SessionError(
        `expected a plane within ${nStokes} Stokes and ${nChannel} channels, got Stokes ${stokes}, channel ${channel} (${suffix})`,
        { suffix, stokes, channel },
      )
    }
    return planeOf(cube, stokes, channel)
  }

  /** Looks which files have changed and reads those; one look at a time. */
  refresh(): Promise<void> {
    const next = this.#refreshing.catch(() => {}).then(() => this.#look())
    this.#refreshing = next
    return next
  }

  /** Writes a product; it has a new generation when this resolves. */
  async write(suffix: string, cube: ImageCube): Promise<void> {
    await this.#files.write(suffix, cube)
    await this.refresh()
  }

  async #look(): Promise<void> {
    for (const [suffix, path] of inOrderOfInterest(await this.#files.list())) {
      const stateKey = await this.#files.stateKey(suffix)
      const old = this.#entries.get(suffix)
      if (stateKey === '' || old?.stateKey === stateKey) continue
      const cube = await this.#files.read(suffix)
      const { shape, unit, coordinates, beams } = cube
      const info: ProductInfo = {
        field: this.#field,
        suffix,
        path,
        generation: (old?.info.generation ?? 0) + 1,
        shape: [...shape],
        unit,
        coordinates,
        beams: [...beams],
      }
      this.#entries.set(suffix, { stateKey, info, cube })
      this.#onProduct(info, cube)
    }
  }
}

/** What people look at comes first, so that a page does not show a mask or a model for a moment. */
const FIRST_SUFFIXES = ['.residual', '.image']

function inOrderOfInterest(products: Record<string, string>): [suffix: string, path: string][] {
  const rank = (suffix: string) => {
    const i = FIRST_SUFFIXES.findIndex(first => suffix.startsWith(first))
    return i < 0 ? FIRST_SUFFIXES.length : i
  }
  return Object.entries(products).sort(([a], [b]) => rank(a) - rank(b))
}
