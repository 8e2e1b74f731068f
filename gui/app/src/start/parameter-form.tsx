import type { JsonObject } from '@cleanbeam/types'
import { useEffect, useId, useMemo, useState } from 'react'
import { sizeText } from './file-browser.tsx'
import { type FormTexts, readForm, valueText } from './form-values.ts'
import type { FormParameter, RunEstimate, StartClient } from './start-client.ts'

interface ParameterFormProps {
  readonly client: StartClient
  readonly parameters: readonly FormParameter[]
  readonly texts: FormTexts
  readonly beginning: boolean
  readonly onChange: (name: string, text: string) => void
  readonly onBegin: (parameters: JsonObject) => void
}

/** Groups that most people look at; the others are folded. */
const FIRST_GROUPS = ['Data selection', 'Image definition', 'Deconvolution', 'Weighting', 'Iteration control']
const OPEN_GROUPS = ['Data selection', 'Image definition']

/** tclean's parameters under the headings of CASA's documentation; what is not typed has its default. */
export function ParameterForm({ client, parameters, texts, beginning, onChange, onBegin }: ParameterFormProps) {
  const { values, messages } = useMemo(() => readForm(parameters, texts), [parameters, texts])
  const groups = useMemo(() => [...new Set(parameters.map(p => p.group))].sort(byInterest), [parameters])
  const isReady = values.vis !== undefined && values.imagename !== undefined && Object.keys(messages).length === 0
  return (
    <form
      className="start-panel start-form"
      aria-label="Parameters"
      onSubmit={event => {
        event.preventDefault()
        if (isReady) onBegin(values)
      }}
    >
      <h2>Parameters</h2>
      <div className="start-groups">
        {groups.map(group => (
          <details key={group} open={OPEN_GROUPS.includes(group)}>
            <summary>{group}</summary>
            <div className="start-fields">
              {parameters
                .filter(parameter => parameter.group === group)
                .map(parameter => (
                  <FormField
                    key={parameter.name}
                    parameter={parameter}
                    text={texts[parameter.name] ?? valueText(parameter.default)}
                    message={messages[parameter.name] ?? ''}
                    onChange={text => onChange(parameter.name, text)}
                  />
                ))}
            </div>
          </details>
        ))}
      </div>
      <footer className="start-foot">
        <Estimate client={client} values={values} isReady={isReady} />
        <button type="submit" className="action primary" disabled={!isReady || beginning}>
          {beginning ? 'Beginning…' : 'Begin'}
        </button>
      </footer>
    </form>
  )
}

function byInterest(a: string, b: string): number {
  const rank = (group: string) => {
    const i = FIRST_GROUPS.indexOf(group)
    return i < 0 ? FIRST_GROUPS.length : i
  }
  return rank(a) - rank(b)
}

interface FormFieldProps {
  readonly parameter: FormParameter
  readonly text: string
  readonly message: string
  readonly onChange: (text: string) => void
}

function FormField({ parameter, text, message, onChange }: FormFieldProps) {
  const id = useId()
  const { name, kind, choices, unit, meaning } = parameter
  const options = kind === 'boolean' ? ['true', 'false'] : choices
  const isChanged = text !== valueText(parameter.default)
  return (
    <div className={`parameter ${message ? 'invalid' : ''} ${isChanged ? 'changed' : ''}`} title={meaning}>
      <label htmlFor={id}>{name}</label>
      <div className="input-box">
        {options ? (
          <select id={id} value={text} onChange={event => onChange(event.target.value)}>
            {(options.includes(text) ? options : [text, ...options]).map(option => (
              <option key={option} value={option}>
                {option}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            value={text}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={message ? true : undefined}
            aria-describedby={`${id}-note`}
            onChange={event => onChange(event.target.value)}
          />
        )}
        {unit && <span className="unit">{unit}</span>}
      </div>
      <div id={`${id}-note`} className="parameter-note" role={message ? 'alert' : undefined}>
        {message}
      </div>
    </div>
  )
}

const REST_MS = 300

/** Memory and time, about; asked for once typing rests. */
function Estimate({ client, values, isReady }: { client: StartClient; values: JsonObject; isReady: boolean }) {
  const [estimate, setEstimate] = useState<RunEstimate | null>(null)
  useEffect(() => {
    setEstimate(null)
    if (!isReady) return
    let isCurrent = true
    const timer = setTimeout(() => {
      client.estimate(values).then(
        found => isCurrent && setEstimate(found),
        () => isCurrent && setEstimate(null),
      )
    }, REST_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, values, isReady])
  if (!isReady) return <span className="faint">vis and imagename are needed</span>
  if (!estimate) return <span className="faint" />
  const { memoryBytes, firstImageSeconds, cycleSeconds } = estimate
  return (
    <span className="faint" role="status">
      about {sizeText(memoryBytes)} of memory, {secondsText(firstImageSeconds)} to the first image,{' '}
      {secondsText(cycleSeconds)} a major cycle
    </span>
  )
}

/** '0.4 s', '2 min'. */
export function secondsText(seconds: number): string {
  if (seconds < 100) return `${Number(seconds.toPrecision(1))} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`
}
