import type { MaskChange, ProductInfo } from '@cleanbeam/protocol'
import type { ImageCube } from '@cleanbeam/types'
import { MaskKeeper } from './mask-keeper.ts'
import { ProductTable } from './product-table.ts'
import type { RegionSources } from './region-cover.ts'
import { SessionError } from './session-error.ts'
import type { JournalFile, ProductFiles } from './session-files.ts'

/** Where the images of one field are kept. */
export interface FieldFiles {
  readonly imagename: string
  readonly products: ProductFiles
  readonly journal: JournalFile
}

/** One field of the run, the main one or an outlier: its products and its clean mask. */
export interface SessionField {
  readonly imagename: string
  readonly products: ProductTable
  readonly masks: MaskKeeper
}

/** What a session does when something of a field changes. */
export interface FieldHooks {
  onProduct(info: ProductInfo): void
  onMask(change: MaskChange): void
  /** Who has changed a mask on disk. */
  changer(): 'disk' | 'engine'
  readonly loadFile: RegionSources['file']
}

/** All fields of a run, the main one first. */
export class SessionFields {
  readonly #fields: readonly SessionField[]
  readonly #journals: readonly JournalFile[]

  constructor(files: readonly FieldFiles[], hooks: FieldHooks) {
    this.#fields = files.map((field, index) => openField(field, index, hooks))
    this.#journals = files.map(({ journal }) => journal)
  }

  get all(): readonly SessionField[] {
    return this.#fields
  }

  /** @throws SessionError when the run has no such field */
  get(index: number): SessionField {
    const field = this.#fields[index]
    if (field !== undefined) return field
    throw new SessionError(`expected a field of this session, 0 to ${this.#fields.length - 1}, got ${index}`, {
      field: index,
    })
  }

  /** Looks what has changed on disk. */
  async refresh(): Promise<void> {
    for (const { products } of this.#fields) await products.refresh()
  }

  /** Brings all masks to disk. */
  async writeMasks(): Promise<void> {
    for (const { masks } of this.#fields) await masks.write()
  }

  /** Without the mask it was about, the journal of an earlier session says nothing. */
  async forgetLostJournals(): Promise<void> {
    for (const [i, { products }] of this.#fields.entries()) {
      if (products.find('.mask') === null) await this.#journals[i].clear()
    }
  }
}

function openField(
  { imagename, products: files, journal }: FieldFiles,
  index: number,
  hooks: FieldHooks,
): SessionField {
  const changed = async (info: ProductInfo, cube: ImageCube) => {
    hooks.onProduct(info)
    if (info.suffix === '.mask') await masks.changedOnDisk(cube, hooks.changer())
  }
  const products = new ProductTable(files, index, changed)
  const masks = new MaskKeeper(products, index, { journal, loadFile: hooks.loadFile }, hooks.onMask)
  return { imagename, products, masks }
}
