import { decodeNumbers } from './big-endian.ts'
import { FitsError } from './fits-error.ts'
import type { FitsFile, Hdu } from './hdu.ts'

/** A parameter of the groups: PTYPEn, and how its numbers become physical ones. */
export interface GroupParameter {
  readonly name: string
  readonly scale: number
  readonly zero: number
}

/** A random-groups HDU: every group has `parameters.length` numbers and then an array of shape `axes`. */
export interface RandomGroups {
  readonly nGroup: number
  readonly parameters: readonly GroupParameter[]
  /** Axes of the array of one group, fastest first (without NAXIS1 = 0). */
  readonly axes: readonly number[]
  /** Numbers per group, parameters included. */
  readonly groupSize: number
  readonly scale: number
  readonly zero: number
  /**
   * @returns a new array, [count, groupSize] as in the file (neither PSCALn nor BSCALE applied): float32 for BITPIX −32,
   * float64 for the others
   */
  read(first: number, count: number): Promise<Float32Array | Float64Array>
}

/**
 * Describes a random-groups HDU.
 * @throws FitsError when the HDU holds no groups
 * @see FITS standard 4.0, section 6
 */
export function openRandomGroups(file: FitsFile, hdu: Hdu): RandomGroups {
  const { header } = hdu
  if (hdu.kind !== 'groups') {
    throw new FitsError(`expected random groups (GROUPS = T, NAXIS1 = 0), got ${hdu.kind} (${header.where})`, {
      kind: hdu.kind,
    })
  }
  const axes = hdu.axes.slice(1)
  const nGroup = header.integer('GCOUNT')
  const parameters = Array.from({ length: header.integer('PCOUNT') }, (_, i) => ({
    name: header.string(`PTYPE${i + 1}`, '').trim(),
    scale: header.number(`PSCAL${i + 1}`, 1),
    zero: header.number(`PZERO${i + 1}`, 0),
  }))
  const groupSize = parameters.length + axes.reduce((product, n) => product * n, 1)
  const groupBytes = (groupSize * Math.abs(hdu.bitpix)) / 8
  return {
    nGroup,
    parameters,
    axes,
    groupSize,
    scale: header.number('BSCALE', 1),
    zero: header.number('BZERO', 0),
    async read(first, count) {
      if (!(first >= 0 && count >= 0 && first + count <= nGroup)) {
        throw new FitsError(`expected groups within 0 to ${nGroup}, got ${first} to ${first + count} (${header.where})`)
      }
      const bytes = await file.source.read(hdu.dataOffset + first * groupBytes, count * groupBytes)
      const raw = decodeNumbers(bytes, hdu.bitpix)
      return raw instanceof Float32Array || raw instanceof Float64Array
        ? raw
        : Float64Array.from(raw as ArrayLike<number>, Number)
    },
  }
}
