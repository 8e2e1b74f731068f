import type { ImageTool } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'

/**
 * CASA's image functions on an image file; every call reads the file's present state.
 * @throws ImageError when the file is missing or not an image.
 */
export async function openImage(_path: string): Promise<ImageTool> {
  throw new ImageError('openImage is being written')
}
