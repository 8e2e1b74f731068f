import { colourTable, formatSi } from '@cleanbeam/viewer/drawing'
import { useEffect, useMemo, useRef, useState } from 'react'
import { convergenceRaster } from '../plots/convergence-raster.ts'
import { allSeries } from '../plots/convergence-series.ts'
import { shownField } from '../state/selectors.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'

/** Peak residual of every plane after every cycle, as an image: channels upwards, cycles to the right. */
export function ConvergenceImage({ height }: { height: number }) {
  const { store } = useServices()
  const canvas = useRef<HTMLCanvasElement>(null)
  const record = useAppState(state => state.session?.record ?? null)
  const field = useAppState(shownField)
  const colormap = useAppState(state => state.settings.colormap)
  const change = useChangeSettings()
  const planes = useMemo(() => allSeries(record, field), [record, field])
  const raster = useMemo(() => convergenceRaster(planes, colourTable(colormap)), [planes, colormap])
  const [text, setText] = useState('')
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context && raster) context.putImageData(new ImageData(raster.pixels, raster.width, raster.height), 0, 0)
  }, [raster])
  if (!raster) return <div className="plot plot-empty">Steps of cleaning appear here</div>
  const cellAt = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const box = event.currentTarget.getBoundingClientRect()
    const cycle = Math.floor(((event.clientX - box.left) / box.width) * raster.width)
    const row = raster.height - 1 - Math.floor(((event.clientY - box.top) / box.height) * raster.height)
    return { cycle, plane: planes[row] }
  }
  return (
    <div className="convergence-image">
      <canvas
        ref={canvas}
        width={raster.width}
        height={raster.height}
        style={{ height }}
        role="img"
        aria-label="Peak residual by channel and major cycle"
        onPointerMove={event => {
          const { cycle, plane } = cellAt(event)
          const entry = plane?.series.entries[cycle]
          setText(entry ? `channel ${plane.channel}, cycle ${cycle}: ${formatSi(entry.peakResidualJy, 'Jy')}` : '')
        }}
        onPointerLeave={() => setText('')}
        onClick={event => {
          const { cycle, plane } = cellAt(event)
          if (!plane) return
          change({ channel: plane.channel, stokes: plane.stokes })
          store.setState({ chosenCycle: cycle })
        }}
      />
      <div className="faint">{text || 'channels upwards, major cycles to the right'}</div>
    </div>
  )
}
