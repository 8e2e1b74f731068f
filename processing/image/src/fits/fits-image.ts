// An ImageCube as a FITS file and back.
// On disk: float32, axes longitude, latitude, frequency, Stokes (frequency before Stokes, unlike the memory order),
// blanked pixels NaN. FITS has no pixel mask, so the values under blanks go into a one-dimensional IMAGE extension
// BLANKED, in the order of the NaNs; other programs ignore it, and it is ignored when it does not fit the NaNs.
import { encodeImage, type FitsFile, FitsHeader, findHdu, type Hdu, readImagePixels } from '@cleanbeam/fits'
import type { ImageCube, JsonObject } from '@cleanbeam/types'
import { toMemoryOrder } from '../disk-order.ts'
import { ImageError } from '../image-error.ts'
import { encodeBeams, readBeams } from './beams.ts'
import { readCoordinates } from './read-coordinates.ts'
import { encodeSpectralTable, readSpectralTable } from './spectral-table.ts'
import { isUneven, writeCoordinates, writeObservation } from './write-coordinates.ts'

const BLANKED = 'BLANKED'
const DEGREES = 180 / Math.PI
/** Keywords that the cube holds elsewhere; all others are free keywords. */
const STRUCTURAL =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|EXTNAME|EXTVER|BSCALE|BZERO|BLANK|BUNIT|BTYPE|BMAJ|BMIN|BPA|OBJECT|EQUINOX|EPOCH|RADESYS|RADECSYS|LONPOLE|LATPOLE|(PC|CD)\d+_\d+|(CTYPE|CRVAL|CDELT|CRPIX|CUNIT|CROTA)\d+|PV\d+_\d+|PS\d+_\d+|RESTFRQ|RESTFREQ|SPECSYS|ALTRVAL|ALTRPIX|VELREF|TELESCOP|OBSERVER|DATE-OBS|TIMESYS|OBSRA|OBSDEC|OBSGEO-[XYZ]|DATE|ORIGIN|CASAMBM|DATAMAX|DATAMIN|COMMENT|HISTORY|CONTINUE|CHECKSUM|DATASUM|WCSAXES|MJDREF|DATEREF|)$/

/** What the FITS form needs besides the cube. */
export interface FitsImageOptions {
  /** Time of writing for the DATE card, ISO 8601 UTC; now when absent. */
  readonly date?: string
  /** Write the spectral axis as radio velocity (VRAD, m/s). */
  readonly velocity?: boolean
}

/** The header of the primary HDU, without the mandatory cards. */
export function fitsHeaderOf(cube: ImageCube, options: FitsImageOptions = {}): FitsHeader {
  const header = new FitsHeader().setReal('BSCALE', 1, 'PHYSICAL = PIXEL*BSCALE + BZERO').setReal('BZERO', 0)
  if (cube.beams.length === 1) {
    const [beam] = cube.beams
    header
      .setReal('BMAJ', beam.majorRad * DEGREES)
      .setReal('BMIN', beam.minorRad * DEGREES)
      .setReal('BPA', beam.positionAngleRad * DEGREES)
  }
  header
    .set('BTYPE', 'Intensity')
    .set('OBJECT', cube.coordinates.observation.object)
    .set('BUNIT', cube.unit, 'Brightness (pixel) unit')
  writeCoordinates(header, cube.coordinates, { velocity: options.velocity ?? false })
  writeObservation(header, cube.coordinates)
  writeMiscInfo(header, cube.miscInfo)
  header
    .set('DATE', (options.date ?? new Date().toISOString()).replace(/Z$/, ''), 'Date FITS file was written')
    .set('ORIGIN', 'Cleanbeam')
  if (cube.beams.length > 1) header.set('CASAMBM', true, 'CASA multiple BEAMS table present')
  for (const line of cube.history) header.addHistory(line)
  return header
}

/**
 * The FITS file of a cube, in parts to be written one after the other.
 * @throws ImageError for Stokes that are not evenly spaced in FITS's numbering
 */
export function encodeFitsImage(cube: ImageCube, options: FitsImageOptions = {}): Uint8Array<ArrayBuffer>[] {
  const [nx, ny, nStokes, nChannel] = cube.shape
  const header = fitsHeaderOf(cube, options)
  const { pixels, blanked } = toDiskOrder(cube)
  const parts = encodeImage({ shape: [nx, ny, nChannel, nStokes], pixels, header })
  if (cube.beams.length > 1) parts.push(encodeBeams(cube.beams, cube.shape))
  const { spectral } = cube.coordinates
  if (spectral.tableHz && isUneven(spectral)) parts.push(encodeSpectralTable(spectral.tableHz))
  if (blanked) {
    const image = { shape: [blanked.length], pixels: blanked, header: new FitsHeader(), extension: { name: BLANKED } }
    parts.push(...encodeImage(image))
  }
  return parts
}

