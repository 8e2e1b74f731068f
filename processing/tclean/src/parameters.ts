import type { JsonValue, TcleanParameters } from '@cleanbeam/types'

export type TcleanParameterName = keyof TcleanParameters

/** What kind of value a parameter takes; `text` may be empty unless `choices` says otherwise. */
export type ParameterKind =
  | 'text'
  | 'text or list of text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'boolean or integer'
  | 'quantity'
  | 'list of numbers'
  | 'image size'
  | 'cell size'
  | 'text or integer'
  | 'mask'

/** The headings CASA's documentation puts the parameters under. */
export type ParameterGroup =
  | 'Data selection'
  | 'Image definition'
  | 'Gridding'
  | 'Deconvolution'
  | 'Restoration'
  | 'Outlier fields'
  | 'Weighting'
  | 'Iteration control'
  | 'Mask'
  | 'Miscellaneous'

/** One parameter of tclean: what forms, command lines, help texts and checks need to know. */
export interface ParameterDescription {
  readonly name: TcleanParameterName
  readonly group: ParameterGroup
  readonly kind: ParameterKind
  /** CASA's default; null for vis and imagename, which have none. */
  readonly default: JsonValue
  /** Unit of a bare number; '' when there is none. */
  readonly unit: string
  /** Every value tclean knows, for parameters with a closed list. */
  readonly choices?: readonly string[]
  /** Those of `choices` this engine carries out; absent: all of them. */
  readonly supported?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  /** One line for a tool tip. */
  readonly meaning: string
}

/** Every parameter of tclean, in the order of CASA's documentation. */
export const TCLEAN_PARAMETERS: readonly ParameterDescription[] = []
