import { formatCount, formatSi, formatTick } from '@cleanbeam/viewer/drawing'
import { type MouseEvent, useMemo, useRef, useState } from 'react'
import { type ConvergenceLayout, convergenceLayout, nearestEntry } from '../plots/convergence-layout.ts'
import {
  allSeries,
  type ConvergenceSeries,
  type CycleEntry,
  convergenceSeries,
  entryX,
} from '../plots/convergence-series.ts'
import type { PlotAxis } from '../plots/plot-axes.ts'
import { type AppState, planeKey } from '../state/app-state.ts'
import type { DisplaySettings } from '../state/display-settings.ts'
import { shownField, shownPlane } from '../state/selectors.ts'
import { minorStopReason } from '../words/stop-reason.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { ConvergenceImage } from './convergence-image.tsx'
import { CycleStrip } from './cycle-strip.tsx'
import { useElementSize } from './element-size.ts'
import { CheckField, ChoiceField } from './fields.tsx'
import { Popover } from './popover.tsx'

const PLOT_HEIGHT = 204

/** Peak residual, total flux, noise and thresholds of the steps done. */
export function ConvergencePanel() {
  const view = useAppState(state => state.settings.convergenceView)
  return (
    <section className="panel" aria-label="Convergence">
      <div className="panel-head">
        <h2>Convergence</h2>
        <Legend />
        <PlotOptions />
      </div>
      {view === 'image' ? <ConvergenceImage height={PLOT_HEIGHT} /> : <ConvergencePlot />}
      <CycleStrip />
    </section>
  )
}

function Legend() {
  return (
    <div className="legend">
      <span className="key peak">peak</span>
      <span className="key flux">flux</span>
      <span className="key threshold">threshold</span>
    </div>
  )
}

const X_CHOICES = [
  { value: 'iterations', label: 'iterations' },
  { value: 'cycle', label: 'major cycles' },
  { value: 'time', label: 'time' },
] as const

const VIEW_CHOICES = [
  { value: 'plane', label: 'this plane' },
  { value: 'all', label: 'all planes, curves' },
  { value: 'image', label: 'all planes, image' },
] as const

function PlotOptions() {
  const settings = useAppState(state => state.settings)
  const change = useChangeSettings()
  return (
    <Popover label="Plot options" icon="sliders" className="small">
      <ChoiceField<DisplaySettings['convergenceView']>
        label="Show"
        value={settings.convergenceView}
        choices={VIEW_CHOICES}
        onChange={convergenceView => change({ convergenceView })}
      />
      <ChoiceField<DisplaySettings['convergenceX']>
        label="Against"
        value={settings.convergenceX}
        choices={X_CHOICES}
        onChange={convergenceX => change({ convergenceX })}
      />
      <CheckField
        label="Logarithmic residual"
        checked={settings.logResidual}
        onChange={logResidual => change({ logResidual })}
      />
      <CheckField
        label="Logarithmic axis"
        checked={settings.logIterations}
        onChange={logIterations => change({ logIterations })}
      />
    </Popover>
  )
}

/** The history of the plane on screen. */
function useShownSeries(): ConvergenceSeries {
  const record = useAppState(state => state.session?.record ?? null)
  const channel = useAppState(state => shownPlane(state).channel)
  const stokes = useAppState(state => shownPlane(state).stokes)
  const field = useAppState(shownField)
  const timesMs = useAppState(state => state.session?.stepTimesMs)
  const noisesJy = useAppState(state => state.noises[residualKey(state)])
  return useMemo(
    () => convergenceSeries(record, channel, stokes, field, { timesMs, noisesJy }),
    [record, channel, stokes, field, timesMs, noisesJy],
  )
}

function residualKey(state: AppState): string {
  const { channel, stokes } = shownPlane(state)
  return planeKey(shownField(state), '.residual', channel, stokes)
}

function ConvergencePlot() {
  const { store } = useServices()
  const series = useShownSeries()
  const host = useRef<HTMLDivElement>(null)
  const { width } = useElementSize(host)
  const x = useAppState(state => state.settings.convergenceX)
  const logX = useAppState(state => state.settings.logIterations)
  const logResidual = useAppState(state => state.settings.logResidual)
  const showAll = useAppState(state => state.settings.convergenceView === 'all')
  const chosen = useAppState(state => state.chosenCycle)
  const [hovered, setHovered] = useState(-1)
  const layout = useMemo(
    () => convergenceLayout(series, width, PLOT_HEIGHT, { x, logX, logResidual }),
    [series, width, x, logX, logResidual],
  )
  const entry = series.entries[hovered]
  const isEmpty = series.entries.length < 2
  const indexAt = (event: MouseEvent<HTMLElement>) =>
    nearestEntry(layout, series, x, event.clientX - event.currentTarget.getBoundingClientRect().left)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons of the cycles below do the same by keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      className="plot"
      ref={host}
      onPointerMove={event => setHovered(indexAt(event))}
      onPointerLeave={() => setHovered(-1)}
      onClick={event => {
        const picked = series.entries[indexAt(event)]
        if (picked && !isEmpty) store.setState({ chosenCycle: picked.cycle })
      }}
    >
      {width > 0 && (
        <svg width={width} height={PLOT_HEIGHT} role="img" aria-label={plotSummary(series)}>
          {!isEmpty && <PlotFrame layout={layout} series={series} x={x} chosen={chosen} />}
          {!isEmpty && showAll && <OtherPlanes layout={layout} x={x} />}
          {!isEmpty && <Curves layout={layout} series={series} hovered={hovered} x={x} />}
        </svg>
      )}
      {entry && !isEmpty && <PlotTip entry={entry} x={layout.across.toPixel(entryX(entry, x))} width={width} />}
      {isEmpty && <div className="plot-empty">Steps of cleaning appear here</div>}
    </div>
  )
}

