import { TOOL_NAMES } from '@cleanbeam/viewer'
import { useEffect } from 'react'
import { productOf } from '../state/selectors.ts'
import { type AppServices, useServices } from './app-context.tsx'
import { TOOL_HINTS } from './tool-rail.tsx'

/** Keys of the whole page; those typed into inputs and menus are theirs. */
export function useKeyboard(): void {
  const services = useServices()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return
      if (services.viewer.current?.handleKey(event.key) || handleKey(services, event)) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [services])
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  if (target.closest('input, textarea, select, dialog, [role=combobox], [role=slider]')) return true
  // A focused button is pressed by Enter and the space bar.
  return target.tagName === 'BUTTON' && (event.key === 'Enter' || event.key === ' ')
}

function handleKey(services: AppServices, event: KeyboardEvent): boolean {
  const { commands } = services
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
    void (event.shiftKey ? commands.redo() : commands.undo())
    return true
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  return sessionKey(services, event.key) || pictureKey(services, event.key) || settingsKey(services, event.key)
}

function sessionKey({ commands, store }: AppServices, key: string): boolean {
  switch (key.toLowerCase()) {
    case 's':
      void commands.step()
      return true
    case 'r':
      void commands.run()
      return true
    case 'x':
      void commands.stop()
      return true
    case '?':
      store.setState({ dialog: 'shortcuts' })
      return true
    default:
      return false
  }
}

const PAN_FRACTION = 0.12
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN_FRACTION, 0],
  ArrowRight: [PAN_FRACTION, 0],
  ArrowUp: [0, PAN_FRACTION],
  ArrowDown: [0, -PAN_FRACTION],
}
const PRODUCT_KEYS = ['.residual', '.image', '.model', '.psf', '.pb', '.mask']

function pictureKey({ viewer, store }: AppServices, key: string): boolean {
  const arrow = ARROWS[key]
  if (arrow) viewer.current?.panBy(...arrow)
  else if (key === '+' || key === '=') viewer.current?.zoomBy(1.5)
  else if (key === '-') viewer.current?.zoomBy(1 / 1.5)
  else if (key === '0') viewer.current?.fit()
  else if (/^[1-6]$/.test(key)) {
    const suffix = PRODUCT_KEYS[Number(key) - 1]
    const { session, settings } = store.getState()
    if (productOf(session, suffix)) store.setState({ settings: { ...settings, suffix } })
  } else return false
  return true
}

const NEXT_MASK_DISPLAY = { outline: 'shaded', shaded: 'hidden', hidden: 'outline' } as const

function settingsKey({ store }: AppServices, key: string): boolean {
  const { settings } = store.getState()
  const change = (part: Partial<typeof settings>) => {
    store.setState({ settings: { ...settings, ...part } })
    return true
  }
  const letter = key.toLowerCase()
  const tool = TOOL_NAMES.find(name => TOOL_HINTS[name].key.toLowerCase() === letter)
  if (tool) return change({ tool })
  switch (letter) {
    case 'a':
      return change({ mode: 'add' })
    case 'e':
      return change({ mode: 'erase' })
    case 'g':
      return change({ showGrid: !settings.showGrid })
    case 'm':
      return change({ maskDisplay: NEXT_MASK_DISPLAY[settings.maskDisplay] })
    case 'i':
      return change({ inverted: !settings.inverted })
    case ',':
      return change({ channel: Math.max(0, settings.channel - 1) })
    case '.':
      return change({ channel: settings.channel + 1 })
    case '[':
      return change({ brushRadius: Math.max(1, settings.brushRadius / 1.25) })
    case ']':
      return change({ brushRadius: Math.min(500, settings.brushRadius * 1.25) })
    default:
      return false
  }
}
