import { useEffect } from 'react'
import { actionOfKey, keyName } from './actions.ts'
import { type AppServices, useServices } from './app-context.tsx'

/** Keys of the whole page; those typed into inputs and menus are theirs. */
export function useKeyboard(): void {
  const services = useServices()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return
      const used = services.viewer.current?.handleKey(event.key) || pendingKey(services, event.key)
      if (used || actionKey(services, event)) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [services])
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  const isPalette = (event.ctrlKey || event.metaKey) && event.key === 'k'
  if (target.closest('input, textarea, select, dialog, [role=combobox], [role=slider], [role=separator]'))
    return !isPalette
  // A focused button is pressed by Enter and the space bar.
  return target.tagName === 'BUTTON' && (event.key === 'Enter' || event.key === ' ')
}

/** Enter applies a region with handles, Escape gives it up, and lets go of a held cursor. */
function pendingKey({ store, commands }: AppServices, key: string): boolean {
  const { pending, held } = store.getState()
  if (pending && key === 'Enter') void commands.applyPending()
  else if (pending && key === 'Escape') store.setState({ pending: null })
  else if (held && key === 'Escape') store.setState({ held: null })
  else return false
  return true
}

function actionKey(services: AppServices, event: KeyboardEvent): boolean {
  const action = actionOfKey(keyName(event))
  // Text that is marked on the page is copied as everywhere.
  if (!action || (event.ctrlKey && event.key === 'c' && String(window.getSelection()) !== '')) return false
  if (action.isPossible?.(services) ?? true) action.run(services)
  return true
}
