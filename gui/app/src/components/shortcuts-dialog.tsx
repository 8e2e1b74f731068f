import { useEffect, useRef } from 'react'
import { useAppState, useServices } from './app-context.tsx'
import { TOOL_HINTS } from './tool-rail.tsx'

const SHORTCUTS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Cleaning',
    keys: [
      ['S', 'Step: one major cycle'],
      ['R', 'Run until done'],
      ['X', 'Stop after this major cycle'],
    ],
  },
  {
    title: 'Picture',
    keys: [
      ['Wheel', 'Zoom at the pointer'],
      ['+ −', 'Zoom in, out'],
      ['0', 'Whole image'],
      ['Arrows', 'Move the picture'],
      ['1 … 6', 'residual, image, model, psf, pb, mask'],
      ['G', 'Coordinate grid'],
      ['M', 'Mask outline, shaded, hidden'],
      ['I', 'Invert the colours'],
      [', .', 'Previous, next channel'],
    ],
  },
  {
    title: 'Mask',
    keys: [
      ...Object.values(TOOL_HINTS).map(({ key, label }) => [key, label] as const),
      ['A', 'Drawing adds'],
      ['E', 'Drawing erases'],
      ['Alt', 'The other way while drawing'],
      ['Shift', 'Square or circle'],
      ['Enter', 'Close the polygon'],
      ['Backspace', 'Take back the last corner'],
      ['Escape', 'Give up the drawing'],
      ['Ctrl+Z', 'Undo'],
      ['Ctrl+Shift+Z', 'Redo'],
    ],
  },
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
      onClose={() => store.setState({ dialog: null })}
    >
      <div className="panel-head">
        <h2>Keyboard and pointer</h2>
        <button type="button" className="text-button" onClick={() => store.setState({ dialog: null })}>
          close
        </button>
      </div>
      <div className="shortcut-columns">
        {SHORTCUTS.map(({ title, keys }) => (
          <table key={title}>
            <caption>{title}</caption>
            <tbody>
              {keys.map(([key, meaning]) => (
                <tr key={key}>
                  <th scope="row">
                    <kbd>{key}</kbd>
                  </th>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </dialog>
  )
}
