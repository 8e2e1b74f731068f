import type { CachedSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import { gatherSlice, type ResolvedSlice, sliceCount } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import { type DyscoHeader, parseDyscoHeader } from './dysco-layout.ts'
import { dyscoLevels } from './dysco-levels.ts'
import type { NumericArray } from './value-type.ts'

const HEAD_LIMIT = 1 << 20

/** What a Dysco manager is opened with. */
export interface DyscoOptions {
  readonly columns: readonly ManagedColumn[]
  readonly nRow: number | null
  readonly source: CachedSource
  /** Integers of a column of the same table, such as ANTENNA1. */
  readonly integers: (column: string, rowStart: number, nRow: number) => ArrayLike<number>
}

/** Where a column lies in the blocks. */
interface DyscoPart {
  readonly offset: number
  readonly bytes: number
  readonly column: ManagedColumn
  readonly nChannel: number
  readonly nCorrelation: number
}

/**
 * The Dysco storage manager, for reading: visibilities and weights in blocks of the rows of one time, each value a symbol of
 * a few bits for a level, to be multiplied by the scale of its row, or of its antennas (or row) and its channel.
 * @see Offringa (2016), Astronomy and Computing 18, 1, arXiv:1609.02019
 */
export class DyscoStorage implements StorageManager {
  readonly header: DyscoHeader
  readonly nRow: number
  readonly options: DyscoOptions
  private readonly parts: readonly DyscoPart[]
  private readonly nBlock: number
  private levelTable: Float32Array | null = null

  constructor(options: DyscoOptions) {
    this.options = options
    const { source, columns } = options
    this.header = parseDyscoHeader(source.view(0, Math.min(source.size, HEAD_LIMIT)), source.name)
    const { bytes, blockBytes, rowsPerBlock, columnBytes } = this.header
    if (columnBytes.length !== columns.length)
      throw this.error(`expected ${columns.length} columns, got ${columnBytes.length}`)
    this.nBlock = Math.floor((source.size - bytes) / blockBytes)
    this.nRow = options.nRow ?? this.nBlock * rowsPerBlock
    let offset = 0
    this.parts = columns.map((column, i) => {
      const part = this.describe(column, offset, columnBytes[i])
      offset += columnBytes[i]
      return part
    })
    this.checkLength()
  }

  column(index: number): ColumnStorage {
    const part = this.parts[index]
    return part.column.description.type === 'complex64'
      ? new DyscoDataColumn(this, part)
      : new DyscoWeightColumn(this, part)
  }

  close(): void {
    this.options.source.close()
  }

  error(message: string): CasatableError {
    return new CasatableError(message, { file: this.options.source.name })
  }

  /** The bytes of a column in a block: a view that the next read may overwrite. */
  block(index: number, part: DyscoPart): Uint8Array {
    return this.options.source.view(this.header.bytes + index * this.header.blockBytes + part.offset, part.bytes)
  }

  levels(): Float32Array {
    const { distribution, bitsPerFloat } = this.header
    this.levelTable ??= dyscoLevels(distribution, bitsPerFloat, this.header)
    return this.levelTable
  }

  private describe(column: ManagedColumn, offset: number, bytes: number): DyscoPart {
    const { type, name } = column.description
    const [nCorrelation, nChannel] = column.fixedShape ?? []
    if (column.fixedShape?.length !== 2 || (type !== 'complex64' && type !== 'float32'))
      throw this.error(`expected visibilities or weights of fixed shape in column ${name}, got ${type}`)
    const part = { offset, bytes, column, nChannel, nCorrelation }
    const expected =
      type === 'complex64'
        ? 4 * nFactor(this.header, part) +
          symbolBytes(this.header.rowsPerBlock * nChannel * nCorrelation * 2, this.header.bitsPerFloat)
        : 4 + symbolBytes(this.header.rowsPerBlock * nChannel, this.header.bitsPerWeight)
    if (expected !== bytes) throw this.error(`expected ${expected} bytes per block for column ${name}, got ${bytes}`)
    return part
  }

  private checkLength(): void {
    const needed = Math.ceil(this.nRow / this.header.rowsPerBlock)
    const { source } = this.options
    if (needed > this.nBlock)
      throw source.error(
        `expected ${needed} blocks of ${this.header.rowsPerBlock} rows, got ${this.nBlock}; the file is truncated, or the last rows were never written`,
        source.size,
      )
  }
}

/** Scales at the beginning of a block. */
function nFactor(header: DyscoHeader, { nChannel, nCorrelation }: DyscoPart): number {
  if (header.normalisation === 'row') return header.rowsPerBlock
  const nOther = header.normalisation === 'row-frequency' ? header.rowsPerBlock : header.nAntenna
  return nCorrelation * (nChannel + nOther)
}

function symbolBytes(nSymbol: number, bits: number): number {
  return Math.ceil((nSymbol * bits) / 8)
}

/** Symbols lie in the bytes from the lowest bit on. */
function symbolAt(bytes: Uint8Array, begin: number, index: number, bits: number): number {
  const bit = index * bits
  const at = begin + (bit >>> 3)
  const shift = bit & 7
  let word = bytes[at] >>> shift
  if (shift + bits > 8) word |= bytes[at + 1] << (8 - shift)
  if (shift + bits > 16) word |= bytes[at + 2] << (16 - shift)
  return word & (2 ** bits - 1)
}

abstract class DyscoColumn implements ColumnStorage {
  protected readonly storage: DyscoStorage
  protected readonly part: DyscoPart
  private readonly shape: readonly number[]
  private readonly cell: Float32Array

  constructor(storage: DyscoStorage, part: DyscoPart, components: 1 | 2) {
    this.storage = storage
    this.part = part
    this.shape = [part.nCorrelation, part.nChannel]
    this.cell = new Float32Array(elementCount(this.shape) * components)
  }

  shapeRun(): StorageRun {
    return { shape: this.shape, end: this.storage.nRow }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const { rowsPerBlock } = this.storage.header
    const components = this.cell.length === elementCount(this.shape) ? 1 : 2
    const perRow = sliceCount(slice, this.shape)
    const into = target as Float32Array
    for (let row = rowStart; row < rowStart + nRow; ) {
      const index = Math.floor(row / rowsPerBlock)
      const end = Math.min(rowStart + nRow, (index + 1) * rowsPerBlock)
      const begin = this.openBlock(this.storage.block(index, this.part), row, end - row)
      const bytes = this.storage.block(index, this.part)
      for (const first = row; row < end; row++) {
        const out = at + (row - rowStart) * perRow
        if (slice === null)
          this.decodeRow(bytes, begin, row - index * rowsPerBlock, row - first, into, out * components)
        else {
          this.decodeRow(bytes, begin, row - index * rowsPerBlock, row - first, this.cell, 0)
          gatherSlice(this.cell, this.shape, slice, components, target, out)
        }
      }
    }
  }

  readStrings(): string[] {
    throw this.storage.error(`expected strings in column ${this.part.column.description.name}, got compressed numbers`)
  }

  /**
   * Reads what the rows of a block share.
   * @returns where the symbols begin
   */
  protected abstract openBlock(bytes: Uint8Array, rowStart: number, nRow: number): number

  /** Decodes row `inBlock` of a block, the `inRead`th of those `openBlock` was told. */
  protected abstract decodeRow(
    bytes: Uint8Array,
    begin: number,
    inBlock: number,
    inRead: number,
    target: Float32Array,
    at: number,
  ): void
}

class DyscoDataColumn extends DyscoColumn {
  private factors = new Float32Array(0)
  private antenna1: ArrayLike<number> = []
  private antenna2: ArrayLike<number> = []

  constructor(storage: DyscoStorage, part: DyscoPart) {
    super(storage, part, 2)
  }

  protected openBlock(bytes: Uint8Array, rowStart: number, nRow: number): number {
    const { header, options } = this.storage
    const n = nFactor(header, this.part)
    this.factors = new Float32Array(n)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < n; i++) this.factors[i] = view.getFloat32(4 * i, true)
    if (header.normalisation === 'antenna-frequency') {
      this.antenna1 = options.integers('ANTENNA1', rowStart, nRow)
      this.antenna2 = options.integers('ANTENNA2', rowStart, nRow)
    }
    return 4 * n
  }

  protected decodeRow(
    bytes: Uint8Array,
    begin: number,
    inBlock: number,
    inRead: number,
    target: Float32Array,
    at: number,
  ): void {
    const { nChannel, nCorrelation } = this.part
    const { bitsPerFloat } = this.storage.header
    const levels = this.storage.levels()
    const rowScale = this.rowScales(inBlock, inRead)
    const hasChannels = this.storage.header.normalisation !== 'row'
    let symbol = inBlock * nChannel * nCorrelation * 2
    let out = at
    for (let channel = 0; channel < nChannel; channel++)
      for (let correlation = 0; correlation < nCorrelation; correlation++) {
        const channelScale = hasChannels ? this.factors[channel * nCorrelation + correlation] : 1
        const scale = rowScale[correlation] * channelScale
        target[out++] = levels[symbolAt(bytes, begin, symbol++, bitsPerFloat)] * scale
        target[out++] = levels[symbolAt(bytes, begin, symbol++, bitsPerFloat)] * scale
      }
  }

  /** Scale of every correlation that does not depend on channel. */
  private rowScales(inBlock: number, inRead: number): number[] {
    const { nChannel, nCorrelation } = this.part
    const { normalisation, nAntenna } = this.storage.header
    const { factors } = this
    const correlations = Array.from({ length: nCorrelation }, (_, correlation) => correlation)
    const others = nChannel * nCorrelation
    if (normalisation === 'row') return correlations.map(() => factors[inBlock])
    if (normalisation === 'row-frequency')
      return correlations.map(correlation => factors[others + inBlock * nCorrelation + correlation])
    const [first, second] = [this.antenna1[inRead], this.antenna2[inRead]]
    if (!(first >= 0 && first < nAntenna && second >= 0 && second < nAntenna))
      throw this.storage.error(`expected antennas below ${nAntenna}, got ${first} and ${second}`)
    return correlations.map(
      correlation =>
        factors[others + correlation * nAntenna + first] * factors[others + correlation * nAntenna + second],
    )
  }
}

/** Weights: one symbol for all correlations of a channel, linear up to the largest weight of the block. */
class DyscoWeightColumn extends DyscoColumn {
  private step = 0

  constructor(storage: DyscoStorage, part: DyscoPart) {
    super(storage, part, 1)
  }

  protected openBlock(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.step = view.getFloat32(0, true) / (2 ** this.storage.header.bitsPerWeight - 1)
    return 4
  }

  protected decodeRow(
    bytes: Uint8Array,
    begin: number,
    inBlock: number,
    _inRead: number,
    target: Float32Array,
    at: number,
  ): void {
    const { nChannel, nCorrelation } = this.part
    for (let channel = 0; channel < nChannel; channel++) {
      const symbol = symbolAt(bytes, begin, inBlock * nChannel + channel, this.storage.header.bitsPerWeight)
      target.fill(symbol * this.step, at + channel * nCorrelation, at + (channel + 1) * nCorrelation)
    }
  }
}
