import { type ImageFormat, openProductStore, type ProductStore } from '@cleanbeam/image/node'
import { createMajorCycleCache, type MajorCycleCache } from './major-cycle-cache.ts'

/** What the engine keeps for an image name between calls. */
export interface Workspace {
  readonly store: ProductStore
  readonly majorCycles: MajorCycleCache
  release(): void
}

export function openWorkspace(imagename: string, format: ImageFormat): Workspace {
  const store = openProductStore(imagename, { format })
  const majorCycles = createMajorCycleCache()
  return {
    store,
    majorCycles,
    release() {
      store.release()
      majorCycles.release()
    },
  }
}
