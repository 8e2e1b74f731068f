import { TOOL_NAMES } from '@cleanbeam/viewer'
import { COLORMAP_NAMES } from '@cleanbeam/viewer/drawing'
import type { DisplaySettings } from '../state/display-settings.ts'
import { isBusy, productOf, shownField, shownPlane, shownProduct } from '../state/selectors.ts'
import type { AppServices } from './app-context.tsx'
import { savePng, saveSvg } from './save-picture.tsx'
import { TOOL_HINTS } from './tool-hints.ts'

/** Something a key or a line of the command palette does. */
export interface Action {
  readonly title: string
  readonly group: 'Cleaning' | 'Picture' | 'Mask' | 'Page'
  /** As `keyName` writes it: 's', 'Ctrl+z', 'Shift+Tab'. */
  readonly keys: readonly string[]
  /** Left out: always possible. */
  readonly isPossible?: (services: AppServices) => boolean
  run(services: AppServices): void
}

function setting(services: AppServices, change: (settings: DisplaySettings) => Partial<DisplaySettings>): void {
  services.store.setState(({ settings }) => ({ settings: { ...settings, ...change(settings) } }))
}

const isIdle = ({ store }: AppServices) => store.getState().session?.phase.name === 'idle'

const CLEANING: readonly Action[] = [
  {
    title: 'Step: one major cycle',
    group: 'Cleaning',
    keys: ['s'],
    isPossible: isIdle,
    run: s => void s.commands.step(),
  },
  { title: 'Run until done', group: 'Cleaning', keys: ['r'], isPossible: isIdle, run: s => void s.commands.run() },
  {
    title: 'Run several major cycles',
    group: 'Cleaning',
    keys: ['n'],
    isPossible: isIdle,
    run: s => void s.commands.step(s.store.getState().settings.runCycles),
  },
  {
    title: 'Stop after this major cycle',
    group: 'Cleaning',
    keys: ['x'],
    isPossible: s => isBusy(s.store.getState().session),
    run: s => void s.commands.stop(),
  },
  {
    title: 'Stop now; the last complete cycle stays',
    group: 'Cleaning',
    keys: ['Shift+X'],
    isPossible: s => isBusy(s.store.getState().session),
    run: s => void s.commands.abort(),
  },
  {
    title: 'Restore the image and go on',
    group: 'Cleaning',
    keys: [],
    isPossible: isIdle,
    run: s => void s.commands.restore(),
  },
]

const PRODUCTS = ['.residual', '.image', '.model', '.psf', '.pb', '.mask']
const NEXT_MASK_DISPLAY = { outline: 'shaded', shaded: 'hidden', hidden: 'outline' } as const
const PAN_FRACTION = 0.12

function pan(key: string, title: string, x: number, y: number): Action {
  return { title, group: 'Picture', keys: [key], run: ({ viewer }) => viewer.current?.panBy(x, y) }
}

/** Moves along an axis of the cube, round at its ends. */
function stepPlane(services: AppServices, axis: 'channel' | 'stokes', by: number): void {
  const state = services.store.getState()
  const n = shownProduct(state)?.shape[axis === 'channel' ? 3 : 2] ?? 1
  const now = shownPlane(state)[axis]
  setting(services, () => ({ [axis]: (now + by + n) % n }))
}

const hasChannels = ({ store }: AppServices) => (shownProduct(store.getState())?.shape[3] ?? 1) > 1
const hasStokes = ({ store }: AppServices) => (shownProduct(store.getState())?.shape[2] ?? 1) > 1

const PICTURE: readonly Action[] = [
  { title: 'Zoom in', group: 'Picture', keys: ['+', '='], run: s => s.viewer.current?.zoomBy(1.5) },
  { title: 'Zoom out', group: 'Picture', keys: ['-'], run: s => s.viewer.current?.zoomBy(1 / 1.5) },
  { title: 'Whole image', group: 'Picture', keys: ['0'], run: s => s.viewer.current?.fit() },
  pan('ArrowLeft', 'Look further left', -PAN_FRACTION, 0),
  pan('ArrowRight', 'Look further right', PAN_FRACTION, 0),
  pan('ArrowUp', 'Look further up', 0, PAN_FRACTION),
  pan('ArrowDown', 'Look further down', 0, -PAN_FRACTION),
  ...PRODUCTS.map(
    (suffix, i): Action => ({
      title: `Show the ${suffix.slice(1)}`,
      group: 'Picture',
      keys: [`${i + 1}`],
      isPossible: ({ store }) =>
        productOf(store.getState().session, suffix, shownField(store.getState())) !== undefined,
      run: s => setting(s, () => ({ suffix })),
    }),
  ),
  {
    title: 'Previous channel',
    group: 'Picture',
    keys: [','],
    isPossible: hasChannels,
    run: s => stepPlane(s, 'channel', -1),
  },
  {
    title: 'Next channel',
    group: 'Picture',
    keys: ['.'],
    isPossible: hasChannels,
    run: s => stepPlane(s, 'channel', 1),
  },
  { title: 'Next Stokes', group: 'Picture', keys: ['/'], isPossible: hasStokes, run: s => stepPlane(s, 'stokes', 1) },
  {
    title: 'Coordinate grid',
    group: 'Picture',
    keys: ['g'],
    run: s => setting(s, ({ showGrid }) => ({ showGrid: !showGrid })),
  },
  {
    title: 'Mask outline, shaded, hidden',
    group: 'Picture',
    keys: ['m'],
    run: s => setting(s, ({ maskDisplay }) => ({ maskDisplay: NEXT_MASK_DISPLAY[maskDisplay] })),
  },
  {
    title: 'Invert the colours',
    group: 'Picture',
    keys: ['i'],
    run: s => setting(s, ({ inverted }) => ({ inverted: !inverted })),
  },
  {
    title: 'Magnifier',
    group: 'Picture',
    keys: ['l'],
    run: s => setting(s, ({ magnifier }) => ({ magnifier: !magnifier })),
  },
  {
    title: 'Side by side with another product',
    group: 'Picture',
    keys: ['d'],
    run: s => setting(s, ({ compare }) => ({ compare: compare === 'side' ? 'off' : 'side' })),
  },
  {
    title: 'Blink with another product',
    group: 'Picture',
    keys: ['k'],
    run: s => setting(s, ({ compare }) => ({ compare: compare === 'blink' ? 'off' : 'blink' })),
  },
  {
    title: 'Hold the cursor here, or let it go',
    group: 'Picture',
    keys: ['q'],
    run: ({ store }) => store.setState(({ held, cursor }) => ({ held: held ? null : cursor })),
  },
  { title: 'Save the picture as PNG', group: 'Picture', keys: [], run: savePng },
  { title: 'Save the picture as SVG', group: 'Picture', keys: [], run: saveSvg },
  ...COLORMAP_NAMES.map(
    (colormap): Action => ({
      title: `Colormap ${colormap}`,
      group: 'Picture',
      keys: [],
      run: s => setting(s, () => ({ colormap })),
    }),
  ),
]

