import { clipRange, formatSi, histogram } from '@cleanbeam/viewer/drawing'
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { displayOf, withDisplay } from '../state/display-settings.ts'
import { loadedPlane, shownProduct } from '../state/selectors.ts'
import { useAppState, useServices } from './app-context.tsx'
import { useElementSize } from './element-size.ts'

const N_BIN = 200

/** Counts of pixel values on a logarithmic scale, with the clip range as two lines that can be dragged. */
export function HistogramPanel() {
  const { store } = useServices()
  const host = useRef<HTMLDivElement>(null)
  const { width, height } = useElementSize(host)
  const plane = useAppState(loadedPlane)
  const product = useAppState(shownProduct)
  const display = useAppState(state => displayOf(state.settings, shownProduct(state)?.suffix ?? ''))
  const [dragged, setDragged] = useState<'low' | 'high' | null>(null)
  const sorted = plane?.sorted
  const clip = useMemo(() => (sorted ? clipRange(display.clip, sorted) : null), [sorted, display.clip])
  const range = useMemo(() => {
    const [low, high] = [sorted?.[0] ?? 0, sorted?.[sorted.length - 1] ?? 1]
    return { low, high: high > low ? high : low + 1 }
  }, [sorted])
  const path = useMemo(
    () => (sorted ? outline(histogram(sorted, range, N_BIN), width, height) : ''),
    [sorted, range, width, height],
  )
  if (!product || !clip) return <div className="histogram" ref={host} />
  const toX = (value: number) => ((value - range.low) / (range.high - range.low)) * width
  const setClip = (part: 'low' | 'high', value: number) => {
    const manual = { ...clip, kind: 'manual' as const, [part]: value }
    store.setState(state => ({ settings: withDisplay(state.settings, product.suffix, { clip: manual }) }))
  }
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!dragged) return
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left
    setClip(dragged, range.low + (Math.min(width, Math.max(0, x)) / width) * (range.high - range.low))
  }
  const step = (range.high - range.low) / N_BIN
  return (
    <div className="histogram" ref={host} onPointerMove={onMove} onPointerUp={() => setDragged(null)}>
      <svg width={width} height={height} role="img" aria-label={`Histogram of ${product.suffix.slice(1)}`}>
        <path d={path} />
      </svg>
      {(['low', 'high'] as const).map(part => (
        <div
          key={part}
          className={`clip-line ${part}`}
          style={{ left: toX(clip[part]) }}
          role="slider"
          tabIndex={0}
          aria-label={part === 'low' ? 'Lower clip' : 'Upper clip'}
          aria-valuemin={range.low}
          aria-valuemax={range.high}
          aria-valuenow={clip[part]}
          aria-valuetext={formatSi(clip[part], product.unit)}
          onPointerDown={event => {
            event.currentTarget.parentElement?.setPointerCapture(event.pointerId)
            setDragged(part)
          }}
          onKeyDown={event => {
            const move = { ArrowLeft: -step, ArrowRight: step }[event.key]
            if (move) setClip(part, clip[part] + move)
          }}
        >
          <span>{formatSi(clip[part], product.unit.replace(/\/(beam|pixel)$/, ''))}</span>
        </div>
      ))}
    </div>
  )
}

/** A stepped outline; heights are logarithms of counts, so that a few bright pixels show beside the noise. */
function outline(counts: Float64Array, width: number, height: number): string {
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1))
  const toY = (count: number) => (height - 4 - (Math.log1p(count) / most) * (height - 24)).toFixed(1)
  let path = `M0 ${height - 4}`
  counts.forEach((count, i) => {
    const y = toY(count)
    path += `L${((i / counts.length) * width).toFixed(1)} ${y}L${(((i + 1) / counts.length) * width).toFixed(1)} ${y}`
  })
  return `${path}L${width} ${height - 4}Z`
}
