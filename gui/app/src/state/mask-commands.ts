import { decodeRuns, type MaskEdit, type RegionData, type SessionClient } from '@cleanbeam/protocol'
import { maskOutlines, type RegionShape, valueAt } from '@cleanbeam/viewer/drawing'
import type { AppState, AppStore } from './app-state.ts'
import type { Commands } from './commands.ts'
import { regionMessage } from './region-message.ts'
import { loadedPlane, shownField, shownPlane, shownProduct } from './selectors.ts'

type MaskCommands = Pick<
  Commands,
  | 'editMask'
  | 'drawn'
  | 'applyPending'
  | 'reopenLast'
  | 'wandAt'
  | 'copyMask'
  | 'pasteMask'
  | 'saveMask'
  | 'previewMask'
  | 'applyPreview'
>

/** Planes an edit of the mask reaches, as the settings have them. */
export function maskPlanes(state: AppState): Pick<MaskEdit, 'field' | 'channels' | 'stokes'> {
  const { channel, stokes } = shownPlane(state)
  const { maskReach, maskFrom, maskTo, maskAllStokes } = state.settings
  const nChannel = shownProduct(state)?.shape[3] ?? 1
  const [first, last] = [Math.min(maskFrom, maskTo), Math.min(nChannel - 1, Math.max(maskFrom, maskTo))]
  const range = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  const channels = maskReach === 'all' ? 'all' : maskReach === 'range' ? range : [channel]
  return { field: shownField(state), channels, stokes: maskAllStokes ? 'all' : [stokes] }
}

/** What the buttons and tools of the mask do. */
export function maskCommands(
  client: SessionClient,
  store: AppStore,
  attempt: (what: string, call: () => Promise<unknown>) => Promise<void>,
): MaskCommands {
  let lastDrawn: AppState['pending'] = null
  const edit = (op: MaskEdit['op'], region?: RegionData, radiusPixels?: number) =>
    attempt('The mask could not be changed', () => {
      store.setState({ preview: null })
      return client.call('mask.edit', { op, region, radiusPixels, ...maskPlanes(store.getState()) })
    })
  const apply = (region: RegionShape, mode: 'add' | 'erase') => {
    lastDrawn = { region, mode }
    return edit(mode, regionMessage(region))
  }
  return {
    editMask: (op, region, radiusPixels) => edit(op, region, radiusPixels),
    drawn: async (region, mode) => {
      // A stroke of the brush is painted where it should be: there is nothing to take hold of.
      const keeps = store.getState().settings.holdRegions && region.shape !== 'stroke'
      if (keeps) store.setState({ pending: { region, mode } })
      else await apply(region, mode)
    },
    applyPending: async () => {
      const { pending } = store.getState()
      store.setState({ pending: null })
      if (pending) await apply(pending.region, pending.mode)
    },
    reopenLast: async () => {
      if (!lastDrawn) return
      const reopened = lastDrawn
      lastDrawn = null
      await attempt('Undo failed', () => client.call('mask.undo', { field: shownField(store.getState()) }))
      store.setState({ pending: reopened })
    },
    wandAt: (position, mode) => {
      const region = levelAround(store.getState(), position)
      return region ? edit(mode, region) : Promise.resolve()
    },
    copyMask: () => store.setState({ copiedMask: shownPlane(store.getState()) }),
    pasteMask: async op => {
      const { copiedMask } = store.getState()
      if (copiedMask) await edit(op, { shape: 'plane', ...copiedMask })
    },
    saveMask: path =>
      attempt('The mask could not be saved', async () => {
        const field = shownField(store.getState())
        const saved = await client.call('mask.save', { field, path, overwrite: false })
        store.setState({ notice: { kind: 'info', text: `The mask is in ${saved.path}` } })
      }),
    applyPreview: async () => {
      const { preview } = store.getState()
      if (preview) await edit('add', { shape: 'pixels', size: [...preview.size], runs: preview.runs })
    },
    previewMask: async parameters => {
      if (parameters === null) store.setState({ preview: null })
      else
        await attempt('The automatic mask could not be made', async () => {
          const { channel, stokes } = shownPlane(store.getState())
          const field = shownField(store.getState())
          const { shape, runs } = await client.call('mask.preview', { field, channel, stokes, parameters })
          const pixels = decodeRuns(runs, shape[0] * shape[1])
          const nPixel = pixels.reduce((sum, value) => sum + value, 0)
          const outlines = maskOutlines(pixels, shape[0], shape[1])
          store.setState({ preview: { size: shape, runs, outlines, nPixel } })
        })
    },
  }
}

/** What hangs together around a pixel above a part of its value. */
function levelAround(state: AppState, { x, y }: { x: number; y: number }): RegionData | null {
  const product = shownProduct(state)
  const plane = loadedPlane(state)
  const value = plane ? valueAt(plane.tile, x, y) : Number.NaN
  if (!product || !Number.isFinite(value)) return null
  const level = value - Math.abs(value) * (1 - state.settings.wandPercent / 100)
  return { shape: 'level', suffix: product.suffix, value: level, seed: [Math.round(x), Math.round(y)] }
}
