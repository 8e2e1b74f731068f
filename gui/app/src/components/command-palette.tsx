import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { ACTIONS, type Action } from './actions.ts'
import { useAppState, useServices } from './app-context.tsx'
import { shownKey } from './shortcuts-dialog.tsx'

/** All commands by name, opened by Ctrl+K: type a part of it, Enter does it. */
export function CommandPalette() {
  const { store } = useServices()
  const open = useAppState(state => state.dialog === 'commands')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  const close = () => store.setState(({ dialog: now }) => ({ dialog: now === 'commands' ? null : now }))
  return (
    <dialog ref={dialog} className="palette" aria-label="Commands" onClose={close}>
      {open && <PaletteBody close={close} />}
    </dialog>
  )
}

/** Actions whose title has all words typed. */
export function matchingActions(text: string): Action[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return ACTIONS.filter(({ title, group }) => {
    const name = `${group} ${title}`.toLowerCase()
    return words.every(word => name.includes(word))
  })
}

function PaletteBody({ close }: { close: () => void }) {
  const services = useServices()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const id = useId()
  const found = useMemo(() => matchingActions(text), [text])
  const isPossible = (action: Action) => action.isPossible?.(services) ?? true
  const run = (action: Action | undefined) => {
    if (!action || !isPossible(action)) return
    close()
    action.run(services)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move) setActive((active + move + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') run(found[active])
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className="palette-input"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
        placeholder="What should be done?"
        value={text}
        // biome-ignore lint/a11y/noAutofocus: the dialog is opened to type into it
        autoFocus
        onChange={event => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" role="listbox" id={id} aria-label="Commands">
        {found.map((action, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input, which keeps the focus
          <div
            key={action.title}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            aria-disabled={!isPossible(action)}
            className={`palette-choice ${i === active ? 'active' : ''}`}
            ref={element => {
              if (i === active) element?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => run(action)}
          >
            <span className="faint">{action.group}</span>
            <span>{action.title}</span>
            {action.keys[0] && <kbd>{shownKey(action.keys[0])}</kbd>}
          </div>
        ))}
        {found.length === 0 && <div className="faint palette-none">No command has these words</div>}
      </div>
    </>
  )
}
