import { createImage } from '@cleanbeam/image'
import {
  type CompleteMaskEdit,
  encodeRuns,
  type MaskChange,
  type MaskPlane,
  type MaskState,
  type Planes,
  type RegionData,
} from '@cleanbeam/protocol'
import type { ImageCube } from '@cleanbeam/types'
import { grownMask, shrunkMask } from './mask-border.ts'
import { MaskJournal, type MaskJournalEntry } from './mask-journal.ts'
import type { ProductTable } from './product-table.ts'
import { coverOf, type RegionCover, type RegionGrid, type RegionSources } from './region-cover.ts'
import { SessionError } from './session-error.ts'
import type { JournalFile } from './session-files.ts'

const MASK = '.mask'
/** Products that tell the grid of the mask while there is none, in order of preference. */
const GRID = ['.residual', '.residual.tt0', '.psf']

type ChangeCause = MaskChange['cause']

/**
 * Keeps the clean mask: edits take effect in memory at once, are in the journal when they are acknowledged, and in the
 * mask product before the next step.
 */
export class MaskKeeper {
  readonly #products: ProductTable
  readonly #field: number
  readonly #file: JournalFile
  readonly #loadFile: RegionSources['file']
  readonly #onChange: (change: MaskChange) => void
  #journal: MaskJournal | null = null
  #grid: ImageCube | null = null
  #generation = 0
  #counted = { generation: 0, nPixel: 0 }
  /** Set while our own version of the mask product is being written. */
  #writing = false

  /** @param field - which field of the run, 0 for the main one */
  constructor(
    products: ProductTable,
    field: number,
    files: { readonly journal: JournalFile; readonly loadFile: RegionSources['file'] },
    onChange: (change: MaskChange) => void,
  ) {
    this.#products = products
    this.#field = field
    this.#file = files.journal
    this.#loadFile = files.loadFile
    this.#onChange = onChange
  }

  get state(): MaskState {
    const journal = this.#journal
    return {
      field: this.#field,
      generation: this.#generation,
      nPixel: this.#countPixels(),
      canUndo: journal?.canUndo ?? false,
      canRedo: journal?.canRedo ?? false,
      nPending: journal?.nPending ?? 0,
    }
  }

  #countPixels(): number {
    if (this.#counted.generation !== this.#generation) {
      const nPixel = this.#journal?.bits.reduce((sum, bit) => sum + bit, 0) ?? 0
      this.#counted = { generation: this.#generation, nPixel }
    }
    return this.#counted.nPixel
  }

  /** @throws SessionError when there is no image yet, a plane does not exist; ImageError for the region */
  async edit(edit: CompleteMaskEdit): Promise<MaskState> {
    const { journal, grid } = await this.#open()
    const cover = edit.region === undefined ? null : await this.coverOf(edit.region, grid)
    const wanted = wantedPlanes(edit, journal, grid, cover)
    return this.#keep(journal.edit(wanted), 'edit', edit.channels, edit.stokes)
  }

  /** Pixels a region covers on a grid of this field. @throws as {@link coverOf} */
  coverOf(region: RegionData, grid: RegionGrid): Promise<RegionCover> {
    return coverOf(region, grid, {
      product: (suffix, stokes, channel) => this.#products.plane(suffix, stokes, channel),
      mask: (stokes, channel) => this.pixels(stokes, channel) ?? new Uint8Array(grid.shape[0] * grid.shape[1]),
      file: this.#loadFile,
    })
  }

  async undo(): Promise<MaskState> {
    const { journal } = await this.#open()
    return this.#keep(journal.undo(), 'undo', 'all', 'all')
  }

  async redo(): Promise<MaskState> {
    const { journal } = await this.#open()
    return this.#keep(journal.redo(), 'redo', 'all', 'all')
  }

  /** @throws SessionError when the plane does not exist */
  async plane(stokes: number, channel: number): Promise<MaskPlane> {
    const { journal, grid } = await this.#open()
    const [nx, ny, nStokes] = grid.shape
    requirePlanes(grid, [stokes], [channel])
    const runs = encodeRuns(journal.plane(stokes + nStokes * channel))
    return { generation: this.#generation, shape: [nx, ny], runs }
  }

  /** The pixels of a plane, 1 = clean; null when there is no mask. */
  pixels(stokes: number, channel: number): Uint8Array | null {
    return this.#journal?.plane(stokes + (this.#grid?.shape[2] ?? 1) * channel) ?? null
  }

  /** Brings the mask product up to date; call before each step. */
  async write(): Promise<void> {
    const journal = this.#journal
    const grid = this.#grid
    if (journal === null || grid === null || journal.nPending === 0) return
    const cube = createImage(grid.shape, grid.coordinates, { pixels: Float32Array.from(journal.bits) })
    this.#writing = true
    try {
      await this.#products.write(MASK, cube)
    } finally {
      this.#writing = false
    }
    await this.#file.append(journal.written())
    this.#announce('edit', 'all', 'all')
  }

  /** The mask product has changed on disk. */
  async changedOnDisk(cube: ImageCube, cause: ChangeCause): Promise<void> {
    if (this.#writing) return
    if (this.#journal === null || !sameShape(cube, this.#grid)) {
      await this.#begin(cube)
      this.#generation++
      this.#announce(cause, 'all', 'all')
    } else if (this.#journal.replace(bitsOf(cube))) {
      this.#generation++
      this.#announce(cause, 'all', 'all')
    }
  }

  async #open(): Promise<{ journal: MaskJournal; grid: ImageCube }> {
    if (this.#journal === null) {
      const mask = this.#products.find(MASK)
      const grid = mask ?? GRID.map(suffix => this.#products.find(suffix)).find(cube => cube !== null) ?? null
      if (grid === null) {
        throw new SessionError('expected an image to draw a mask on, got none yet: make the first step')
      }
      await this.#begin(mask ?? createImage(grid.shape, grid.coordinates))
    }
    return { journal: this.#journal as MaskJournal, grid: this.#grid as ImageCube }
  }

  async #begin(cube: ImageCube): Promise<void> {
    const isFirst = this.#journal === null
    const journal = new MaskJournal(cube.shape[0] * cube.shape[1], bitsOf(cube))
    this.#grid = cube
    this.#journal = journal
    const entries = isFirst ? await this.#file.load() : []
    if (isFirst && journal.fits(entries)) journal.replay(entries)
    else await this.#file.clear()
  }

  async #keep(
    entry: MaskJournalEntry | null,
    cause: ChangeCause,
    channels: Planes,
    stokes: Planes,
  ): Promise<MaskState> {
    if (entry === null) return this.state
    this.#generation++
    await this.#file.append(entry)
    this.#announce(cause, channels, stokes)
    return this.state
  }

  #announce(cause: ChangeCause, channels: Planes, stokes: Planes): void {
    this.#onChange({ ...this.state, cause, channels, stokes })
  }
}

