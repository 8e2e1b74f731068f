import { skyTransform } from '@cleanbeam/measures'
import type { SessionSnapshot } from '@cleanbeam/protocol'
import type { GcleanRecord } from '@cleanbeam/types'
import { imageToScreen, screenToImage } from '@cleanbeam/viewer/drawing'
import type { AppServices } from '../components/app-context.tsx'
import type { Commands } from '../state/commands.ts'
import { pictureIsComplete, productOf, shownPlane, shownProduct } from '../state/selectors.ts'
import { worldText } from '../words/cursor-text.ts'

/** A position in the browser's window, CSS pixels from its upper left corner. */
export interface ScreenPosition {
  readonly x: number
  readonly y: number
}

/** A direction in the image's frame. */
export interface WorldPosition {
  /** Right ascension, or longitude in another frame; degrees, 0 … 360. */
  readonly raDeg: number
  readonly decDeg: number
  /** The same as text, '12:30:49.42302' and '+12:23:28.0452'. */
  readonly text: string
}

/** What is on screen and where. Setting channel, stokes or product changes what is shown. */
export interface PageView {
  channel: number
  /** 'I', 'Q', … or the correlation an image plane holds; '' before there is an image. */
  stokes: string
  /** 'residual', 'psf', 'model', 'image', 'mask', 'pb' … */
  product: string
  /** True when the picture shows the present state of the product; false while newer pixels are on their way. */
  readonly complete: boolean
  /** Null when the direction is not in the image's projection. */
  worldToScreen(raDeg: number, decDeg: number): ScreenPosition | null
  screenToWorld(x: number, y: number): WorldPosition | null
  /** Pixels count from 0 at the centre of the first. */
  pixelToScreen(x: number, y: number): ScreenPosition | null
  screenToPixel(x: number, y: number): ScreenPosition | null
}

/** `window.cleanbeam`: the session's record, the view, and the same calls as the buttons. */
export interface PageApi
  extends Pick<Commands, 'step' | 'run' | 'stop' | 'abort' | 'finish' | 'restore' | 'undo' | 'redo' | 'update'> {
  /** The record of the last step; null before the first. */
  readonly record: GcleanRecord | null
  /** Everything the server tells of the session; null before the first connection. */
  readonly session: SessionSnapshot | null
  readonly view: PageView
}

declare global {
  interface Window {
    cleanbeam?: PageApi
  }
}

/** The page as programs see it. */
export function createPageApi(services: AppServices): PageApi {
  const { store, commands } = services
  const { step, run, stop, abort, finish, restore, undo, redo, update } = commands
  return {
    step,
    run,
    stop,
    abort,
    finish,
    restore,
    undo,
    redo,
    update,
    get record() {
      return store.getState().session?.record ?? null
    },
    get session() {
      return store.getState().session
    },
    view: createPageView(services),
  }
}

function createPageView({ store, viewer }: AppServices): PageView {
  const change = (part: { channel?: number; stokes?: number; suffix?: string }) =>
    store.setState(state => ({ settings: { ...state.settings, ...part } }))
  const direction = () => shownProduct(store.getState())?.coordinates.direction
  const place = () => {
    const current = viewer.current
    const view = current?.view
    return current && view ? { view, frame: current.pictureLayout.frame, offset: current.screenOffset } : null
  }
  const pixelToScreen = (x: number, y: number): ScreenPosition | null => {
    const at = place()
    if (!at) return null
    const point = imageToScreen(at.view, at.frame, x, y)
    return { x: point.x + at.offset.x, y: point.y + at.offset.y }
  }
  const screenToPixel = (x: number, y: number): ScreenPosition | null => {
    const at = place()
    return at && screenToImage(at.view, at.frame, x - at.offset.x, y - at.offset.y)
  }
  return {
    get channel() {
      return shownPlane(store.getState()).channel
    },
    set channel(channel: number) {
      change({ channel })
    },
    get stokes() {
      const product = shownProduct(store.getState())
      return product?.coordinates.stokes[shownPlane(store.getState()).stokes] ?? ''
    },
    set stokes(name: string) {
      const names: readonly string[] = shownProduct(store.getState())?.coordinates.stokes ?? []
      if (!names.includes(name)) {
        throw new RangeError(`expected one of ${names.join(', ')}, got ${name} (view.stokes)`)
      }
      change({ stokes: names.indexOf(name) })
    },
    get product() {
      return shownProduct(store.getState())?.suffix.slice(1) ?? ''
    },
    set product(name: string) {
      if (productOf(store.getState().session, `.${name}`)) change({ suffix: `.${name}` })
      else throw new RangeError(`expected a product that exists, got ${name} (view.product)`)
    },
    get complete() {
      return pictureIsComplete(store.getState())
    },
    pixelToScreen,
    screenToPixel,
    worldToScreen(raDeg, decDeg) {
      const coordinate = direction()
      const pixel = coordinate && skyTransform(coordinate).toPixel((raDeg * Math.PI) / 180, (decDeg * Math.PI) / 180)
      return pixel ? pixelToScreen(pixel[0], pixel[1]) : null
    },
    screenToWorld(x, y) {
      const coordinate = direction()
      const pixel = screenToPixel(x, y)
      const world = coordinate && pixel && skyTransform(coordinate).toWorld(pixel.x, pixel.y)
      const text = world && worldText(coordinate, pixel.x, pixel.y)
      if (!world || !text) return null
      const raDeg = ((((world[0] * 180) / Math.PI) % 360) + 360) % 360
      return { raDeg, decDeg: (world[1] * 180) / Math.PI, text: `${text.longitude} ${text.latitude}` }
    },
  }
}
