import { formatSi } from '@cleanbeam/viewer/drawing'
import { columnThrough, type ImageCut, rowThrough } from '../state/image-cut.ts'
import { loadedPlane, shownProduct } from '../state/selectors.ts'
import { useAppState, useServices } from './app-context.tsx'
import { LinePlot } from './line-plot.tsx'

/** Values along the row and the column under the cursor; a click on the picture holds the place. */
export function ProfilePanel() {
  const plane = useAppState(loadedPlane)
  const at = useAppState(state => state.held ?? state.cursor)
  if (!plane || !at) return <div className="panel-note">Point at the picture; a click on it holds the place</div>
  return (
    <div className="profiles">
      <Profile name="x" cut={rowThrough(plane.tile, at.y)} at={at.x} title={`row ${Math.round(at.y)}`} />
      <Profile name="y" cut={columnThrough(plane.tile, at.x)} at={at.y} title={`column ${Math.round(at.x)}`} />
    </div>
  )
}

interface ProfileProps {
  readonly name: 'x' | 'y'
  readonly cut: ImageCut | null
  readonly at: number
  readonly title: string
}

function Profile({ name, cut, at, title }: ProfileProps) {
  const { store } = useServices()
  const unit = useAppState(state => shownProduct(state)?.unit.replace(/\/(beam|pixel)$/, '') ?? '')
  if (!cut) return <div className="panel-note">outside the image</div>
  const pick = (i: number) => {
    const place = store.getState().held ?? store.getState().cursor
    if (place) store.setState({ held: { ...place, [name]: cut.positions[i] } })
  }
  return (
    <LinePlot
      label={`Profile along ${name}, ${title}`}
      positions={cut.positions}
      curves={[{ name: 'residual', values: cut.values }]}
      xLabel={`${name}, ${title}`}
      marked={at}
      describe={i => `${name} ${cut.positions[i]}: ${formatSi(cut.values[i], unit)}`}
      onPick={pick}
    />
  )
}
