import type { ImageCube } from '@cleanbeam/types'
import type { ImageFormat } from './image-file.ts'

/**
 * The products of one image name: `<imagename><suffix>.fits`, suffix '.psf', '.residual', '.image.pbcor', ….
 * Reading is cached by path, size, modification time and inode, so that a product changed on disk is reread.
 * Cubes handed out are shared: treat their arrays as read-only and write a new cube to change a product.
 */
export interface ProductStore {
  readonly imagename: string
  readonly format: ImageFormat
  /** Path of a product, whether or not it exists. */
  path(suffix: string): string
  exists(suffix: string): Promise<boolean>
  /** @throws ImageError when it does not exist or is not an image. */
  read(suffix: string): Promise<ImageCube>
  /** null when it does not exist. */
  readIfPresent(suffix: string): Promise<ImageCube | null>
  /** Atomic; creates the folder. The cube is then what `read` answers, so do not change its arrays afterwards. */
  write(suffix: string, cube: ImageCube): Promise<void>
  remove(suffix: string): Promise<void>
  /** Products on disk: suffix → path. */
  list(): Promise<Record<string, string>>
  /** Changes whenever the product's file changes; '' when it does not exist. */
  stateKey(suffix: string): Promise<string>
  /** Forgets what is cached; files stay. */
  release(): void
}

export declare function openProductStore(imagename: string, options?: { readonly format?: ImageFormat }): ProductStore
