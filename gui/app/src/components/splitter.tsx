import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { useAppState, useChangeSettings } from './app-context.tsx'

const LIMITS = {
  side: { setting: 'sideWidth', least: 280, most: 900, label: 'Width of the side column' },
  bottom: { setting: 'bottomHeight', least: 80, most: 900, label: 'Height of the lower panel' },
} as const
const KEY_STEP = 16

/** Sizes of the page's parts as the user set them; what was not set is left to the style sheet. */
export function usePageLayout(): CSSProperties {
  const { sideWidth, bottomHeight, sideHidden, bottomHidden } = useAppState(state => state.settings)
  const size = (hidden: boolean, value: number) => (hidden ? '0px' : value > 0 ? `${value}px` : undefined)
  return {
    '--side-width': size(sideHidden, sideWidth),
    '--bottom-height': size(bottomHidden, bottomHeight),
  } as CSSProperties
}

/** The border of a panel, to be dragged or moved with the arrow keys; a double click gives it back its usual size. */
export function Splitter({ edge }: { edge: keyof typeof LIMITS }) {
  const { setting, least, most, label } = LIMITS[edge]
  const value = useAppState(state => state.settings[setting])
  const change = useChangeSettings()
  const dragging = useRef(false)
  const set = (size: number) => change({ [setting]: Math.round(Math.min(most, Math.max(least, size))) })
  const sizeAt = (event: PointerEvent) =>
    edge === 'side' ? window.innerWidth - event.clientX : window.innerHeight - event.clientY
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const grows = edge === 'side' ? 'ArrowLeft' : 'ArrowUp'
    const shrinks = edge === 'side' ? 'ArrowRight' : 'ArrowDown'
    if (event.key !== grows && event.key !== shrinks) return
    const panel = document.querySelector(edge === 'side' ? '.side' : '.bottom-panel')
    const now = value || panel?.getBoundingClientRect()[edge === 'side' ? 'width' : 'height'] || least
    set(now + (event.key === grows ? KEY_STEP : -KEY_STEP))
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be focused and dragged
    <div
      className={`splitter along-${edge}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={edge === 'side' ? 'vertical' : 'horizontal'}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={value || least}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        dragging.current = true
      }}
      onPointerMove={event => dragging.current && set(sizeAt(event))}
      onPointerUp={() => {
        dragging.current = false
      }}
      onDoubleClick={() => change({ [setting]: 0 })}
      onKeyDown={onKeyDown}
    />
  )
}
