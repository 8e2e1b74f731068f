// Images without a file, as casatools makes them with fromshape or fromarray and no name.
import type { ImageCoordinates, ImageCube, ImageShape, ImageTool } from '@cleanbeam/types'
import { createImage } from '../image-cube.ts'
import { ImageError } from '../image-error.ts'
import { checkMaskChange, type MaskChange, type MaskNames } from './casa-masks.ts'
import type { ImageBacking } from './image-backing.ts'
import { formatOfName, type ImageFormat, writeImage } from './image-file.ts'
import { CubeTool } from './image-tool.ts'
import { fileStateKey } from './product-store.ts'

const FIRST_MASK = 'mask0'

/** An image in memory with CASA's image functions; nothing touches a disk until it is saved. */
export interface TemporaryImage extends ImageTool {
  /** The image as it is now; its arrays are not to be changed. */
  cube(): Promise<ImageCube>
  /**
   * Writes the image, with its default mask, to disk; the image stays in memory, on its own.
   * @param options - `format`: by default FITS for a name that ends in .fits, else a CASA image
   * @throws ImageError when something is there already and `overwrite` is not given
   */
  save(path: string, options?: { format?: Exclude<ImageFormat, 'both'>; overwrite?: boolean }): Promise<void>
}

/** A temporary image of a cube; the cube itself never changes. */
export function temporaryImage(cube: ImageCube, name = 'temporary'): TemporaryImage {
  return new MemoryImage(new MemoryBacking(cube, name))
}

/**
 * A temporary image of a shape, zero everywhere.
 * @throws ImageError when the Stokes of the coordinates do not fit the shape
 */
export function temporaryImageOfShape(shape: ImageShape, coordinates: ImageCoordinates): TemporaryImage {
  return temporaryImage(createImage(shape, coordinates))
}

class MemoryImage extends CubeTool implements TemporaryImage {
  readonly #memory: MemoryBacking

  constructor(memory: MemoryBacking) {
    super(memory)
    this.#memory = memory
  }

  cube(): Promise<ImageCube> {
    return this.#memory.cube()
  }

  async save(
    path: string,
    options: { format?: Exclude<ImageFormat, 'both'>; overwrite?: boolean } = {},
  ): Promise<void> {
    if (!options.overwrite && (await fileStateKey(path)) !== '') {
      throw new ImageError(`expected a name that is free, got ${path}: give overwrite to replace it`, { path })
    }
    await writeImage(path, await this.cube(), { format: options.format ?? formatOfName(path) })
  }
}

class MemoryBacking implements ImageBacking {
  readonly name: string
  readonly #masks = new Map<string, Uint8Array>()
  #cube: ImageCube
  #defaultName = ''

  constructor(cube: ImageCube, name: string) {
    this.name = name
    this.#cube = { ...cube, mask: null }
    if (cube.mask) {
      this.#masks.set(FIRST_MASK, cube.mask)
      this.#defaultName = FIRST_MASK
    }
  }

  async cube(): Promise<ImageCube> {
    return { ...this.#cube, mask: this.#masks.get(this.#defaultName) ?? null }
  }

  async write(cube: ImageCube): Promise<void> {
    this.#cube = { ...cube, mask: null }
  }

  async masks(): Promise<MaskNames> {
    return { names: [...this.#masks.keys()], defaultName: this.#defaultName }
  }

  async changeMasks(change: MaskChange, given: readonly string[]): Promise<void> {
    checkMaskChange(change, given, [...this.#masks.keys()], this.name)
    const [from = '', to = ''] = given
    const mask = this.#masks.get(from)
    if (change === 'set') this.#defaultName = from
    if ((change === 'copy' || change === 'rename') && mask) this.#masks.set(to, mask)
    if (change === 'rename') {
      this.#masks.delete(from)
      if (this.#defaultName === from) this.#defaultName = to
    }
    if (change !== 'delete') return
    for (const name of given.length > 0 ? given : [...this.#masks.keys()]) this.#masks.delete(name)
    if (!this.#masks.has(this.#defaultName)) this.#defaultName = ''
  }

  async storedRegion(region: string): Promise<Uint8Array | null> {
    return this.#masks.get(region) ?? null
  }
}
