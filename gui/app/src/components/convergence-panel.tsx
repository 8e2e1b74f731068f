import { formatCount, formatSi, formatTick } from '@cleanbeam/viewer/drawing'
import { useMemo, useRef, useState } from 'react'
import { type ConvergenceLayout, convergenceLayout, nearestEntry, type PlotAxis } from '../plots/convergence-layout.ts'
import { type ConvergenceSeries, type CycleEntry, convergenceSeries } from '../plots/convergence-series.ts'
import { shownPlane } from '../state/selectors.ts'
import { minorStopReason } from '../words/stop-reason.ts'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { useElementSize } from './element-size.ts'

const PLOT_HEIGHT = 204

/** Peak residual, total flux and cycle threshold against iterations. */
export function ConvergencePanel() {
  const record = useAppState(state => state.session?.record ?? null)
  const channel = useAppState(state => shownPlane(state).channel)
  const stokes = useAppState(state => shownPlane(state).stokes)
  const series = useMemo(() => convergenceSeries(record, channel, stokes), [record, channel, stokes])
  return (
    <section className="panel" aria-label="Convergence">
      <div className="panel-head">
        <h2>Convergence</h2>
        <Legend />
      </div>
      <ConvergencePlot series={series} />
    </section>
  )
}

function Legend() {
  const logarithmic = useAppState(state => state.settings.logResidual)
  const change = useChangeSettings()
  return (
    <div className="legend">
      <span className="key peak">peak</span>
      <span className="key flux">flux</span>
      <span className="key threshold">threshold</span>
      <button
        type="button"
        className="text-button"
        aria-pressed={logarithmic}
        title="Logarithmic or linear peak residual"
        onClick={() => change({ logResidual: !logarithmic })}
      >
        {logarithmic ? 'log' : 'lin'}
      </button>
    </div>
  )
}

function ConvergencePlot({ series }: { series: ConvergenceSeries }) {
  const host = useRef<HTMLDivElement>(null)
  const { width } = useElementSize(host)
  const logarithmic = useAppState(state => state.settings.logResidual)
  const [hovered, setHovered] = useState(-1)
  const layout = useMemo(() => convergenceLayout(series, width, PLOT_HEIGHT, logarithmic), [series, width, logarithmic])
  const entry = series.entries[hovered]
  return (
    <div
      className="plot"
      ref={host}
      onPointerMove={event =>
        setHovered(nearestEntry(layout, series, event.clientX - event.currentTarget.getBoundingClientRect().left))
      }
      onPointerLeave={() => setHovered(-1)}
    >
      {width > 0 && (
        <svg width={width} height={PLOT_HEIGHT} role="img" aria-label={plotSummary(series)}>
          {series.entries.length > 1 && <PlotFrame layout={layout} series={series} />}
          {series.entries.length > 1 && <Curves layout={layout} series={series} hovered={hovered} />}
        </svg>
      )}
      {entry && series.entries.length > 1 && (
        <PlotTip entry={entry} x={layout.iterations.toPixel(entry.iterations)} width={width} />
      )}
      {series.entries.length < 2 && <div className="plot-empty">Steps of cleaning appear here</div>}
    </div>
  )
}

function plotSummary({ entries }: ConvergenceSeries): string {
  const last = entries[entries.length - 1]
  if (!last) return 'Convergence plot, empty'
  return `Convergence after ${last.iterations} iterations: peak residual ${formatSi(last.peakResidualJy, 'Jy')}, total flux ${formatSi(last.totalFluxJy, 'Jy')}`
}

function PlotFrame({ layout, series }: { layout: ConvergenceLayout; series: ConvergenceSeries }) {
  const { plot, iterations, residual, flux } = layout
  const bottom = plot.y + plot.height
  const right = plot.x + plot.width
  return (
    <g className="plot-frame">
      {residual.ticks.map(value => (
        <g key={value}>
          <line x1={plot.x} x2={right} y1={residual.toPixel(value)} y2={residual.toPixel(value)} />
          <text x={plot.x - 6} y={residual.toPixel(value)} dy="0.35em" textAnchor="end" className="peak">
            {tickText(value, residual)}
          </text>
        </g>
      ))}
      {flux.ticks.map(value => (
        <text key={value} x={right + 6} y={flux.toPixel(value)} dy="0.35em" className="flux">
          {tickText(value, flux)}
        </text>
      ))}
      {iterations.ticks.map(value => (
        <text key={value} x={iterations.toPixel(value)} y={bottom + 15} textAnchor="middle">
          {formatCount(value)}
        </text>
      ))}
      {series.entries.slice(1).map(entry => {
        const x = iterations.toPixel(entry.iterations)
        return <line key={entry.cycle} className="cycle" x1={x} x2={x} y1={plot.y} y2={bottom} />
      })}
      <text x={plot.x - 6} y={plot.y - 4} textAnchor="end" className="peak">
        Jy
      </text>
      <text x={right + 6} y={plot.y - 4} className="flux">
        Jy
      </text>
      <line className="axis" x1={plot.x} x2={right} y1={bottom} y2={bottom} />
    </g>
  )
}

function tickText(value: number, axis: PlotAxis): string {
  const [a, b] = axis.ticks
  const isEven = axis.ticks.length > 2 && Math.abs(axis.ticks[2] - b - (b - a)) < 1e-9 * Math.abs(b)
  return formatTick(value, isEven ? b - a : value)
}

function Curves({
  layout,
  series,
  hovered,
}: {
  layout: ConvergenceLayout
  series: ConvergenceSeries
  hovered: number
}) {
  const { iterations, residual, flux } = layout
  const dotRadius = series.entries.length > 60 ? 1.4 : 2.6
  return (
    <g className="curves">
      <path className="threshold" d={layout.thresholdPath} />
      <path className="flux" d={layout.fluxPath} />
      <path className="peak" d={layout.residualPath} />
      {series.entries.map((entry, i) => {
        const x = iterations.toPixel(entry.iterations)
        const radius = i === hovered ? 4.2 : dotRadius
        return (
          <g key={entry.cycle}>
            <circle className="flux" cx={x} cy={flux.toPixel(entry.totalFluxJy)} r={i === hovered ? 4.2 : 0} />
            <circle className="peak" cx={x} cy={residual.toPixel(entry.peakResidualJy)} r={radius} />
          </g>
        )
      })}
    </g>
  )
}

function PlotTip({ entry, x, width }: { entry: CycleEntry; x: number; width: number }) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 }
  return (
    <div className="plot-tip" style={side}>
      <b>{entry.cycle === 0 ? 'Dirty image' : `Major cycle ${entry.cycle}`}</b>
      <dl>
        <dt>iterations</dt>
        <dd>{formatCount(entry.iterations)}</dd>
        <dt>peak residual</dt>
        <dd>{formatSi(entry.peakResidualJy, 'Jy')}</dd>
        <dt>total flux</dt>
        <dd>{formatSi(entry.totalFluxJy, 'Jy')}</dd>
        {entry.cycleThresholdJy > 0 && (
          <>
            <dt>cycle threshold</dt>
            <dd>{formatSi(entry.cycleThresholdJy, 'Jy')}</dd>
          </>
        )}
      </dl>
      {entry.cycle > 0 && <div className="faint">{minorStopReason(entry.minorStopCode)}</div>}
    </div>
  )
}
