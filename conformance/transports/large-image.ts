import { writeFileSync } from 'node:fs'

const CARD_BYTES = 80
const BLOCK_BYTES = 2880

/** 4096 × 2048 pixels: 64 MiB as the float64 that image chunks carry. */
export const LARGE_SHAPE = [4096, 2048, 1, 1] as const
export const LARGE_BYTES = LARGE_SHAPE[0] * LARGE_SHAPE[1] * 8

/** Value of pixel i (x fastest) of the large image, exact in float32. */
export const largePixel = (i: number): number => (i % 8191) / 8

/** Writes an image of the sky as FITS, without anybody's help. */
export function writeLargeImage(path: string): void {
  const [nx, ny] = LARGE_SHAPE
  const cards: [string, string][] = [
    ['SIMPLE', 'T'], ['BITPIX', '-32'], ['NAXIS', '4'],
    ['NAXIS1', `${nx}`], ['NAXIS2', `${ny}`], ['NAXIS3', '1'], ['NAXIS4', '1'],
    ['BUNIT', "'Jy/beam '"],
    ['CTYPE1', "'RA---SIN'"], ['CRVAL1', '187.7'], ['CDELT1', '-1.0E-6'], ['CRPIX1', `${nx / 2 + 1}`], ['CUNIT1', "'deg     '"],
    ['CTYPE2', "'DEC--SIN'"], ['CRVAL2', '12.4'], ['CDELT2', '1.0E-6'], ['CRPIX2', `${ny / 2 + 1}`], ['CUNIT2', "'deg     '"],
    ['CTYPE3', "'STOKES  '"], ['CRVAL3', '1.0'], ['CDELT3', '1.0'], ['CRPIX3', '1.0'],
    ['CTYPE4', "'FREQ    '"], ['CRVAL4', '4.3E10'], ['CDELT4', '1.0E8'], ['CRPIX4', '1.0'], ['CUNIT4', "'Hz      '"],
  ] // biome-ignore format: a header
  const header = cards.map(([name, value]) => `${name.padEnd(8)}= ${value.padStart(20)}`.padEnd(CARD_BYTES)).join('')
  const head = `${header}${'END'.padEnd(CARD_BYTES)}`
  const headBytes = Math.ceil(head.length / BLOCK_BYTES) * BLOCK_BYTES
  const file = Buffer.alloc(headBytes + Math.ceil((nx * ny * 4) / BLOCK_BYTES) * BLOCK_BYTES)
  file.write(head.padEnd(headBytes), 'ascii')
  for (let i = 0; i < nx * ny; i++) file.writeFloatBE(largePixel(i), headBytes + 4 * i)
  writeFileSync(path, file)
}
