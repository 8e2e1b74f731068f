import { useEffect, useRef } from 'react'
import { isBusy } from '../state/selectors.ts'
import { useAppState, useServices } from './app-context.tsx'

/** All major cycles as buttons: choose one to go back to it and continue from there. */
export function CycleStrip() {
  const { store } = useServices()
  const strip = useRef<HTMLDivElement>(null)
  const done = useAppState(state => state.session?.record?.nmajordone ?? 0)
  const kept = useAppState(state => state.session?.rewind?.cycles)
  const chosen = useAppState(state => state.chosenCycle)
  useEffect(() => {
    if (strip.current && done >= 0) strip.current.scrollLeft = strip.current.scrollWidth
  }, [done])
  if (done === 0) return null
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would add a border and a legend to a row of buttons */}
      <div className="cycle-strip" ref={strip} role="group" aria-label="Major cycles">
        {Array.from({ length: done + 1 }, (_, cycle) => (
          <button
            key={cycle}
            type="button"
            aria-label={cycle === 0 ? 'Dirty image, cycle 0' : `Major cycle ${cycle}`}
            aria-pressed={cycle === (chosen ?? done)}
            className={cycle === done ? 'now' : kept?.includes(cycle) ? 'kept' : ''}
            onClick={() => store.setState({ chosenCycle: cycle === chosen || cycle === done ? null : cycle })}
          >
            {cycle}
          </button>
        ))}
      </div>
      <ChosenCycle />
    </>
  )
}

function ChosenCycle() {
  const { store, commands } = useServices()
  const chosen = useAppState(state => state.chosenCycle)
  const done = useAppState(state => state.session?.record?.nmajordone ?? 0)
  const isKept = useAppState(state => state.session?.rewind?.cycles.includes(state.chosenCycle ?? -1) ?? false)
  const busy = useAppState(state => isBusy(state.session) || state.session?.phase.name === 'finished')
  if (chosen === null || chosen >= done) return null
  const name = chosen === 0 ? 'the dirty image' : `major cycle ${chosen}`
  const goBack = async () => {
    await commands.rewind(chosen)
    store.setState({ chosenCycle: null })
  }
  return (
    <div className="chosen-cycle">
      <span>
        {isKept
          ? `${done - chosen} later cycle${done - chosen === 1 ? '' : 's'} would be given up`
          : `The state of ${name} is no longer kept`}
      </span>
      <button type="button" className="small-button" disabled={!isKept || busy} onClick={goBack}>
        continue from here
      </button>
    </div>
  )
}
