import { ImageViewer, type ViewerEvents } from '@cleanbeam/viewer'
import { type RefObject, useEffect, useRef } from 'react'
import { displayOf, withDisplay } from '../state/display-settings.ts'
import { type PicturePart, SceneBuilder } from '../state/picture-scene.ts'
import { comparedProduct, shownMaskState, shownProduct } from '../state/selectors.ts'
import { type AppServices, useAppState, useServices } from './app-context.tsx'
import { pictureTheme, useAppearance } from './appearance.ts'
import { Magnifier } from './magnifier.tsx'

/** The picture, alone or beside the one it is compared with. */
export function PicturePane() {
  const { viewer } = useServices()
  const other = useRef<ImageViewer | null>(null)
  const compare = useAppState(state => state.settings.compare)
  const pending = useAppState(state => state.pending !== null)
  return (
    <section className={`picture-pane ${compare === 'side' ? 'two' : ''}`} aria-label="Picture">
      <PictureHost viewer={viewer} part="shown" />
      {compare === 'side' && <PictureHost viewer={other} part="compared" />}
      <PictureHint />
      {pending && <PendingBar />}
      <Magnifier />
    </section>
  )
}

/** A viewer lives outside React's tree of elements and is shown a scene whenever the state changes. */
function PictureHost({ viewer, part }: { viewer: RefObject<ImageViewer | null>; part: PicturePart }) {
  const services = useServices()
  const { store } = services
  const host = useRef<HTMLDivElement>(null)
  const appearance = useAppearance()

  useEffect(() => {
    const created = new ImageViewer(host.current!, viewerEvents(services, part))
    viewer.current = created
    return () => {
      viewer.current = null
      created.dispose()
    }
  }, [services, viewer, part])

  useEffect(() => {
    const builders = { shown: new SceneBuilder(), compared: new SceneBuilder() }
    const theme = pictureTheme(appearance)
    const show = () => {
      const state = store.getState()
      const inTurn = part === 'shown' && state.blinked && state.settings.compare === 'blink' ? 'compared' : part
      const scene = builders[inTurn].build(state, theme, appearance, inTurn)
      // Between two channels the last picture stays until the next has arrived.
      if (scene || !shownProduct(state)) viewer.current?.show(scene)
    }
    show()
    return store.subscribe((state, before) => {
      if (state.cursor === before.cursor) show()
    })
  }, [store, viewer, appearance, part])

  const title = useAppState(state => (state.settings.compare === 'side' ? partTitle(state, part) : ''))
  return (
    <div className={`picture-side ${part}`}>
      <div className="picture-host" ref={host} />
      {title && <div className="picture-title">{title}</div>}
    </div>
  )
}

function partTitle(state: ReturnType<AppServices['store']['getState']>, part: PicturePart): string {
  if (part === 'shown') return shownProduct(state)?.suffix.slice(1) ?? ''
  const name = comparedProduct(state)?.suffix.slice(1) ?? 'not made yet'
  return state.settings.compareWith === 'before' ? `${name} before the last step` : name
}

const CONTRAST_DECADES = 2

function viewerEvents({ store, commands }: AppServices, part: PicturePart): ViewerEvents {
  return {
    onViewChange: view => store.setState({ view }),
    onCursor: cursor => store.setState({ cursor }),
    onRegion: (region, mode) => void commands.drawn(region, mode),
    onPendingChange: region =>
      store.setState(({ pending }) => (pending ? { pending: { ...pending, region } } : { pending })),
    onPick: (at, tool, mode) => {
      if (tool === 'wand') void commands.wandAt(at, mode)
      else store.setState(({ held }) => ({ held: held ? null : at }))
    },
    onColourDrag: (right, up) =>
      store.setState(state => {
        const suffix = shownProduct(state)?.suffix ?? ''
        const { bias, contrast } = displayOf(state.settings, suffix)
        const change = {
          bias: Math.min(1, Math.max(0, bias + right)),
          contrast: Math.min(10, Math.max(0.1, contrast * 10 ** (CONTRAST_DECADES * up))),
        }
        return { settings: withDisplay(state.settings, suffix, change) }
      }),
    onFrame: (width, height) => {
      if (part === 'shown') store.setState({ frame: { width, height } })
    },
  }
}

/** What to do next, over the picture, as long as it is not obvious. */
function PictureHint() {
  const hasPlane = useAppState(state => shownProduct(state) !== undefined)
  const isEmpty = useAppState(state => shownMaskState(state)?.nPixel === 0)
  const phase = useAppState(state => state.session?.phase.name)
  const tool = useAppState(state => state.settings.tool)
  const preview = useAppState(state => state.preview)
  if (!phase) return null
  if (!hasPlane) return <div className="picture-hint">Making the PSF and the dirty image…</div>
  if (preview) return <div className="picture-hint">Preview of the automatic mask: {preview.nPixel} pixels</div>
  if (isEmpty && phase === 'idle' && tool === 'pan') {
    return <div className="picture-hint">No mask yet: take a tool on the left and draw around what is real</div>
  }
  return null
}

/** Below a region with handles: apply it or give it up. */
function PendingBar() {
  const { store, commands } = useServices()
  return (
    <div className="pending-bar">
      <span>Drag handles; Alt-click takes a corner away</span>
      <button type="button" className="text-button" onClick={() => commands.applyPending()}>
        apply
      </button>
      <button type="button" className="text-button" onClick={() => store.setState({ pending: null })}>
        give up
      </button>
    </div>
  )
}
