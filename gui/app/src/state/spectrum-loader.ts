import type { RegionData, SessionClient } from '@cleanbeam/protocol'
import type { AppState, AppStore } from './app-state.ts'
import { pictureIsComplete, productOf, shownField, shownMaskState, shownPlane, shownProduct } from './selectors.ts'

/** Products that have spectra of their own. */
const SUFFIXES = ['.residual', '.model', '.image']
/** A pointer that rests this long is asked about. */
const REST_MS = 60

interface WantedSpectrum {
  readonly key: string
  readonly title: string
  readonly suffixes: string[]
  readonly field: number
  readonly stokes: number
  readonly region?: RegionData
  readonly within: 'plane' | 'mask'
}

/** What the spectrum panel should show; null while it is not on screen or there is nothing to show. */
export function wantedSpectrum(state: AppState): WantedSpectrum | null {
  const { settings, session } = state
  const product = shownProduct(state)
  const isShown = settings.bottomTab === 'spectrum' && !settings.bottomHidden
  if (!isShown || !session || !product || product.shape[3] === 1 || !pictureIsComplete(state)) return null
  const field = shownField(state)
  const suffixes = [...new Set([product.suffix, ...SUFFIXES])].filter(suffix => {
    const other = productOf(session, suffix, field)
    return other?.shape.every((n, axis) => n === product.shape[axis]) ?? false
  })
  const { stokes } = shownPlane(state)
  const generations = suffixes.map(suffix => productOf(session, suffix, field)?.generation).join('/')
  const statistic = settings.spectrumStatistic
  if (settings.spectrumOf === 'mask') {
    const mask = shownMaskState(state)
    if (!mask?.nPixel) return null
    const key = `mask/${mask.generation}/${generations}/${field}/${stokes}/${statistic}`
    return { key, title: `mask, ${statistic}`, suffixes, field, stokes, within: 'mask' }
  }
  const at = state.held ?? state.cursor
  if (!at) return null
  const [x, y] = [Math.round(at.x), Math.round(at.y)]
  if (x < 0 || y < 0 || x >= product.shape[0] || y >= product.shape[1]) return null
  const region: RegionData = {
    shape: 'box',
    corners: [
      [x, y],
      [x, y],
    ],
  }
  const key = `${x}/${y}/${generations}/${field}/${stokes}`
  return { key, title: `pixel ${x}, ${y}`, suffixes, field, stokes, region, within: 'plane' }
}

/**
 * Asks for the spectra at the cursor or in the mask while their panel is on screen.
 * @returns a function that ends it
 */
export function loadSpectra(client: SessionClient, store: AppStore): () => void {
  let wanted = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const fetch = (spectrum: WantedSpectrum) => {
    const { key, title, ...params } = spectrum
    const { spectrumStatistic: statistic } = store.getState().settings
    client.call('spectrum.get', { ...params, statistic }).then(
      ({ spectra }) => {
        if (wanted === key) store.setState({ spectra: { key, title, spectra } })
      },
      () => {
        // The product may have changed meanwhile; its event asks again.
        if (wanted === key) wanted = ''
      },
    )
  }
  return store.subscribe(() => {
    const spectrum = wantedSpectrum(store.getState())
    if (!spectrum || spectrum.key === wanted) return
    wanted = spectrum.key
    clearTimeout(timer)
    timer = setTimeout(() => fetch(spectrum), REST_MS)
  })
}
