import type { UpdatableInfo } from '@cleanbeam/protocol'
import { type KeyboardEvent, useId, useState } from 'react'
import { inputText, meansSame, parseInput, shownUnit } from '../state/parameter-input.ts'
import { isBusy } from '../state/selectors.ts'
import { useAppState, useServices } from './app-context.tsx'

/** Always in sight, in this order. */
const USUAL = ['niter', 'cycleniter', 'nmajor', 'threshold', 'nsigma', 'gain', 'cyclefactor']

/** Parameters of the steps to come. */
export function ParameterPanel() {
  const updatable = useAppState(state => state.session?.updatable)
  const usesAutomask = useAppState(state => state.session?.parameters.usemask === 'auto-multithresh')
  const infos = (updatable ?? []).filter(info => USUAL.includes(info.name))
  const others = (updatable ?? []).filter(info => !USUAL.includes(info.name) && info.group !== 'automask')
  const automask = usesAutomask ? (updatable ?? []).filter(info => info.group === 'automask') : []
  return (
    <section className="panel" aria-label="Next step">
      <div className="panel-head">
        <h2>Next step</h2>
        <RestoreButton />
      </div>
      <ParameterGrid infos={[...infos].sort((a, b) => USUAL.indexOf(a.name) - USUAL.indexOf(b.name))} />
      {automask.length > 0 && <MoreParameters title="Automatic mask" infos={automask} />}
      {others.length > 0 && <MoreParameters title="More" infos={others} />}
    </section>
  )
}

/** Parameters that are there only once they are asked for. */
function MoreParameters({ title, infos }: { title: string; infos: readonly UpdatableInfo[] }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="more" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <ParameterGrid infos={infos} />}
    </details>
  )
}

function ParameterGrid({ infos }: { infos: readonly UpdatableInfo[] }) {
  return (
    <div className="parameter-grid">
      {infos.map(info =>
        info.kind === 'boolean' ? (
          <SwitchField key={info.name} info={info} />
        ) : (
          <ParameterField key={info.name} info={info} />
        ),
      )}
    </div>
  )
}

function ParameterField({ info }: { info: UpdatableInfo }) {
  const { store, commands } = useServices()
  const id = useId()
  const draft = useAppState(state => state.drafts[info.name])
  const refusal = useAppState(state => state.refusals[info.name])
  const text = draft ?? inputText(info.value)
  const parsed = draft === undefined ? null : parseInput(info, draft)
  const message = parsed && !parsed.ok ? parsed.message : refusal
  const changed = parsed?.ok === true && !meansSame(info, parsed.value, info.value)
  const onChange = (typed: string) =>
    store.setState(state => ({
      drafts: { ...state.drafts, [info.name]: typed },
      refusals: { ...state.refusals, [info.name]: '' },
    }))
  const forget = () =>
    store.setState(({ drafts: { [info.name]: _, ...drafts }, refusals: { [info.name]: __, ...refusals } }) => ({
      drafts,
      refusals,
    }))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void commands.applyDrafts()
    if (event.key === 'Escape') forget()
  }
  return (
    <div className={`parameter ${message ? 'invalid' : ''} ${changed ? 'changed' : ''}`} title={hint(info)}>
      <label htmlFor={id}>{info.name}</label>
      <div className="input-box">
        <input
          id={id}
          value={text}
          placeholder={info.value === null ? 'auto' : undefined}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={message ? true : undefined}
          aria-describedby={`${id}-note`}
          onChange={event => onChange(event.target.value)}
          onBlur={() => void commands.applyDrafts()}
          onKeyDown={onKeyDown}
        />
        <span className="unit" aria-hidden="true">
          {shownUnit(info, text)}
        </span>
      </div>
      <div id={`${id}-note`} className="parameter-note" role={message ? 'alert' : undefined}>
        {message}
      </div>
    </div>
  )
}

function SwitchField({ info }: { info: UpdatableInfo }) {
  const { commands } = useServices()
  return (
    <label className="parameter switch" title={hint(info)}>
      <input
        type="checkbox"
        checked={info.value === true}
        onChange={event => void commands.update({ [info.name]: event.target.checked })}
      />
      {info.name}
    </label>
  )
}

function hint(info: UpdatableInfo): string {
  const unit = info.unit ? `\nA number without a unit means ${info.unit}` : ''
  return `${info.name}: ${info.description}${unit}\nIn force: ${inputText(info.value) || 'computed'}, default: ${inputText(info.default) || 'computed'}`
}

function RestoreButton() {
  const { commands } = useServices()
  const session = useAppState(state => state.session)
  const cleaned = (session?.record?.niterdone ?? 0) > 0
  const restored = session?.phase.restored === true
  return (
    <button
      type="button"
      className="text-button"
      disabled={isBusy(session) || session?.phase.name === 'finished' || !session?.record || restored}
      title={cleaned ? 'Writes the restored image; cleaning can go on afterwards' : 'Writes the image as it stands'}
      onClick={() => commands.restore()}
    >
      {restored ? 'restored' : 'restore image'}
    </button>
  )
}
