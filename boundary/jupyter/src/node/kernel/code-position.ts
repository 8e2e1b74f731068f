/** Jupyter counts cursor positions in Unicode code points, JavaScript in UTF-16 units. */
export function unitsBefore(text: string, codePoints: number): number {
  let units = 0
  for (let i = 0; i < codePoints && units < text.length; i++) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  }
  return units
}

/** The inverse. */
export function codePointsBefore(text: string, units: number): number {
  return [...text.slice(0, units)].length
}

/** A chain of names such as `cl.record.fields`, and where in the text it begins. */
export interface NameChain {
  /** What stands before the last dot, '' when there is none. */
  readonly object: string
  /** What stands behind it, as far as it is typed. */
  readonly name: string
  /** Where `name` begins, in UTF-16 units. */
  readonly start: number
}

const CHAIN =
  /(?:([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_#][\p{ID_Continue}$]*|\[\d+\])*)\??\.)?([\p{ID_Start}$_]?[\p{ID_Continue}$]*)$/u

/** The chain of names that ends at the cursor. Calls are not followed: asking must not do anything. */
export function chainBefore(text: string, cursor: number): NameChain {
  const match = CHAIN.exec(text.slice(0, cursor))
  const name = match?.[2] ?? ''
  return { object: match?.[1] ?? '', name, start: cursor - name.length }
}

const REST_OF_NAME = /^[\p{ID_Continue}$]*/u

/** The whole chain of names the cursor stands in. */
export function chainAround(text: string, cursor: number): string {
  const end = cursor + (REST_OF_NAME.exec(text.slice(cursor))?.[0].length ?? 0)
  const { object, name } = chainBefore(text, end)
  return object === '' ? name : `${object}.${name}`
}
