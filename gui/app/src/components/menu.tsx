import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon } from './icons.tsx'

/** One entry of a menu. */
export interface MenuChoice<T extends string> {
  readonly value: T
  readonly label: string
  /** Shown before the label. */
  readonly sample?: ReactNode
}

interface MenuProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly choices: readonly MenuChoice<T>[]
  readonly onChange: (value: T) => void
  /** Text of the button; the chosen entry's label by default. */
  readonly text?: string
  /** More controls below the entries. */
  readonly children?: ReactNode
}

/** A button that opens a list to choose from, with arrow keys, Home, End, Enter and Escape. */
export function Menu<T extends string>({ label, value, choices, onChange, text, children }: MenuProps<T>) {
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  const chosen = choices.findIndex(choice => choice.value === value)
  useCloseOutside(root, open, () => setOpen(false))
  const show = () => {
    setActive(Math.max(0, chosen))
    setOpen(true)
  }
  const choose = (choice: MenuChoice<T>) => {
    onChange(choice.value)
    setOpen(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextActive(event.key, active, choices.length)
    if (event.key === 'Escape') setOpen(false)
    else if (!open && ['ArrowDown', 'Enter', ' '].includes(event.key)) show()
    else if (open && next !== null) setActive(next)
    else if (open && (event.key === 'Enter' || event.key === ' ')) choose(choices[active])
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className="menu-button"
        role="combobox"
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={id}
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        title={label}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={onKeyDown}
      >
        {text ?? choices[chosen]?.label ?? value}
        <Icon name="caret" size={12} />
      </button>
      {open && (
        <div className="menu-popup">
          <ChoiceList {...{ id, label, value, choices, active, setActive, choose }} />
          {children}
        </div>
      )}
    </div>
  )
}

interface ChoiceListProps<T extends string> extends Pick<MenuProps<T>, 'label' | 'value' | 'choices'> {
  readonly id: string
  readonly active: number
  readonly setActive: (index: number) => void
  readonly choose: (choice: MenuChoice<T>) => void
}

function ChoiceList<T extends string>({ id, label, value, choices, active, setActive, choose }: ChoiceListProps<T>) {
  return (
    <div role="listbox" id={id} aria-label={label}>
      {choices.map((choice, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the button, which keeps the focus
        <div
          key={choice.value}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={choice.value === value}
          className={i === active ? 'menu-choice active' : 'menu-choice'}
          onMouseEnter={() => setActive(i)}
          onClick={() => choose(choice)}
        >
          {choice.sample}
          <span>{choice.label}</span>
          {choice.value === value && <Icon name="check" size={12} />}
        </div>
      ))}
    </div>
  )
}

function nextActive(key: string, active: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (active + 1) % count
    case 'ArrowUp':
      return (active + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

function useCloseOutside(root: { readonly current: HTMLElement | null }, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return
    const onPointerDown = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) close()
    }
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') close()
    }
    document.addEventListener('pointerdown', onPointerDown)
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('pointerdown', onPointerDown)
      document.removeEventListener('keydown', onKeyDown)
    }
  })
}
