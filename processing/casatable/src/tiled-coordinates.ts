import { gatherSlice, type ResolvedSlice } from './cell-slice.ts'
import { isArrayValue, type ScalarValue } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageRun } from './column-storage.ts'
import type { KeywordValue } from './table-record.ts'
import { unravel } from './tiled-reader.ts'
import type { TiledPlace } from './tiled-storage.ts'
import { isNumericType, type NumericArray, numericLayout } from './value-type.ts'

/** What a coordinate column needs of its manager. */
export interface CoordinateSource {
  readonly nCellAxis: number
  place(row: number): TiledPlace | null
  error(message: string): Error
}

/** A coordinate or identification column: its values belong to whole cubes and lie in the head file. */
export class TiledCoordinateColumn implements ColumnStorage {
  private readonly storage: CoordinateSource
  private readonly column: ManagedColumn
  private readonly axis: number

  /** @param axis - the axis whose coordinate it is; −1 for an identification */
  constructor(storage: CoordinateSource, column: ManagedColumn, axis: number) {
    this.storage = storage
    this.column = column
    this.axis = axis
  }

  shapeRun(row: number): StorageRun {
    if (!this.column.description.isArray) return { shape: [], end: Number.POSITIVE_INFINITY }
    const value = this.value(row)
    return { shape: isArrayValue(value) ? value.shape : null, end: row + 1 }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const { type, isArray } = this.column.description
    const { components } = numericLayout(isNumericType(type) ? type : 'uint8')
    let out = at
    for (let row = rowStart; row < rowStart + nRow; row++) {
      const value = this.value(row)
      if (isArray && isArrayValue(value) && !Array.isArray(value.data)) {
        if (slice === null) target.set(value.data as Float64Array & BigInt64Array, out * components)
        else gatherSlice(value.data, value.shape, slice, components, target, out)
        out += slice === null ? value.data.length / components : slice.count.reduce((n, c) => n * c, 1)
      } else this.putScalar(value as ScalarValue, target, out++ * components)
    }
  }

  readStrings(row: number): string[] {
    return [String(this.value(row))]
  }

  private putScalar(value: ScalarValue, target: NumericArray, at: number): void {
    if (target instanceof BigInt64Array) target[at] = BigInt(value as number)
    else if (typeof value === 'object') {
      target[at] = value.re
      target[at + 1] = value.im
    } else target[at] = Number(value)
  }

  private value(row: number): KeywordValue {
    const { originalName } = this.column
    const place = this.storage.place(row)
    const value = place?.cube.values.get(originalName)
    if (place === null || value === undefined)
      throw this.storage.error(`expected a value of ${originalName} for row ${row}, got none`)
    if (this.column.description.isArray || !isArrayValue(value)) return value
    const { components } = numericLayout(value.data instanceof Float64Array ? 'float64' : 'float32')
    const index = this.indexOnAxis(place)
    const element = Array.isArray(value.data) ? value.data[index] : Number(value.data[index * components])
    if (element === undefined)
      throw this.storage.error(`expected ${index + 1} values of ${originalName}, got ${value.data.length}`)
    return element
  }

  private indexOnAxis(place: TiledPlace): number {
    const nCellAxis = this.storage.nCellAxis
    if (this.axis < nCellAxis) return 0
    return unravel(place.position, place.cube.cubeShape.slice(nCellAxis))?.[this.axis - nCellAxis] ?? -1
  }
}