const bitsOf = ({ pixels }: ImageCube): Uint8Array => Uint8Array.from(pixels, value => (value > 0 ? 1 : 0))

const sameShape = (a: ImageCube, b: ImageCube | null): boolean =>
  b?.shape.every((n, axis) => n === a.shape[axis]) === true

const indices = (planes: Planes, n: number): readonly number[] =>
  planes === 'all' ? Array.from({ length: n }, (_, i) => i) : planes

function requirePlanes({ shape }: ImageCube, stokes: readonly number[], channels: readonly number[]): void {
  const [, , nStokes, nChannel] = shape
  if (stokes.every(i => i < nStokes) && channels.every(i => i < nChannel)) return
  throw new SessionError(
    `expected planes within ${nStokes} Stokes and ${nChannel} channels, got Stokes [${stokes.join(', ')}], channels [${channels.join(', ')}] (mask)`,
    { stokes: [...stokes], channels: [...channels] },
  )
}

/** New pixels of every plane the edit reaches. */
function wantedPlanes(
  edit: CompleteMaskEdit,
  journal: MaskJournal,
  grid: ImageCube,
  cover: RegionCover | null,
): Map<number, Uint8Array> {
  const [nx, ny, nStokes, nChannel] = grid.shape
  const stokes = indices(edit.stokes, nStokes)
  const channels = indices(edit.channels, nChannel)
  requirePlanes(grid, stokes, channels)
  const wanted = new Map<number, Uint8Array>()
  for (const channel of channels) {
    for (const iStokes of stokes) {
      const plane = iStokes + nStokes * channel
      wanted.set(plane, editedPlane(edit, journal.plane(plane), cover?.(iStokes, channel) ?? null, nx, ny))
    }
  }
  return wanted
}

function editedPlane(
  { op, radiusPixels = 0 }: CompleteMaskEdit,
  before: Uint8Array,
  inside: Uint8Array | null,
  nx: number,
  ny: number,
): Uint8Array {
  if (op === 'grow' || op === 'shrink') {
    const moved = (op === 'grow' ? grownMask : shrunkMask)(before, nx, ny, radiusPixels)
    return inside === null ? moved : moved.map((value, i) => (inside[i] === 0 ? before[i] : value))
  }
  const pixels = before.slice()
  if (op === 'set' || op === 'clear') pixels.fill(0)
  if (op === 'clear') return inside === null ? pixels : before.map((value, i) => (inside[i] === 0 ? value : 0))
  for (let i = 0; i < pixels.length; i++) {
    if (inside !== null && inside[i] === 0) continue
    if (op === 'invert') pixels[i] ^= 1
    else pixels[i] = op === 'erase' ? 0 : 1
  }
  return pixels
}
