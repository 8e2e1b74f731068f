import { formatTick } from '@cleanbeam/viewer/drawing'
import { type MouseEvent, useMemo, useRef, useState } from 'react'
import { linePlotLayout, nearestPosition, type PlotCurve } from '../plots/line-plot-layout.ts'
import { useElementSize } from './element-size.ts'

interface LinePlotProps {
  readonly label: string
  readonly positions: readonly number[]
  readonly curves: readonly PlotCurve[]
  readonly xLabel: string
  /** Horizontal steps instead of a line from point to point. */
  readonly stepped?: boolean
  /** Position marked by a line; null: none. */
  readonly marked: number | null
  /** Words for the position under the pointer. */
  readonly describe: (index: number) => string
  readonly onPick?: (index: number) => void
}

/** Curves over one axis, with the values under the pointer. */
export function LinePlot({ label, positions, curves, xLabel, stepped, marked, describe, onPick }: LinePlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const { width, height } = useElementSize(host)
  const [hovered, setHovered] = useState(-1)
  const layout = useMemo(
    () => linePlotLayout(positions, curves, width, height, stepped),
    [positions, curves, width, height, stepped],
  )
  const { plot, across, up, paths } = layout
  const indexAt = (event: MouseEvent<HTMLElement>) =>
    nearestPosition(layout, positions, event.clientX - event.currentTarget.getBoundingClientRect().left)
  const bottom = plot.y + plot.height
  const step = up.ticks.length > 1 ? up.ticks[1] - up.ticks[0] : 1
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: what a click picks can be chosen by other controls, too
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className="line-plot"
      ref={host}
      onPointerMove={event => setHovered(indexAt(event))}
      onPointerLeave={() => setHovered(-1)}
      onClick={event => positions.length > 0 && onPick?.(indexAt(event))}
    >
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <g className="plot-frame">
            {up.ticks.map(value => (
              <g key={value}>
                <line x1={plot.x} x2={plot.x + plot.width} y1={up.toPixel(value)} y2={up.toPixel(value)} />
                <text x={plot.x - 6} y={up.toPixel(value)} dy="0.35em" textAnchor="end">
                  {formatTick(value, step)}
                </text>
              </g>
            ))}
            {across.ticks.map(value => (
              <text key={value} x={across.toPixel(value)} y={bottom + 14} textAnchor="middle">
                {Number(value.toPrecision(9))}
              </text>
            ))}
            <text x={plot.x + plot.width} y={height - 4} textAnchor="end">
              {xLabel}
            </text>
            {marked !== null && (
              <line
                className="cycle chosen"
                x1={across.toPixel(marked)}
                x2={across.toPixel(marked)}
                y1={plot.y}
                y2={bottom}
              />
            )}
            {hovered >= 0 && (
              <line
                className="cycle"
                x1={across.toPixel(positions[hovered])}
                x2={across.toPixel(positions[hovered])}
                y1={plot.y}
                y2={bottom}
              />
            )}
          </g>
          {paths.map(({ name, d }) => (
            <path key={name} className={`curve ${name}`} d={d} />
          ))}
        </svg>
      )}
      {hovered >= 0 && <div className="line-plot-note">{describe(hovered)}</div>}
    </div>
  )
}
