import { CasatableError } from './casatable-error.ts'

/** How values were brought to one scale before they were quantised (the paper's section 2.2). */
export type DyscoNormalisation = 'antenna-frequency' | 'row-frequency' | 'row'

/** The distribution the quantisation levels were chosen for (section 2.1). */
export type DyscoDistribution = 'gaussian' | 'uniform' | 'student-t' | 'truncated-gaussian'

/** Head of a Dysco file. */
export interface DyscoHeader {
  /** Where the first block begins. */
  readonly bytes: number
  readonly rowsPerBlock: number
  readonly nAntenna: number
  /** Bytes of one block: the rows of one time, all columns. */
  readonly blockBytes: number
  readonly bitsPerFloat: number
  readonly bitsPerWeight: number
  readonly distribution: DyscoDistribution
  readonly normalisation: DyscoNormalisation
  readonly studentTNu: number
  readonly truncation: number
  /** Bytes of each column within a block, in order. */
  readonly columnBytes: readonly number[]
}

const DISTRIBUTIONS: readonly DyscoDistribution[] = ['gaussian', 'uniform', 'student-t', 'truncated-gaussian']
const NORMALISATIONS: readonly DyscoNormalisation[] = ['antenna-frequency', 'row-frequency', 'row']
/** Numbers of bits a symbol can have. */
const SYMBOL_BITS: readonly number[] = [2, 3, 4, 6, 8, 10, 12, 16]

const FIXED_BYTES = 57
const MAX_NAME_BYTES = 1 << 16
const MAX_HEADER_BYTES = 1 << 24

/**
 * Parses the head of a Dysco file (little-endian): lengths of head and offset of the columns' entries, number of columns,
 * name, rows per block, antennas, bytes per block, version, symbol sizes, distribution, normalisation and their
 * parameters; then for each column the length of its entry, its bytes per block and its antennas.
 * @throws CasatableError for another version or numbers that contradict each other
 * @see Offringa (2016), Astronomy and Computing 18, 1, arXiv:1609.02019; the layout from files that casacore writes
 */
export function parseDyscoHeader(bytes: Uint8Array, file: string): DyscoHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const refuse = (message: string, offset = 0) => new CasatableError(message, { file, offset })
  if (bytes.length < FIXED_BYTES) throw refuse(`expected a Dysco header, got ${bytes.length} bytes`)
  const headerBytes = view.getUint32(0, true)
  const nName = view.getUint32(12, true)
  const fixed = 16 + nName
  if (
    nName > MAX_NAME_BYTES ||
    headerBytes > MAX_HEADER_BYTES ||
    fixed + 36 > headerBytes ||
    headerBytes > bytes.length
  )
    throw refuse(
      `expected a Dysco header of ${headerBytes} bytes, got ${bytes.length}; the file is truncated or damaged`,
    )
  const major = view.getUint16(fixed + 12, true)
  if (major !== 1) throw refuse(`expected a Dysco file of version 1, got ${major}`, fixed + 12)
  const distribution = DISTRIBUTIONS[bytes[fixed + 18]]
  const normalisation = NORMALISATIONS[bytes[fixed + 19]]
  if (distribution === undefined || normalisation === undefined)
    throw refuse(`expected a known distribution and normalisation, got ${bytes[fixed + 18]} and ${bytes[fixed + 19]}`)
  const header = {
    bytes: headerBytes,
    rowsPerBlock: view.getUint32(fixed, true),
    nAntenna: view.getUint32(fixed + 4, true),
    blockBytes: view.getUint32(fixed + 8, true),
    bitsPerFloat: bytes[fixed + 16],
    bitsPerWeight: bytes[fixed + 17],
    distribution,
    normalisation,
    studentTNu: view.getFloat64(fixed + 20, true),
    truncation: view.getFloat64(fixed + 28, true),
    columnBytes: columnEntries(view, headerBytes, refuse),
  }
  const total = header.columnBytes.reduce((sum, length) => sum + length, 0)
  if (header.rowsPerBlock === 0 || total !== header.blockBytes || total === 0)
    throw refuse(`expected blocks of ${total} bytes, got ${header.rowsPerBlock} rows in ${header.blockBytes} bytes`)
  for (const bits of [header.bitsPerFloat, header.bitsPerWeight])
    if (!SYMBOL_BITS.includes(bits)) throw refuse(`expected symbols of ${SYMBOL_BITS.join(', ')} bits, got ${bits}`)
  return header
}

function columnEntries(
  view: DataView,
  headerBytes: number,
  refuse: (message: string, offset: number) => CasatableError,
): number[] {
  const nColumn = view.getUint32(8, true)
  const lengths: number[] = []
  let at = view.getUint32(4, true)
  for (let i = 0; i < nColumn; i++) {
    if (at + 12 > headerBytes) throw refuse(`expected ${nColumn} columns in the Dysco header, got ${i}`, at)
    lengths.push(view.getUint32(at + 4, true))
    at += Math.max(view.getUint32(at, true), 12)
  }
  return lengths
}
