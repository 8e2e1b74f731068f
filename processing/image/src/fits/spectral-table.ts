// Frequencies of uneven channels: the -TAB form of a FITS axis (Greisen et al. 2006, A&A 446, 747, section 6), one
// frequency per channel in a binary table.
import { encodeBinTable, type FitsFile, FitsHeader, findHdu, readBinaryTable } from '@cleanbeam/fits'
import { ImageError } from '../image-error.ts'

/** Names that the header's PS3_0 and PS3_1 give. */
export const SPECTRAL_TABLE = { extension: 'WCS-TABLE', column: 'COORDS' } as const

/** The table of an axis, one row with a cell of shape [1, channels]. */
export function encodeSpectralTable(tableHz: readonly number[]): Uint8Array<ArrayBuffer> {
  return encodeBinTable({
    name: SPECTRAL_TABLE.extension,
    header: new FitsHeader().set('TDIM1', `(1,${tableHz.length})`),
    columns: [{ name: SPECTRAL_TABLE.column, format: `${tableHz.length}D`, unit: 'Hz', values: tableHz }],
  })
}

/**
 * Frequencies of a FREQ-TAB axis, Hz; null when the image has none.
 * @throws ImageError when the table is missing or indexed in a way that is not read
 */
export async function readSpectralTable(file: FitsFile, header: FitsHeader): Promise<number[] | null> {
  const axis = Array.from({ length: header.integer('NAXIS') }, (_, i) => i + 1).find(
    n => header.string(`CTYPE${n}`, '').trim() === 'FREQ-TAB',
  )
  if (axis === undefined) return null
  const extension = header.string(`PS${axis}_0`, '').trim()
  const hdu = findHdu(file, extension)
  const isPlain =
    header.string(`PS${axis}_2`, '').trim() === '' &&
    [`CRVAL${axis}`, `CDELT${axis}`, `CRPIX${axis}`].every(keyword => header.number(keyword, 1) === 1)
  if (hdu?.kind !== 'bintable' || !isPlain) {
    throw new ImageError(
      `expected a table '${extension}' with one frequency per channel for the FREQ-TAB axis, got ${hdu ? 'another indexing' : 'none'} (${header.where})`,
      { extension },
    )
  }
  return [...(await readBinaryTable(file, hdu)).numbers(header.string(`PS${axis}_1`).trim())]
}