function plotSummary({ entries }: ConvergenceSeries): string {
  const last = entries[entries.length - 1]
  if (!last) return 'Convergence plot, empty'
  return `Convergence after ${last.iterations} iterations: peak residual ${formatSi(last.peakResidualJy, 'Jy')}, total flux ${formatSi(last.totalFluxJy, 'Jy')}`
}

/** Peak residuals of the other planes, thin. */
function OtherPlanes({ layout, x }: { layout: ConvergenceLayout; x: DisplaySettings['convergenceX'] }) {
  const record = useAppState(state => state.session?.record ?? null)
  const field = useAppState(shownField)
  const paths = useMemo(
    () =>
      allSeries(record, field).map(({ channel, stokes, series }) => ({
        key: `${channel}/${stokes}`,
        points: series.entries
          .map(entry => `${layout.across.toPixel(entryX(entry, x))},${layout.residual.toPixel(entry.peakResidualJy)}`)
          .join(' '),
      })),
    [record, field, layout, x],
  )
  return (
    <g className="other-planes">
      {paths.map(({ key, points }) => (
        <polyline key={key} points={points} />
      ))}
    </g>
  )
}

interface FrameProps {
  readonly layout: ConvergenceLayout
  readonly series: ConvergenceSeries
  readonly x: DisplaySettings['convergenceX']
  readonly chosen: number | null
}

function PlotFrame({ layout, series, x, chosen }: FrameProps) {
  const { plot, across, residual, flux } = layout
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
      {across.ticks.map(value => (
        <text key={value} x={across.toPixel(value)} y={bottom + 15} textAnchor="middle">
          {x === 'time' ? `${value}\u2009s` : formatCount(value)}
        </text>
      ))}
      {series.entries.slice(1).map(entry => {
        const at = across.toPixel(entryX(entry, x))
        const name = entry.cycle === chosen ? 'cycle chosen' : 'cycle'
        return <line key={entry.cycle} className={name} x1={at} x2={at} y1={plot.y} y2={bottom} />
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

interface CurvesProps {
  readonly layout: ConvergenceLayout
  readonly series: ConvergenceSeries
  readonly hovered: number
  readonly x: DisplaySettings['convergenceX']
}

function Curves({ layout, series, hovered, x }: CurvesProps) {
  const { across, residual, flux } = layout
  const dotRadius = series.entries.length > 60 ? 1.4 : 2.6
  return (
    <g className="curves">
      <path className="threshold" d={layout.thresholdPath} />
      <path className="noise" d={layout.noisePath} />
      <path className="flux" d={layout.fluxPath} />
      <path className="peak" d={layout.residualPath} />
      {series.entries.map((entry, i) => {
        const at = across.toPixel(entryX(entry, x))
        const radius = i === hovered ? 4.2 : dotRadius
        return (
          <g key={entry.cycle}>
            <circle className="flux" cx={at} cy={flux.toPixel(entry.totalFluxJy)} r={i === hovered ? 4.2 : 0} />
            <circle className="peak" cx={at} cy={residual.toPixel(entry.peakResidualJy)} r={radius} />
          </g>
        )
      })}
    </g>
  )
}

/** Facts of one step as names and values. */
export function entryFacts(entry: CycleEntry): [name: string, value: string][] {
  const facts: [string, string][] = [
    ['iterations', formatCount(entry.iterations)],
    ['peak residual', formatSi(entry.peakResidualJy, 'Jy')],
    ['total flux', formatSi(entry.totalFluxJy, 'Jy')],
  ]
  if (Number.isFinite(entry.noiseJy)) facts.push(['noise', formatSi(entry.noiseJy, 'Jy')])
  if (entry.cycleThresholdJy > 0) facts.push(['cycle threshold', formatSi(entry.cycleThresholdJy, 'Jy')])
  if (entry.nsigmaThresholdJy > 0) facts.push(['noise limit', formatSi(entry.nsigmaThresholdJy, 'Jy')])
  if (Number.isFinite(entry.seconds) && entry.cycle > 0) facts.push(['after', `${entry.seconds.toFixed(1)}\u2009s`])
  if (entry.cycle > 0) facts.push(['ended', minorStopReason(entry.minorStopCode)])
  return facts
}

function PlotTip({ entry, x, width }: { entry: CycleEntry; x: number; width: number }) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 }
  return (
    <div className="plot-tip" style={side}>
      <b>{entry.cycle === 0 ? 'Dirty image' : `Major cycle ${entry.cycle}`}</b>
      <dl>
        {entryFacts(entry).map(([name, value]) => (
          <div key={name} className="tip-row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
