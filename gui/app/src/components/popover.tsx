import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Icon, type IconName } from './icons.tsx'

interface PopoverProps {
  /** Accessible name of the button and of what it opens. */
  readonly label: string
  readonly icon?: IconName
  /** Text of the button; none for a button with an icon only. */
  readonly text?: string
  readonly active?: boolean
  readonly className?: string
  readonly side?: 'left' | 'right'
  readonly children: ReactNode
}

/** A button that opens a small panel of controls; Escape or a press elsewhere closes it. */
export function Popover({ label, icon, text, active, className = '', side = 'right', children }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const onPointerDown = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', onPointerDown)
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('pointerdown', onPointerDown)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [open])
  return (
    <div className={`menu ${className}`} ref={root}>
      <button
        type="button"
        ref={button}
        className={text === undefined ? 'icon-button' : 'menu-button'}
        aria-label={text === undefined ? label : undefined}
        aria-expanded={open}
        aria-haspopup="dialog"
        data-active={active === true}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {icon && <Icon name={icon} />}
        {text}
        {text !== undefined && <Icon name="caret" size={12} />}
      </button>
      {open && (
        <div className={`menu-popup popover ${side}`} role="dialog" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  )
}
