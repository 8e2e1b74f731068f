import { type ImageFormat, openProductStore, type ProductStore } from '@cleanbeam/image/node'
import { createMajorCycleCache, type MajorCycleCache } from './major-cycle-cache.ts'

/** What the engine keeps for an image name between calls. */
export interface Workspace {
  /** Products of the main image. */
  readonly store: ProductStore
  readonly majorCycles: MajorCycleCache
  /** Products of the main image or of an outlier. */
  storeOf(imagename: string): ProductStore
  release(): void
}

export function openWorkspace(imagename: string, format: ImageFormat): Workspace {
  const stores = new Map<string, ProductStore>()
  const majorCycles = createMajorCycleCache()
  const storeOf = (name: string): ProductStore => {
    const known = stores.get(name)
    if (known) return known
    const store = openProductStore(name, { format })
    stores.set(name, store)
    return store
  }
  return {
    store: storeOf(imagename),
    storeOf,
    majorCycles,
    release() {
      for (const store of stores.values()) store.release()
      majorCycles.release()
    },
  }
}