const MASK: readonly Action[] = [
  ...TOOL_NAMES.map(
    (tool): Action => ({
      title: TOOL_HINTS[tool].label,
      group: 'Mask',
      keys: [TOOL_HINTS[tool].key.toLowerCase()],
      run: s => setting(s, () => ({ tool })),
    }),
  ),
  { title: 'Drawing adds', group: 'Mask', keys: ['a'], run: s => setting(s, () => ({ mode: 'add' })) },
  { title: 'Drawing erases', group: 'Mask', keys: ['e'], run: s => setting(s, () => ({ mode: 'erase' })) },
  {
    title: 'Regions keep their handles until applied',
    group: 'Mask',
    keys: ['h'],
    run: s => setting(s, ({ holdRegions }) => ({ holdRegions: !holdRegions })),
  },
  {
    title: 'Smaller brush',
    group: 'Mask',
    keys: ['['],
    run: s => setting(s, ({ brushRadius }) => ({ brushRadius: Math.max(1, brushRadius / 1.25) })),
  },
  {
    title: 'Larger brush',
    group: 'Mask',
    keys: [']'],
    run: s => setting(s, ({ brushRadius }) => ({ brushRadius: Math.min(500, brushRadius * 1.25) })),
  },
  { title: 'Undo the last change of the mask', group: 'Mask', keys: ['Ctrl+z'], run: s => void s.commands.undo() },
  { title: 'Redo', group: 'Mask', keys: ['Ctrl+Shift+Z', 'Ctrl+y'], run: s => void s.commands.redo() },
  { title: 'Edit the last region again', group: 'Mask', keys: ['Shift+E'], run: s => void s.commands.reopenLast() },
  { title: 'Copy the mask of this plane', group: 'Mask', keys: ['Ctrl+c'], run: s => s.commands.copyMask() },
  { title: 'Paste the mask', group: 'Mask', keys: ['Ctrl+v'], run: s => void s.commands.pasteMask('add') },
  { title: 'Invert the mask', group: 'Mask', keys: ['~'], run: s => void s.commands.editMask('invert') },
  { title: 'Clear the mask', group: 'Mask', keys: [], run: s => void s.commands.editMask('clear') },
]

const NEXT_THEME = { auto: 'light', light: 'dark', dark: 'contrast', contrast: 'auto' } as const

const PAGE: readonly Action[] = [
  { title: 'All commands', group: 'Page', keys: ['Ctrl+k'], run: s => s.store.setState({ dialog: 'commands' }) },
  { title: 'Keyboard shortcuts', group: 'Page', keys: ['?'], run: s => s.store.setState({ dialog: 'shortcuts' }) },
  {
    title: 'Side column shown or hidden',
    group: 'Page',
    keys: ['\\'],
    run: s => setting(s, ({ sideHidden }) => ({ sideHidden: !sideHidden })),
  },
  {
    title: 'Lower panel shown or hidden',
    group: 'Page',
    keys: ['|'],
    run: s => setting(s, ({ bottomHidden }) => ({ bottomHidden: !bottomHidden })),
  },
  {
    title: 'Colours of the page: system, light, dark, high contrast',
    group: 'Page',
    keys: ['t'],
    run: s => setting(s, ({ theme }) => ({ theme: NEXT_THEME[theme] })),
  },
]

/** Everything that keys and the command palette can do. */
export const ACTIONS: readonly Action[] = [...CLEANING, ...PICTURE, ...MASK, ...PAGE]

/** A key as actions name it: modifiers, then the key; Shift only with letters and named keys. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const shift = event.shiftKey && /^([A-Za-z]|[A-Z]\w+)$/.test(event.key)
  const parts = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', shift ? 'Shift' : '']
  const letter = shift ? event.key.toUpperCase() : event.key.toLowerCase()
  return [...parts.filter(Boolean), event.key.length === 1 ? letter : event.key].join('+')
}

/** The action of a key, or undefined. */
export function actionOfKey(key: string): Action | undefined {
  return ACTIONS.find(action => action.keys.includes(key))
}
