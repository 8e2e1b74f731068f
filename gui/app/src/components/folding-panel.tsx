import type { ReactNode } from 'react'
import { useAppState, useChangeSettings } from './app-context.tsx'
import { Icon } from './icons.tsx'

interface FoldingPanelProps {
  /** Under which the browser remembers whether it is unfolded. */
  readonly name: string
  readonly title: string
  /** Beside the title, also while folded. */
  readonly note?: string
  readonly children: ReactNode
}

/** A panel of the side column that can be folded away to its title. */
export function FoldingPanel({ name, title, note, children }: FoldingPanelProps) {
  const openPanels = useAppState(state => state.settings.openPanels)
  const change = useChangeSettings()
  const names = openPanels.split(',').filter(Boolean)
  const open = names.includes(name)
  const toggle = () => {
    const next = open ? names.filter(other => other !== name) : [...names, name]
    change({ openPanels: next.join(',') })
  }
  return (
    <section className={`panel folding ${open ? 'open' : ''}`} aria-label={title}>
      <div className="panel-head">
        <h2>
          <button type="button" className="fold-button" aria-expanded={open} onClick={toggle}>
            <Icon name="caret" size={12} />
            {title}
          </button>
        </h2>
        {note && <span className="faint">{note}</span>}
      </div>
      {open && <div className="folding-body">{children}</div>}
    </section>
  )
}
