// What keeps the image behind the image tool: a file, or memory (temporary-image.ts).
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImageCube } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { readCasaRegion } from './casa-image-file.ts'
import { casaMaskNames, casaRegionNames, changeCasaMasks, type MaskChange, type MaskNames } from './casa-masks.ts'
import { readImage, writeImage } from './image-file.ts'
import { fileStateKey } from './product-store.ts'

/** Name of the one pixel mask of a FITS image. */
const MASK_NAME = 'mask0'

/** Where the image of an image tool is kept. */
export interface ImageBacking {
  readonly name: string
  /** The image as it is now, with the default mask. */
  cube(): Promise<ImageCube>
  /** Replaces pixels and header; masks stay. */
  write(cube: ImageCube): Promise<void>
  masks(): Promise<MaskNames>
  changeMasks(change: MaskChange, names: readonly string[]): Promise<void>
  /** The region or mask of that name kept with the image, [nx, ny, nStokes, nChannel], 1 inside; null when there is none. */
  storedRegion(region: string): Promise<Uint8Array | null>
}

/** An image on disk; its file is read again when it has changed. */
export class FileBacking implements ImageBacking {
  readonly name: string
  readonly #path: string
  #cached: { readonly stateKey: string; readonly cube: ImageCube } | null = null

  constructor(path: string) {
    this.#path = path
    this.name = basename(path)
  }

  async cube(): Promise<ImageCube> {
    const stateKey = await fileStateKey(this.#path)
    if (this.#cached && stateKey !== '' && this.#cached.stateKey === stateKey) return this.#cached.cube
    const cube = await readImage(this.#path)
    this.#cached = { stateKey, cube }
    return cube
  }

  async write(cube: ImageCube): Promise<void> {
    await writeImage(this.#path, cube, { keepMasks: true })
    this.#cached = null
  }

  async masks(): Promise<MaskNames> {
    if (await isFolder(this.#path)) return casaMaskNames(this.#path)
    const { mask } = await this.cube()
    return mask ? { names: [MASK_NAME], defaultName: MASK_NAME } : { names: [], defaultName: '' }
  }

  async changeMasks(change: MaskChange, names: readonly string[]): Promise<void> {
    if (await isFolder(this.#path)) {
      await changeCasaMasks(this.#path, change, names)
      this.#cached = null
      return
    }
    if (change === 'delete' && (names.length === 0 || names.includes(MASK_NAME))) {
      await this.write({ ...(await this.cube()), mask: null })
      return
    }
    throw new ImageError(
      `expected get, default or delete for a FITS image, which has one pixel mask without a name, got '${change}' (maskhandler of ${this.#path})`,
      { op: change },
    )
  }

  async storedRegion(region: string): Promise<Uint8Array | null> {
    const name = region.startsWith(`${this.name}:`) ? region.slice(this.name.length + 1) : region
    if (!/^\w+$/.test(name) || !(await isFolder(this.#path))) return null
    return casaRegionNames(this.#path).includes(name) ? readCasaRegion(this.#path, name) : null
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true
}
