import type { ReactNode } from 'react'

interface ChoiceFieldProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly choices: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
}

/** A labelled list to choose from. */
export function ChoiceField<T extends string>({ label, value, choices, onChange }: ChoiceFieldProps<T>) {
  return (
    <label className="field">
      <span>{label}</span>
      <select
        className="plain-select"
        aria-label={label}
        value={value}
        onChange={event => onChange(event.target.value as T)}
      >
        {choices.map(choice => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  )
}

interface CheckFieldProps {
  readonly label: string
  readonly checked: boolean
  readonly hint?: string
  readonly onChange: (checked: boolean) => void
}

/** A labelled tick. */
export function CheckField({ label, checked, hint, onChange }: CheckFieldProps) {
  return (
    <label className="field check" title={hint}>
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step?: number
  readonly unit?: string
  readonly hint?: string
  readonly onChange: (value: number) => void
}

/** A labelled number; what is typed counts once it lies within its bounds. */
export function NumberField({ label, value, min, max, step = 1, unit, hint, onChange }: NumberFieldProps) {
  return (
    <label className="field" title={hint}>
      <span>{label}</span>
      <input
        type="number"
        className="plain-number"
        aria-label={label}
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={event => {
          const typed = event.target.valueAsNumber
          if (typed >= min && typed <= max) onChange(typed)
        }}
      />
      {unit && <span className="faint">{unit}</span>}
    </label>
  )
}

/** A heading and its controls. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="field-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}
