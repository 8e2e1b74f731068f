import { useEffect, useRef } from 'react'
import { ACTIONS, type Action } from './actions.ts'
import { useAppState, useServices } from './app-context.tsx'

const GROUPS: readonly Action['group'][] = ['Cleaning', 'Picture', 'Mask', 'Page']

/** What is done with the pointer, or with keys that mean something only while drawing. */
const GESTURES: readonly { readonly group: Action['group']; readonly keys: string; readonly title: string }[] = [
  { group: 'Picture', keys: 'Wheel', title: 'Zoom at the pointer' },
  { group: 'Picture', keys: 'Right drag', title: 'Bias and contrast' },
  { group: 'Picture', keys: 'Click', title: 'Hold the cursor, let it go' },
  { group: 'Mask', keys: 'Alt', title: 'The other way while drawing' },
  { group: 'Mask', keys: 'Shift', title: 'Square or circle' },
  { group: 'Mask', keys: 'Enter', title: 'Close the polygon; apply a region with handles' },
  { group: 'Mask', keys: 'Backspace', title: 'Take back the last corner' },
  { group: 'Mask', keys: 'Escape', title: 'Give up the drawing' },
]

/** All keys of the page, opened by `?`. */
export function ShortcutsDialog() {
  const { store } = useServices()
  const open = useAppState(state => state.dialog === 'shortcuts')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      className="shortcuts"
      aria-label="Keyboard shortcuts"
      onClose={() => store.setState(({ dialog: now }) => ({ dialog: now === 'shortcuts' ? null : now }))}
    >
      <div className="panel-head">
        <h2>Keyboard and pointer</h2>
        <button type="button" className="text-button" onClick={() => store.setState({ dialog: null })}>
          close
        </button>
      </div>
      <div className="shortcut-columns">
        {GROUPS.map(group => (
          <ShortcutTable key={group} group={group} />
        ))}
      </div>
    </dialog>
  )
}

function ShortcutTable({ group }: { group: Action['group'] }) {
  const actions = ACTIONS.filter(action => action.group === group && action.keys.length > 0)
  const rows = [
    ...actions.map(({ keys, title }) => ({ keys: keys.map(shownKey).join('  '), title })),
    ...GESTURES.filter(gesture => gesture.group === group),
  ]
  return (
    <table>
      <caption>{group}</caption>
      <tbody>
        {rows.map(({ keys, title }) => (
          <tr key={title}>
            <th scope="row">
              <kbd>{keys}</kbd>
            </th>
            <td>{title}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const SHOWN_KEYS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  '-': '−',
}

/** A key as people read it: 'S', 'Ctrl+Z', '←'. */
export function shownKey(key: string): string {
  const parts = key.split('+')
  if (key === '+') return '+'
  return parts.map(part => SHOWN_KEYS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+')
}
