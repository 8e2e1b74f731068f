import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A point spread function that CASA made, with the beams it fitted (one per plane). */
export interface ReferencePsf {
  readonly name: string
  readonly nx: number
  readonly ny: number
  readonly cellDeg: number
  readonly planes: readonly Float32Array[]
  readonly beams: readonly { readonly majorDeg: number; readonly minorDeg: number; readonly angleDeg: number }[]
  /** maxpsfsidelobe of the run, 0 when it did not clean. */
  readonly maxPsfSidelobe: number
}

/** Folders of reference runs: those in the repository, and the whole set where it is present beside it. */
const FOLDERS = ['conformance/refs/real', '../shared/refs/runs', '../shared/refs/real']
const BLOCK = 2880

/** Every PSF that is present, each run once; for tests. */
export function referencePsfs(): ReferencePsf[] {
  const found = new Map<string, ReferencePsf>()
  for (const folder of FOLDERS) {
    if (!existsSync(folder)) continue
    for (const run of readdirSync(folder)) {
      for (const file of readdirSync(`${folder}/${run}`)) {
        if (!/\.psf(\.tt0)?\.fits\.gz$/.test(file) || found.has(file)) continue
        const psf = readPsf(`${folder}/${run}/${file}`, run, `${folder}/${run}/return.json`)
        if (psf !== null) found.set(file, psf)
      }
    }
  }
  return [...found.values()]
}

/** Path of a reference run's product, or null where the run is not present. */
export function referencePath(run: string, product: string): string | null {
  const folder = FOLDERS.find(each => existsSync(`${each}/${run}/${run}${product}.fits.gz`))
  return folder === undefined ? null : `${folder}/${run}/${run}${product}.fits.gz`
}

/** The planes of a gzipped FITS image, as stored. */
export function readFitsPlanes(path: string): { nx: number; ny: number; planes: Float32Array[] } {
  const bytes = gunzipSync(readFileSync(path))
  const { cards, end } = readHeader(bytes, 0)
  const [nx, ny, n3, n4] = [1, 2, 3, 4].map(axis => Number(cards.get(`NAXIS${axis}`)))
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, 4 * nx * ny * n3 * n4)
  const planes = Array.from({ length: n3 * n4 }, (_, k) =>
    Float32Array.from({ length: nx * ny }, (_value, j) => view.getFloat32(4 * (k * nx * ny + j))),
  )
  return { nx, ny, planes }
}

function readPsf(path: string, name: string, returnPath: string): ReferencePsf | null {
  const bytes = gunzipSync(readFileSync(path))
  const primary = readHeader(bytes, 0)
  const number = (key: string) => Number(primary.cards.get(key))
  const { nx, ny, planes } = readFitsPlanes(path)
  const nPlane = planes.length
  const next = primary.end + Math.ceil((4 * nx * ny * nPlane) / BLOCK) * BLOCK
  const beams = primary.cards.has('BMAJ')
    ? planes.map(() => ({ majorDeg: number('BMAJ'), minorDeg: number('BMIN'), angleDeg: number('BPA') }))
    : next < bytes.length
      ? readBeams(bytes, next)
      : []
  if (beams.length === 0) return null
  const { maxpsfsidelobe } = JSON.parse(readFileSync(returnPath, 'utf8')) as { maxpsfsidelobe: number }
  return { name, nx, ny, cellDeg: Math.abs(number('CDELT1')), planes, beams, maxPsfSidelobe: maxpsfsidelobe }
}

/** BEAMS extension as CASA writes it: BMAJ, BMIN (arcsec), BPA (deg) as 32-bit floats first in each row. */
function readBeams(bytes: Buffer, at: number): { majorDeg: number; minorDeg: number; angleDeg: number }[] {
  const { cards, end } = readHeader(bytes, at)
  const [width, rows] = [Number(cards.get('NAXIS1')), Number(cards.get('NAXIS2'))]
  return Array.from({ length: rows }, (_, row) => ({
    majorDeg: bytes.readFloatBE(end + row * width) / 3600,
    minorDeg: bytes.readFloatBE(end + row * width + 4) / 3600,
    angleDeg: bytes.readFloatBE(end + row * width + 8),
  }))
}

function readHeader(bytes: Buffer, start: number): { cards: Map<string, string>; end: number } {
  const cards = new Map<string, string>()
  for (let at = start; ; at += 80) {
    const card = bytes.toString('latin1', at, at + 80)
    if (card.startsWith('END ')) return { cards, end: start + Math.ceil((at + 80 - start) / BLOCK) * BLOCK }
    if (card[8] === '=') cards.set(card.slice(0, 8).trim(), card.slice(10).split('/')[0].trim())
  }
}
