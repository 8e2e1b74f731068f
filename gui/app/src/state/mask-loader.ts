import { decodeRuns, type SessionClient } from '@cleanbeam/protocol'
import { maskOutlines } from '@cleanbeam/viewer/drawing'
import { type AppStore, errorText, type LoadedMask } from './app-state.ts'
import { shownMaskState, shownPlane } from './selectors.ts'

/**
 * Fetches the clean mask of the plane on screen whenever it changes.
 * @returns a function that ends it
 */
export function loadMask(client: SessionClient, store: AppStore): () => void {
  let wanted = ''
  const update = () => {
    const state = store.getState()
    const mask = shownMaskState(state)
    if (!mask) return
    const { channel, stokes } = shownPlane(state)
    const key = `${mask.field}/${channel}/${stokes}/${mask.generation}`
    if (key === wanted) return
    wanted = key
    if (mask.generation === 0) {
      store.setState({ mask: null })
      return
    }
    fetchMask(client, key, mask.field, channel, stokes).then(
      loaded => {
        if (wanted === key) store.setState({ mask: loaded })
      },
      error => {
        if (store.getState().connection.name === 'closed') return
        store.setState({ notice: { kind: 'error', text: `The mask could not be read: ${errorText(error)}` } })
      },
    )
  }
  update()
  return store.subscribe(update)
}

async function fetchMask(
  client: SessionClient,
  key: string,
  field: number,
  channel: number,
  stokes: number,
): Promise<LoadedMask> {
  const plane = await client.call('mask.get', { field, channel, stokes })
  const [nx, ny] = plane.shape
  const pixels = decodeRuns(plane.runs, nx * ny)
  const nPixel = pixels.reduce((sum, v) => sum + v, 0)
  return { key, generation: plane.generation, nx, ny, pixels, nPixel, outlines: maskOutlines(pixels, nx, ny) }
}
