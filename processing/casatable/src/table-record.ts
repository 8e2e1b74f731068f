import { CasatableError } from './casatable-error.ts'
import { type ArrayValue, type CellValue, elementCount, isArrayValue } from './cell-value.ts'
import { allocateNumeric, isNumericType, type NumericArray, type ValueType } from './value-type.ts'

/** A keyword that refers to another table, by the path as stored ('././NAME' is relative to the table itself). */
export interface TableReference {
  readonly tablePath: string
}

/** What a keyword holds. */
export type KeywordValue = CellValue | TableReference

/** One field of a record. */
export interface RecordEntry {
  readonly name: string
  /** Type of the value, or of the elements of the array. */
  readonly type: ValueType
  readonly value: KeywordValue
  readonly comment: string
}

/** Plain JavaScript data made of a record, for printing and comparing. */
export type PlainValue = boolean | number | bigint | string | { re: number; im: number } | PlainValue[] | PlainRecord
export type PlainRecord = { [name: string]: PlainValue }

/**
 * An ordered set of named, typed values: the keywords of a table or column, a record in a keyword or cell.
 * The types are kept, so that a record written again is the same record.
 */
export class TableRecord {
  private readonly fields = new Map<string, RecordEntry>()

  get names(): string[] {
    return [...this.fields.keys()]
  }

  get size(): number {
    return this.fields.size
  }

  entries(): RecordEntry[] {
    return [...this.fields.values()]
  }

  has(name: string): boolean {
    return this.fields.has(name)
  }

  entry(name: string): RecordEntry | undefined {
    return this.fields.get(name)
  }

  get(name: string): KeywordValue | undefined {
    return this.fields.get(name)?.value
  }

  /** Adds or replaces a field; a new one comes last. */
  set(name: string, type: ValueType, value: KeywordValue, comment = ''): this {
    this.fields.set(name, { name, type, value, comment })
    return this
  }

  /** Adds a vector (one axis) of numbers or strings. */
  setVector(name: string, type: ValueType, values: ArrayLike<number> | readonly string[]): this {
    return this.setArray(name, type, [values.length], values)
  }

  /** Adds an array of numbers or strings, fastest axis first. */
  setArray(
    name: string,
    type: ValueType,
    shape: readonly number[],
    values: ArrayLike<number> | readonly string[],
  ): this {
    if (!isNumericType(type)) return this.set(name, type, { shape, data: [...(values as readonly string[])] })
    const data = allocateNumeric(type, elementCount(shape))
    if (data instanceof BigInt64Array) for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i] as number)
    else data.set(values as ArrayLike<number>)
    return this.set(name, type, { shape, data })
  }

  remove(name: string): boolean {
    return this.fields.delete(name)
  }

  /** @throws CasatableError when the field is missing or not a number */
  number(name: string): number {
    const value = this.get(name)
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    throw this.mismatch(name, 'a number')
  }

  /** @throws CasatableError when the field is missing or not a string */
  string(name: string): string {
    const value = this.get(name)
    if (typeof value === 'string') return value
    throw this.mismatch(name, 'a string')
  }

  /** @throws CasatableError when the field is missing or not a record */
  record(name: string): TableRecord {
    const value = this.get(name)
    if (value instanceof TableRecord) return value
    throw this.mismatch(name, 'a record')
  }

  /** The elements of an array of numbers (or of one number), in storage order. */
  numbers(name: string): number[] {
    const value = this.get(name)
    if (typeof value === 'number') return [value]
    if (isArrayValue(value) && !Array.isArray(value.data)) return Array.from(value.data as NumericArray, Number)
    throw this.mismatch(name, 'an array of numbers')
  }

  /** The elements of an array of strings (or one string). */
  strings(name: string): string[] {
    const value = this.get(name)
    if (typeof value === 'string') return [value]
    if (isArrayValue(value) && Array.isArray(value.data)) return [...value.data]
    // casacore cannot store the element type of an empty vector made from an untyped list.
    if (isArrayValue(value) && value.data.length === 0) return []
    throw this.mismatch(name, 'an array of strings')
  }

  /** Plain objects and arrays (nested, slowest axis outermost); table references become their paths. */
  toPlain(): PlainRecord {
    const plain: PlainRecord = {}
    for (const field of this.fields.values()) plain[field.name] = plainValue(field)
    return plain
  }

  private mismatch(name: string, expected: string): CasatableError {
    const field = this.fields.get(name)
    const got = field === undefined ? `only ${this.names.join(', ') || 'no fields'}` : `a value of type ${field.type}`
    return new CasatableError(`expected ${expected} in field ${name}, got ${got}`)
  }
}

/** True for a keyword that refers to another table. */
export function isTableReference(value: unknown): value is TableReference {
  return typeof value === 'object' && value !== null && 'tablePath' in value
}

function plainValue(field: RecordEntry): PlainValue {
  const value = field.value
  if (value instanceof TableRecord) return value.toPlain()
  if (isTableReference(value)) return value.tablePath
  if (isArrayValue(value)) return nestArray(value, field.type)
  if (typeof value === 'object') return { re: value.re, im: value.im }
  return value
}

function nestArray(array: ArrayValue, type: ValueType): PlainValue[] {
  let level: PlainValue[] = plainElements(array, type)
  for (let axis = 0; axis < array.shape.length - 1; axis++) {
    const length = array.shape[axis]
    const outer: PlainValue[] = []
    for (let i = 0; i < level.length; i += length) outer.push(level.slice(i, i + length))
    level = outer
  }
  return level
}

function plainElements(array: ArrayValue, type: ValueType): PlainValue[] {
  if (Array.isArray(array.data)) return [...array.data]
  const data = array.data as NumericArray
  if (type === 'bool') return Array.from(data as Uint8Array, bit => bit !== 0)
  if (type !== 'complex64' && type !== 'complex128') return Array.from(data as Float64Array)
  const complex: PlainValue[] = []
  for (let i = 0; i < data.length; i += 2) complex.push({ re: Number(data[i]), im: Number(data[i + 1]) })
  return complex
}