function writeMiscInfo(header: FitsHeader, miscInfo: JsonObject): void {
  for (const [key, value] of Object.entries(miscInfo)) {
    const keyword = key.toUpperCase().slice(0, 8)
    if (STRUCTURAL.test(keyword) || !/^[A-Z0-9_-]+$/.test(keyword)) continue
    if (typeof value === 'string' || typeof value === 'boolean') header.set(keyword, value)
    else if (typeof value === 'number' && Number.isFinite(value)) header.set(keyword, value)
  }
}

/** Pixels with channels before Stokes and NaN where blanked, and the values under the blanks unless all are NaN. */
function toDiskOrder(cube: ImageCube): { pixels: Float32Array; blanked: Float32Array | null } {
  const [nx, ny, nStokes, nChannel] = cube.shape
  const { mask, pixels } = cube
  if (!mask && (nStokes === 1 || nChannel === 1)) return { pixels, blanked: null }
  const nPixel = nx * ny
  const out = new Float32Array(pixels.length)
  const under: number[] = []
  let isLost = false
  for (let stokes = 0; stokes < nStokes; stokes++) {
    for (let channel = 0; channel < nChannel; channel++) {
      const from = nPixel * (stokes + nStokes * channel)
      const to = nPixel * (channel + nChannel * stokes)
      out.set(pixels.subarray(from, from + nPixel), to)
      if (!mask) continue
      for (let i = 0; i < nPixel; i++) {
        const value = pixels[from + i]
        const isBlank = mask[from + i] === 0
        if (isBlank) out[to + i] = Number.NaN
        if (isBlank || Number.isNaN(value)) under.push(value)
        if (isBlank && !Number.isNaN(value)) isLost = true
      }
    }
  }
  return { pixels: out, blanked: isLost ? Float32Array.from(under) : null }
}

/**
 * The image in a FITS file: the first HDU with at least two axes; any order of axes, any BITPIX.
 * @throws ImageError when no HDU is an image of the sky; FitsError when the file is damaged
 */
export async function decodeFitsImage(file: FitsFile): Promise<ImageCube> {
  const hdu = imageHdu(file)
  const { header } = hdu
  const { shape, coordinates, axisMap } = readCoordinates(header, hdu.axes, await readSpectralTable(file, header))
  const onDisk = await readImagePixels(file, hdu, 'float32')
  const blanked = await readBlanked(file, hdu)
  const mask = maskOfNaN(onDisk.pixels, blanked)
  const unit = header.get('BUNIT')
  return {
    shape,
    pixels: toMemoryOrder(onDisk.pixels, hdu.axes, shape, axisMap),
    mask: mask && toMemoryOrder(mask, hdu.axes, shape, axisMap),
    coordinates,
    unit: typeof unit === 'string' ? unit.trim() : '',
    beams: await readBeams(file, header, shape),
    miscInfo: readMiscInfo(header),
    history: header.history(),
  }
}

function imageHdu(file: FitsFile): Hdu {
  const hdu = file.hdus.find(each => each.kind === 'image' && each.axes.length >= 2)
  if (hdu) return hdu
  const kinds = file.hdus.map(each => each.kind).join(', ')
  throw new ImageError(`expected a FITS image, got ${kinds} (${file.source.name}): give an image file`, {
    file: file.source.name,
  })
}

async function readBlanked(file: FitsFile, image: Hdu): Promise<Float32Array | null> {
  const hdu = findHdu(file, BLANKED)
  if (!hdu || hdu === image || hdu.kind !== 'image' || hdu.axes.length !== 1) return null
  return (await readImagePixels(file, hdu, 'float32')).pixels
}

/** Good pixels of an image; values under blanks are put back when there is one for each NaN. */
function maskOfNaN(pixels: Float32Array, blanked: Float32Array | null): Uint8Array | null {
  let count = 0
  for (let i = 0; i < pixels.length; i++) if (Number.isNaN(pixels[i])) count++
  if (count === 0) return null
  const mask = new Uint8Array(pixels.length).fill(1)
  const values = blanked?.length === count ? blanked : null
  let next = 0
  for (let i = 0; i < pixels.length; i++) {
    if (!Number.isNaN(pixels[i])) continue
    mask[i] = 0
    if (values) pixels[i] = values[next++]
  }
  return mask
}

function readMiscInfo(header: FitsHeader): JsonObject {
  const miscInfo: JsonObject = {}
  for (const { keyword, value } of header.cards()) {
    if (value !== null && !STRUCTURAL.test(keyword)) miscInfo[keyword] = value
  }
  return miscInfo
}
