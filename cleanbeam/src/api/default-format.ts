import { existsSync } from 'node:fs'
import type { ImageFormat } from '@cleanbeam/image/node'

/**
 * How images are written where nothing is said: as CASA images, unless the image name has FITS products only; those are
 * gone on with.
 */
export function defaultFormat(imagename: string): ImageFormat {
  const has = (ending: string) =>
    ['.residual', '.residual.tt0'].some(suffix => existsSync(`${imagename}${suffix}${ending}`))
  return has('.fits') && !has('') ? 'fits' : 'casa'
}
