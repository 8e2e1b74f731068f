import { ImageViewer } from '@cleanbeam/viewer'
import { useEffect, useRef } from 'react'
import { SceneBuilder } from '../state/picture-scene.ts'
import { shownProduct } from '../state/selectors.ts'
import { useAppState, useServices } from './app-context.tsx'
import { pictureTheme, useAppearance } from './appearance.ts'

/** The picture. The viewer lives outside React's tree of elements and is shown a scene whenever the state changes. */
export function PicturePane() {
  const { store, commands, viewer } = useServices()
  const host = useRef<HTMLDivElement>(null)
  const appearance = useAppearance()

  useEffect(() => {
    const created = new ImageViewer(host.current!, {
      onViewChange: view => store.setState({ view }),
      onCursor: cursor => store.setState({ cursor }),
      onRegion: (region, mode) => void commands.editMask(mode, region),
    })
    viewer.current = created
    return () => {
      viewer.current = null
      created.dispose()
    }
  }, [store, commands, viewer])

  useEffect(() => {
    const builder = new SceneBuilder()
    const theme = pictureTheme(appearance)
    const show = () => viewer.current?.show(builder.build(store.getState(), theme, appearance))
    show()
    return store.subscribe((state, before) => {
      if (state.cursor === before.cursor) show()
    })
  }, [store, viewer, appearance])

  return (
    <section className="picture-pane" aria-label="Picture">
      <div className="picture-host" ref={host} />
      <PictureHint />
    </section>
  )
}

/** What to do next, over the picture, as long as it is not obvious. */
function PictureHint() {
  const hasPlane = useAppState(state => shownProduct(state) !== undefined)
  const isEmpty = useAppState(state => state.session?.masks[0]?.nPixel === 0)
  const phase = useAppState(state => state.session?.phase.name)
  const tool = useAppState(state => state.settings.tool)
  if (!phase) return null
  if (!hasPlane) return <div className="picture-hint">Making the PSF and the dirty image…</div>
  if (isEmpty && phase === 'idle' && tool === 'pan') {
    return <div className="picture-hint">No mask yet: take a tool on the left and draw around what is real</div>
  }
  return null
}
