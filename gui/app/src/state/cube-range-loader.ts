import type { SessionClient } from '@cleanbeam/protocol'
import type { AppStore } from './app-state.ts'
import { pictureIsComplete, shownPlane, shownProduct } from './selectors.ts'

/** Percentiles asked for: dense at the ends, where clips are set. */
const PERCENTILES = Array.from({ length: 257 }, (_, i) => 50 * (1 - Math.cos((Math.PI * i) / 256)))
const N_SAMPLE = 4097

/**
 * Asks for the values of the whole cube while one range of colours for all channels is wanted.
 * @returns a function that ends it
 */
export function loadCubeRange(client: SessionClient, store: AppStore): () => void {
  let wanted = ''
  const update = () => {
    const state = store.getState()
    const product = shownProduct(state)
    if (!state.settings.cubeRange || !product || product.shape[3] === 1 || !pictureIsComplete(state)) return
    const { stokes } = shownPlane(state)
    const key = cubeRangeKey(product.field, product.suffix, product.generation, stokes)
    if (key === wanted) return
    wanted = key
    const { suffix, field } = product
    client.call('cube.histogram', { suffix, field, stokes, percentiles: PERCENTILES }).then(
      ({ percentiles }) => {
        if (wanted === key) store.setState({ cubeRange: { key, sorted: evenSample(percentiles) } })
      },
      () => {
        if (wanted === key) wanted = ''
      },
    )
  }
  update()
  return store.subscribe(update)
}

/** Names the values of a cube. */
export function cubeRangeKey(field: number, suffix: string, generation: number, stokes: number): string {
  return `${field}/${suffix}/${generation}/${stokes}`
}

/** A sorted sample at even steps of the cumulative fraction, as clips and histograms of planes have it. */
function evenSample(percentiles: readonly number[]): Float32Array {
  const sample = new Float32Array(N_SAMPLE)
  let i = 0
  for (let n = 0; n < N_SAMPLE; n++) {
    const percent = (100 * n) / (N_SAMPLE - 1)
    while (i + 2 < PERCENTILES.length && PERCENTILES[i + 1] < percent) i++
    const f = (percent - PERCENTILES[i]) / (PERCENTILES[i + 1] - PERCENTILES[i])
    sample[n] = percentiles[i] + f * (percentiles[i + 1] - percentiles[i])
  }
  return sample
}
