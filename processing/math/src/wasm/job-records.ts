import type { MemoryArena } from './memory-arena.ts'

type FieldType = 'f64' | 'f32' | 'i32' | 'address'
type Fields = readonly (readonly [name: string, type: FieldType])[]

/** Fields of assembly/sampling-job.ts in order; job-records.test.ts compares the two. */
export const SAMPLING_JOB_FIELDS = [
  ['scaleU', 'f64'],
  ['scaleV', 'f64'],
  ['scaleW', 'f64'],
  ['originU', 'f64'],
  ['originV', 'f64'],
  ['originW', 'f64'],
  ['periodU', 'f64'],
  ['periodV', 'f64'],
  ['shiftW', 'f64'],
  ['hasW', 'i32'],
  ['nRow', 'i32'],
  ['nChannel', 'i32'],
  ['support', 'i32'],
  ['supportW', 'i32'],
  ['nTerm', 'i32'],
  ['nTermW', 'i32'],
  ['nTileU', 'i32'],
  ['nTileV', 'i32'],
  ['tileShift', 'i32'],
  ['nBinW', 'i32'],
  ['nBlock', 'i32'],
  ['rowsPerBlock', 'i32'],
  ['firstPlane', 'i32'],
  ['nPlane', 'i32'],
  ['uvw', 'address'],
  ['frequency', 'address'],
  ['counts', 'address'],
  ['binEnds', 'address'],
  ['segments', 'address'],
  ['tileLoads', 'address'],
  ['coefficients', 'address'],
  ['coefficientsW', 'address'],
  ['grid', 'address'],
  ['planeBytes', 'address'],
  ['rowBytes', 'address'],
  ['tiles', 'address'],
  ['visibility', 'address'],
  ['weight', 'address'],
  ['predicted', 'address'],
  ['minuend', 'address'],
] as const satisfies Fields

/** Fields of assembly/plane-job.ts in order; job-records.test.ts compares the two. */
export const PLANE_JOB_FIELDS = [
  ['cellX', 'f64'],
  ['cellY', 'f64'],
  ['planeDistance', 'f64'],
  ['middle', 'f64'],
  ['seriesScale', 'f64'],
  ['nx', 'i32'],
  ['ny', 'i32'],
  ['centreX', 'i32'],
  ['centreY', 'i32'],
  ['nu', 'i32'],
  ['nv', 'i32'],
  ['firstColumn', 'i32'],
  ['endColumn', 'i32'],
  ['firstRow', 'i32'],
  ['endRow', 'i32'],
  ['nPlane', 'i32'],
  ['firstPlane', 'i32'],
  ['nDistance', 'i32'],
  ['hasW', 'i32'],
  ['nSeries', 'i32'],
  ['grid', 'address'],
  ['planeBytes', 'address'],
  ['rowBytes', 'address'],
  ['image', 'address'],
  ['phase', 'address'],
  ['factorX', 'address'],
  ['factorY', 'address'],
  ['series', 'address'],
  ['twiddleU', 'address'],
  ['planU', 'address'],
  ['twiddleV', 'address'],
  ['planV', 'address'],
] as const satisfies Fields

/** Fields of assembly/hogbom-loop.ts in order; job-records.test.ts compares the two. */
export const HOGBOM_JOB_FIELDS = [
  ['gain', 'f32'],
  ['limit', 'f32'],
  ['nx', 'i32'],
  ['ny', 'i32'],
  ['x0', 'i32'],
  ['x1', 'i32'],
  ['y0', 'i32'],
  ['y1', 'i32'],
  ['maxIterations', 'i32'],
  ['cancelled', 'i32'],
  ['residual', 'address'],
  ['psf', 'address'],
  ['mask', 'address'],
  ['rowPeaks', 'address'],
  ['meeting', 'address'],
  ['components', 'address'],
  ['answer', 'address'],
] as const satisfies Fields

/** Fields of assembly/clark-loop.ts in order; job-records.test.ts compares the two. */
export const CLARK_JOB_FIELDS = [
  ['gain', 'f32'],
  ['limit', 'f32'],
  ['nActive', 'i32'],
  ['maxIterations', 'i32'],
  ['reachX', 'i32'],
  ['reachY', 'i32'],
  ['psfNx', 'i32'],
  ['cancelled', 'i32'],
  ['values', 'address'],
  ['positions', 'address'],
  ['psfCentre', 'address'],
  ['components', 'address'],
  ['answer', 'address'],
] as const satisfies Fields

/** Values of a sampling job by field name; missing ones are 0. */
export type SamplingJobValues = { readonly [name in (typeof SAMPLING_JOB_FIELDS)[number][0]]?: number }
/** Values of a plane job by field name; missing ones are 0. */
export type PlaneJobValues = { readonly [name in (typeof PLANE_JOB_FIELDS)[number][0]]?: number }

/** Values of a Hogbom job by field name; missing ones are 0. */
export type HogbomJobValues = { readonly [name in (typeof HOGBOM_JOB_FIELDS)[number][0]]?: number }
/** Values of a Clark job by field name; missing ones are 0. */
export type ClarkJobValues = { readonly [name in (typeof CLARK_JOB_FIELDS)[number][0]]?: number }

/** Writes a sampling job into new memory of the arena, which the caller frees. */
export function writeSamplingJob(arena: MemoryArena, values: SamplingJobValues): Uint8Array {
  return writeRecord(arena, SAMPLING_JOB_FIELDS, values)
}

/** Writes a plane job into new memory of the arena, which the caller frees. */
export function writePlaneJob(arena: MemoryArena, values: PlaneJobValues): Uint8Array {
  return writeRecord(arena, PLANE_JOB_FIELDS, values)
}

/** Writes a Hogbom job into new memory of the arena, which the caller frees. */
export function writeHogbomJob(arena: MemoryArena, values: HogbomJobValues): Uint8Array {
  return writeRecord(arena, HOGBOM_JOB_FIELDS, values)
}

/** Writes a Clark job into new memory of the arena, which the caller frees. */
export function writeClarkJob(arena: MemoryArena, values: ClarkJobValues): Uint8Array {
  return writeRecord(arena, CLARK_JOB_FIELDS, values)
}

/** The eight-byte fields stand first, so no padding arises. */
function writeRecord(arena: MemoryArena, fields: Fields, values: { readonly [name: string]: number | undefined }) {
  const bytes = fields.reduce((sum, [, type]) => sum + (type === 'f64' ? 8 : 4), 0)
  const record = arena.uint8(bytes)
  const view = new DataView(record.buffer, record.byteOffset, bytes)
  let offset = 0
  for (const [name, type] of fields) {
    const value = values[name] ?? 0
    if (type === 'f64') view.setFloat64(offset, value, true)
    else if (type === 'f32') view.setFloat32(offset, value, true)
    else if (type === 'i32') view.setInt32(offset, value, true)
    else view.setUint32(offset, value, true)
    offset += type === 'f64' ? 8 : 4
  }
  return record
}
