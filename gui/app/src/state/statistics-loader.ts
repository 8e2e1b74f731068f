import type { PlaneParams, SessionClient } from '@cleanbeam/protocol'
import type { AppStore, PlaneStatistics } from './app-state.ts'
import { pictureIsComplete, shownMaskState, shownPlane, shownProduct } from './selectors.ts'

/**
 * Asks for the statistics of the plane on screen whenever its pixels or the mask change.
 * @returns a function that ends it
 */
export function loadStatistics(client: SessionClient, store: AppStore): () => void {
  let wanted = ''
  const update = () => {
    const state = store.getState()
    const product = shownProduct(state)
    // The picture comes first: statistics of its pixels would delay them.
    if (!product || !pictureIsComplete(state)) return
    const { channel, stokes } = shownPlane(state)
    const mask = shownMaskState(state)
    const key = [product.field, product.suffix, product.generation, channel, stokes, mask?.generation ?? 0].join('/')
    if (key === wanted) return
    wanted = key
    const plane = { suffix: product.suffix, field: product.field, channel, stokes }
    fetchStatistics(client, key, plane, (mask?.nPixel ?? 0) > 0).then(
      statistics => {
        if (wanted === key) store.setState({ statistics })
      },
      // The product may have changed meanwhile; its event asks again.
      () => {
        if (wanted === key) store.setState({ statistics: null })
      },
    )
  }
  update()
  return store.subscribe(update)
}

async function fetchStatistics(
  client: SessionClient,
  key: string,
  plane: PlaneParams,
  hasMask: boolean,
): Promise<PlaneStatistics> {
  const within = (part: 'plane' | 'mask' | 'unmasked') => client.call('plane.statistics', { ...plane, within: part })
  const [whole, mask, unmasked] = await Promise.all([
    within('plane'),
    hasMask ? within('mask') : null,
    hasMask ? within('unmasked') : null,
  ])
  return { key, plane: whole, mask, unmasked }
}
