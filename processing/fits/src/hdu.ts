import { type ByteSource, requireRange } from './byte-source.ts'
import { CARD_BYTES } from './card.ts'
import { FitsError } from './fits-error.ts'
import { BLOCK_BYTES, type FitsHeader, parseHeader } from './header.ts'

export type HduKind = 'image' | 'groups' | 'bintable' | 'table' | 'other'

/** One header-and-data unit: the header parsed, the data located but not read. */
export interface Hdu {
  readonly index: number
  readonly kind: HduKind
  /** EXTNAME without trailing blanks; '' for the primary. */
  readonly name: string
  readonly version: number
  readonly header: FitsHeader
  readonly bitpix: number
  /** NAXIS1 first (fastest). */
  readonly axes: readonly number[]
  readonly dataOffset: number
  /** Without the padding to a multiple of 2880. */
  readonly dataBytes: number
}

export interface FitsFile {
  readonly source: ByteSource
  readonly hdus: readonly Hdu[]
}

/** A header with more than this is damage, not documentation. */
const MAX_HEADER_BYTES = 64 * 1024 * 1024
const MAX_HDUS = 100_000

/**
 * Finds and parses all headers of a FITS file; no data are read.
 *
 * Sizes are held against the size of the file here, so that later reads never allocate for data that are not there.
 * What follows the last extension without starting a new one is left alone, as the standard's special records are.
 * @throws FitsError when it is not FITS, is truncated, or a header contradicts itself
 * @see FITS standard 4.0, sections 3 and 4.4
 */
export async function readFits(source: ByteSource): Promise<FitsFile> {
  const hdus: Hdu[] = []
  let offset = 0
  while (hdus.length < MAX_HDUS) {
    const where = `${source.name}, HDU ${hdus.length}`
    if (!(await startsHdu(source, offset, hdus.length))) break
    const { header, headerBytes } = await readHeader(source, offset, where)
    const hdu = describeHdu(header, hdus.length, offset + headerBytes)
    requireRange(where, source.size, hdu.dataOffset, hdu.dataBytes)
    hdus.push(hdu)
    offset = hdu.dataOffset + padded(hdu.dataBytes)
  }
  return { source, hdus }
}

/** First extension with this name, ignoring case. */
export function findHdu(file: FitsFile, name: string, version?: number): Hdu | undefined {
  const wanted = name.toUpperCase()
  return file.hdus.find(hdu => hdu.name.toUpperCase() === wanted && (version === undefined || hdu.version === version))
}

