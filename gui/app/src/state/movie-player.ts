import type { AppStore } from './app-state.ts'
import { pictureIsComplete, shownPlane, shownProduct } from './selectors.ts'

/**
 * Steps through channels while a movie plays, and swaps two pictures while they blink. A picture that is still on its
 * way is waited for.
 * @returns a function that ends it
 */
export function playMovies(store: AppStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const isMoving = () => {
    const { movie, settings } = store.getState()
    return movie !== null || settings.compare === 'blink'
  }
  const tick = () => {
    timer = undefined
    if (!isMoving()) return
    const state = store.getState()
    if (pictureIsComplete(state)) {
      if (state.movie?.over === 'channels') {
        const nChannel = shownProduct(state)?.shape[3] ?? 1
        const channel = (shownPlane(state).channel + 1) % nChannel
        store.setState({ settings: { ...state.settings, channel } })
      }
      if (state.settings.compare === 'blink') store.setState({ blinked: !state.blinked })
    }
    start()
  }
  const start = () => {
    if (timer === undefined && isMoving()) timer = setTimeout(tick, 1000 / store.getState().settings.framesPerSecond)
  }
  const end = store.subscribe(state => {
    if (state.blinked && state.settings.compare !== 'blink') store.setState({ blinked: false })
    start()
  })
  start()
  return () => {
    end()
    clearTimeout(timer)
  }
}
