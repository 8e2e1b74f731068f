import type { UpdatableInfo } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { inputText, meansSame, parseInput, shownUnit } from '../state/parameter-input.ts'
import { isBusy } from '../state/selectors.ts'
import { useAppState, useChangeSettings, useServices } from './app-context.tsx'
import { NumberField } from './fields.tsx'

/** Always in sight, in this order. */
const USUAL = ['niter', 'cycleniter', 'nmajor', 'threshold', 'nsigma', 'gain', 'cyclefactor']

/** Parameters of the steps to come. */
export function ParameterPanel() {
  const updatable = useAppState(state => state.session?.updatable)
  const usesAutomask = useAppState(state => state.session?.parameters.usemask === 'auto-multithresh')
  const infos = (updatable ?? []).filter(info => USUAL.includes(info.name))
  const others = (updatable ?? []).filter(info => !USUAL.includes(info.name) && info.group !== 'automask')
  const automask = (updatable ?? []).filter(info => info.group === 'automask')
  return (
    <section className="panel" aria-label="Next step">
      <div className="panel-head">
        <h2>Next step</h2>
        <RestoreButton />
      </div>
      <ParameterGrid infos={[...infos].sort((a, b) => USUAL.indexOf(a.name) - USUAL.indexOf(b.name))} />
      <MoreParameters name="automask" title="Automatic mask" infos={automask}>
        <PreviewButtons infos={automask} inForce={usesAutomask} />
      </MoreParameters>
      <MoreParameters name="more" title="More" infos={others}>
        <KeptStates />
      </MoreParameters>
    </section>
  )
}

interface MoreParametersProps {
  readonly name: string
  readonly title: string
  readonly infos: readonly UpdatableInfo[]
  readonly children: ReactNode
}

/** Parameters that are there only once they are asked for. */
function MoreParameters({ name, title, infos, children }: MoreParametersProps) {
  const openPanels = useAppState(state => state.settings.openPanels)
  const change = useChangeSettings()
  const names = openPanels.split(',').filter(Boolean)
  const open = names.includes(name)
  if (infos.length === 0) return null
  const onToggle = (isOpen: boolean) => {
    if (isOpen === open) return
    change({ openPanels: (isOpen ? [...names, name] : names.filter(other => other !== name)).join(',') })
  }
  return (
    <details className="more" open={open} onToggle={event => onToggle(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <ParameterGrid infos={infos} />}
      {open && children}
    </details>
  )
}

/** The automatic mask of the present residual, looked at before it counts. */
function PreviewButtons({ infos, inForce }: { infos: readonly UpdatableInfo[]; inForce: boolean }) {
  const { store, commands } = useServices()
  const preview = useAppState(state => state.preview)
  const busy = useAppState(state => isBusy(state.session))
  const typed = (): JsonObject => {
    const { drafts } = store.getState()
    const values = infos.flatMap((info): [string, JsonObject[string]][] => {
      const parsed = drafts[info.name] === undefined ? null : parseInput(info, drafts[info.name])
      return [[info.name, parsed?.ok ? parsed.value : info.value]]
    })
    return Object.fromEntries(values)
  }
  return (
    <div className="field-row preview-buttons">
      <button type="button" className="small-button" disabled={busy} onClick={() => commands.previewMask(typed())}>
        preview the mask
      </button>
      {preview && (
        <>
          <button type="button" className="small-button" onClick={() => commands.applyPreview()}>
            add it
          </button>
          <button type="button" className="small-button" onClick={() => commands.previewMask(null)}>
            hide
          </button>
        </>
      )}
      {!inForce && <span className="faint">usemask is user: the preview is only added when you say so</span>}
    </div>
  )
}

const MEBIBYTE = 1024 ** 2

/** How many earlier states the disk holds, and how many it may. */
function KeptStates() {
  const { commands } = useServices()
  const rewind = useAppState(state => state.session?.rewind)
  if (!rewind) return null
  const { cycles, usedBytes, limitBytes } = rewind
  return (
    <div className="field-row">
      <span className="faint">
        {cycles.length} states kept, {Math.ceil(usedBytes / MEBIBYTE)} MiB of
      </span>
      <NumberField
        label="Kept states"
        hint="Disk space for the states one can go back to"
        unit="MiB"
        value={Math.round(limitBytes / MEBIBYTE)}
        min={0}
        max={1e6}
        onChange={mebibytes => commands.keepUpTo(mebibytes * MEBIBYTE)}
      />
    </div>
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