/** Rounds up to whole 2880-byte blocks. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
}

async function startsHdu(source: ByteSource, offset: number, index: number): Promise<boolean> {
  const available = Math.min(CARD_BYTES, source.size - offset)
  if (index === 0) {
    const start = available > 0 ? await source.read(0, available) : new Uint8Array(0)
    const text = new TextDecoder('latin1').decode(start)
    if (/^SIMPLE {2}=\s+T\b/.test(text)) return true
    throw new FitsError(
      `expected a FITS file (starting with SIMPLE = T), got ${describeStart(text)} (${source.name}): give a FITS or UVFITS file`,
      { file: source.name },
    )
  }
  if (available < CARD_BYTES) return false
  const text = new TextDecoder('latin1').decode(await source.read(offset, available))
  return text.startsWith('XTENSION=')
}

function describeStart(text: string): string {
  if (text === '') return 'an empty file'
  return `a file starting with ${JSON.stringify(text.slice(0, 16))}`
}

async function readHeader(source: ByteSource, start: number, where: string) {
  const blocks: Uint8Array[] = []
  let length = 0
  for (;;) {
    // Blocks are fetched in growing runs: most headers fit the first, histories of AIPS do not.
    const want = Math.min(Math.max(length, 4 * BLOCK_BYTES), source.size - start - length)
    if (want < CARD_BYTES || length > MAX_HEADER_BYTES) {
      throw new FitsError(
        `expected an END card, got the end of the file or ${MAX_HEADER_BYTES >> 20} MB without one (${where}): the file is truncated or damaged; copy or download it again`,
        { where, offset: start },
      )
    }
    const block = await source.read(start + length, want)
    const end = findEnd(block, (CARD_BYTES - (length % CARD_BYTES)) % CARD_BYTES)
    blocks.push(block)
    if (end >= 0) {
      const bytes = concatenate(blocks).subarray(0, length + end + CARD_BYTES)
      return { header: parseHeader(bytes, where), headerBytes: padded(bytes.length) }
    }
    length += block.length
  }
}

function findEnd(bytes: Uint8Array, first: number): number {
  for (let offset = first; offset + CARD_BYTES <= bytes.length; offset += CARD_BYTES) {
    if (bytes[offset] !== 0x45 || bytes[offset + 1] !== 0x4e || bytes[offset + 2] !== 0x44) continue
    let blank = true
    for (let i = 3; i < CARD_BYTES && blank; i++) blank = bytes[offset + i] === 0x20
    if (blank) return offset
  }
  return -1
}

function concatenate(blocks: readonly Uint8Array[]): Uint8Array {
  if (blocks.length === 1) return blocks[0]
  const all = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    all.set(block, at)
    at += block.length
  }
  return all
}

function describeHdu(header: FitsHeader, index: number, dataOffset: number): Hdu {
  const bitpix = header.integer('BITPIX')
  if (![8, 16, 32, 64, -32, -64].includes(bitpix)) {
    throw new FitsError(`expected BITPIX 8, 16, 32, 64, -32 or -64, got ${bitpix} (${header.where})`, { bitpix })
  }
  const axes = readAxes(header)
  const kind = kindOf(header, axes)
  const groupCount = header.integer('GCOUNT', 1)
  const parameterCount = header.integer('PCOUNT', 0)
  const sizes = kind === 'groups' ? axes.slice(1) : axes
  const elements = sizes.length === 0 ? 0 : sizes.reduce((product, n) => product * n, 1)
  const dataBytes = (Math.abs(bitpix) / 8) * groupCount * (parameterCount + elements)
  if (!Number.isSafeInteger(dataBytes) || dataBytes < 0 || parameterCount < 0) {
    throw new FitsError(
      `expected a data size the file can hold, got axes ${axes.join(' x ')}, PCOUNT ${parameterCount}, GCOUNT ${groupCount} (${header.where}): the header is damaged`,
      { where: header.where, axes: [...axes] },
    )
  }
  const name = header.get('EXTNAME')
  return {
    index,
    kind,
    name: typeof name === 'string' ? name.trim() : '',
    version: header.integer('EXTVER', 1),
    header,
    bitpix,
    axes,
    dataOffset,
    dataBytes,
  }
}

function readAxes(header: FitsHeader): number[] {
  const naxis = header.integer('NAXIS')
  if (naxis < 0 || naxis > 999) {
    throw new FitsError(`expected NAXIS from 0 to 999, got ${naxis} (${header.where})`, { naxis })
  }
  return Array.from({ length: naxis }, (_, i) => {
    const size = header.integer(`NAXIS${i + 1}`)
    if (size >= 0) return size
    throw new FitsError(`expected NAXIS${i + 1} of 0 or more, got ${size} (${header.where})`, { size })
  })
}

function kindOf(header: FitsHeader, axes: readonly number[]): HduKind {
  const extension = header.get('XTENSION')
  if (extension === undefined) {
    return header.get('GROUPS') === true && axes.length > 0 && axes[0] === 0 ? 'groups' : 'image'
  }
  if (extension === 'IMAGE' || extension === 'IUEIMAGE') return 'image'
  if (extension === 'BINTABLE' || extension === 'A3DTABLE') return 'bintable'
  return extension === 'TABLE' ? 'table' : 'other'
}
