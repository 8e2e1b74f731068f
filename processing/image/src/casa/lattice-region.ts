// Regions of a lattice as casacore stores them with an image: `masks` (pixel masks) and `regions` in its keywords.
// A record names its class; positions count from 1 where `oneRel` says so, in single precision; axes count from 0.
// Layout: the records themselves and the documentation of casacore's classes LCRegion to LCUnion.
import { isArrayValue, isTableReference, type TableRecord, type TableReference } from '@cleanbeam/casatable'
import { ImageError } from '../image-error.ts'
import { rasterise } from '../region/rasterise.ts'

/** Pixels of a lattice, 1 inside, the first axis fastest. */
export interface LatticePixels {
  readonly shape: readonly number[]
  readonly inside: Uint8Array
}

/** What reading a region needs besides its record. */
export interface LatticeContext {
  /** Shape of the image's lattice, as on disk. */
  readonly shape: readonly number[]
  /** The array of a mask that lies in a table of its own. */
  readonly pagedMask: (reference: TableReference) => LatticePixels
  /** For messages. */
  readonly where: string
}

/**
 * The pixels of a stored region on the image's lattice.
 * @throws ImageError for classes other than boxes, slicers, polygons, ellipsoids, pixel sets, paged masks, and unions,
 * intersections, differences, complements, extensions and stretches of them; or when one does not fit the image
 */
export function latticeRegionPixels(record: TableRecord, context: LatticeContext): LatticePixels {
  const pixels = evaluate(record, context)
  if (pixels.shape.join() !== context.shape.join()) {
    throw refuse(
      context,
      `a region of shape [${context.shape.join(', ')}] like the image`,
      `[${pixels.shape.join(', ')}]`,
    )
  }
  return pixels
}

function evaluate(record: TableRecord, context: LatticeContext): LatticePixels {
  const name = record.has('name') ? record.string('name') : ''
  if (name === 'LCBox') return fillBox(record, context)
  if (name === 'LCSlicer') return fillSlicer(record, context)
  if (name === 'LCPolygon') return fillPolygon(record, context)
  if (name === 'LCEllipsoid') return fillEllipsoid(record, context)
  if (name === 'LCPixelSet' || name === 'LCPagedMask') return placeMask(record, context)
  if (name === 'LCUnion') return combine(record, context, (a, b) => a | b)
  if (name === 'LCIntersection') return combine(record, context, (a, b) => a & b)
  if (name === 'LCDifference') return combine(record, context, (a, b) => a & (1 - b))
  if (name === 'LCComplement') return complement(record, context)
  if (name === 'LCExtension') return extend(record, context)
  if (name === 'LCStretch') return stretch(record, context)
  const remedy = name.startsWith('WC') ? ': write it as a CRTF file instead' : ''
  throw refuse(context, 'a region of pixels (LCBox, LCPolygon …)', `'${name}', not yet supported${remedy}`)
}

function fillBox(record: TableRecord, context: LatticeContext): LatticePixels {
  const shape = latticeShape(record, context)
  const blc = positions(record, 'blc', context, shape.length)
  const trc = positions(record, 'trc', context, shape.length)
  return { shape, inside: boxPixels(shape, blc, trc) }
}

function fillSlicer(record: TableRecord, context: LatticeContext): LatticePixels {
  const { shape } = context
  const isPlain = ['fracblc', 'fractrc', 'fracinc'].every(key => !record.has(key) || !flags(record, key).includes(1))
  const isAbsolute = ['arblc', 'artrc'].every(key => !record.has(key) || record.numbers(key).every(kind => kind === 1))
  if (!isPlain || !isAbsolute) throw refuse(context, 'a slicer in absolute pixels', 'a relative or fractional one')
  const blc = positions(record, 'blc', context, shape.length)
  const trc = positions(record, 'trc', context, shape.length)
  const inc = record.has('inc') ? record.numbers('inc') : shape.map(() => 1)
  if (inc.some(step => step !== 1)) throw refuse(context, 'a slicer of steps 1', `steps ${inc.join(', ')}`)
  return { shape, inside: boxPixels(shape, blc, trc) }
}

function boxPixels(shape: readonly number[], blc: readonly number[], trc: readonly number[]): Uint8Array {
  return pick(shape, position => position.every((at, axis) => at >= blc[axis] && at <= trc[axis]))
}

function fillPolygon(record: TableRecord, context: LatticeContext): LatticePixels {
  const shape = latticeShape(record, context, 2)
  const x = positions(record, 'x', context)
  const y = positions(record, 'y', context, x.length)
  return { shape, inside: paint(shape, rasterise({ kind: 'polygon', x, y }, shape[0], shape[1])) }
}

function fillEllipsoid(record: TableRecord, context: LatticeContext): LatticePixels {
  const shape = latticeShape(record, context)
  const centre = positions(record, 'center', context, shape.length)
  const radii = record.numbers('radii')
  if (radii.length !== shape.length || radii.some(radius => !(radius > 0)))
    throw refuse(context, `${shape.length} radii above zero`, radii.join(', '))
  if (shape.length === 2) {
    const angleRad = record.has('theta') ? record.number('theta') : 0
    const area = { kind: 'ellipse', x: centre[0], y: centre[1], along: radii[1], across: radii[0], hole: 0 } as const
    return { shape, inside: paint(shape, rasterise({ ...area, angleRad }, shape[0], shape[1])) }
  }
  const distance = (position: readonly number[]) =>
    position.reduce((sum, at, axis) => sum + ((at - centre[axis]) / radii[axis]) ** 2, 0)
  return { shape, inside: pick(shape, position => distance(position) <= 1) }
}

function paint(shape: readonly number[], area: ReturnType<typeof rasterise>): Uint8Array {
  const out = new Uint8Array(shape[0] * shape[1])
  if (!area) return out
  const { x0, y0, x1, y1 } = area.bounds
  const width = x1 - x0 + 1
  for (let y = y0; y <= y1; y++)
    out.set(area.inside.subarray((y - y0) * width, (y - y0 + 1) * width), y * shape[0] + x0)
  return out
}

/** A mask array, in a table of its own or in the record, put at the corner of its box. */
function placeMask(record: TableRecord, context: LatticeContext): LatticePixels {
  const box = record.record('box')
  const shape = latticeShape(box, context)
  const blc = positions(box, 'blc', context, shape.length)
  const mask = maskArray(record, context)
  if (mask.shape.length !== shape.length || mask.shape.some((n, axis) => blc[axis] < 0 || blc[axis] + n > shape[axis]))
    throw refuse(
      context,
      `a mask within [${shape.join(', ')}]`,
      `[${mask.shape.join(', ')}] from [${blc.join(', ')}] on`,
    )
  const stride = strides(mask.shape)
  const inside = pick(shape, position => {
    let at = 0
    for (let axis = 0; axis < position.length; axis++) {
      const offset = position[axis] - blc[axis]
      if (offset < 0 || offset >= mask.shape[axis]) return false
      at += offset * stride[axis]
    }
    return mask.inside[at] === 1
  })
  return { shape, inside }
}

function maskArray(record: TableRecord, context: LatticeContext): LatticePixels {
  const mask = record.get('mask')
  if (isTableReference(mask)) return context.pagedMask(mask)
  if (isArrayValue(mask) && mask.data instanceof Uint8Array) return { shape: mask.shape, inside: mask.data }
  throw refuse(context, 'an array of bools as mask', 'something else')
}

/** The regions of a compound, in order. */
function members(record: TableRecord, context: LatticeContext): LatticePixels[] {
  const regions = record.record('regions')
  const found = regions.names
    .filter(name => /^\*\d+$/.test(name))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .map(name => evaluate(regions.record(name), context))
  const [first] = found
  if (first === undefined) throw refuse(context, 'regions in a compound', 'none')
  const other = found.find(each => each.shape.join() !== first.shape.join())
  if (other) throw refuse(context, `regions of shape [${first.shape.join(', ')}]`, `[${other.shape.join(', ')}]`)
  return found
}

function combine(record: TableRecord, context: LatticeContext, join: (a: number, b: number) => number): LatticePixels {
  const [first, ...others] = members(record, context)
  const inside = first.inside.slice()
  for (const other of others) for (let i = 0; i < inside.length; i++) inside[i] = join(inside[i], other.inside[i])
  return { shape: first.shape, inside }
}

function complement(record: TableRecord, context: LatticeContext): LatticePixels {
  const [only] = members(record, context)
  return { shape: only.shape, inside: only.inside.map(value => 1 - value) }
}

/** A region with further axes, `axes` of the result, on which it has the extent of `box`. */
function extend(record: TableRecord, context: LatticeContext): LatticePixels {
  const region = evaluate(record.record('region'), context)
  const box = evaluate(record.record('box'), context)
  const axes = record.numbers('axes')
  const nAxis = region.shape.length + box.shape.length
  const own = Array.from({ length: nAxis }, (_, axis) => axis).filter(axis => !axes.includes(axis))
  if (axes.length !== box.shape.length || own.length !== region.shape.length)
    throw refuse(context, `${box.shape.length} new axes of ${nAxis}`, axes.join(', '))
  const shape = new Array<number>(nAxis).fill(0)
  own.forEach((axis, i) => {
    shape[axis] = region.shape[i]
  })
  axes.forEach((axis, i) => {
    shape[axis] = box.shape[i]
  })
  return { shape, inside: product(shape, [region, own], [box, axes], context) }
}

/** A region of length 1 along `axes`, drawn out over the extent of `box` there. */
function stretch(record: TableRecord, context: LatticeContext): LatticePixels {
  const region = evaluate(record.record('region'), context)
  const box = evaluate(record.record('box'), context)
  const axes = record.numbers('axes')
  if (axes.length !== box.shape.length || axes.some(axis => !(axis >= 0 && axis < region.shape.length)))
    throw refuse(context, `${box.shape.length} axes of ${region.shape.length}`, axes.join(', '))
  const flat = flatten(region, axes)
  const shape = region.shape.map((n, axis) => (axes.includes(axis) ? box.shape[axes.indexOf(axis)] : n))
  const all = shape.map((_, axis) => axis)
  return { shape, inside: product(shape, [flat, all], [box, axes], context) }
}

/** A region that covers at most one pixel along some axes, with length 1 there. */
function flatten(region: LatticePixels, axes: readonly number[]): LatticePixels {
  const shape = region.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
  const [from, to] = [strides(region.shape), strides(shape)]
  const inside = new Uint8Array(elementCount(shape))
  for (let i = 0; i < region.inside.length; i++) {
    if (region.inside[i] === 0) continue
    let at = 0
    for (let axis = 0; axis < shape.length; axis++)
      if (shape[axis] > 1) at += (Math.floor(i / from[axis]) % region.shape[axis]) * to[axis]
    inside[at] = 1
  }
  return { shape, inside }
}

type Placed = readonly [pixels: LatticePixels, axes: readonly number[]]

/** Pixels that are inside two regions at once, each of which spans some of the axes (length 1 stands for any). */
function product(shape: readonly number[], first: Placed, second: Placed, context: LatticeContext): Uint8Array {
  checkSize(shape, context)
  const at = ([{ shape: own }, axes]: Placed, position: readonly number[]) => {
    const stride = strides(own)
    return axes.reduce((sum, axis, i) => sum + (own[i] === 1 ? 0 : position[axis] * stride[i]), 0)
  }
  return pick(
    shape,
    position => first[0].inside[at(first, position)] === 1 && second[0].inside[at(second, position)] === 1,
  )
}

/** Asks for every position of a lattice. */
function pick(shape: readonly number[], isInside: (position: readonly number[]) => boolean): Uint8Array {
  const out = new Uint8Array(elementCount(shape))
  const position = shape.map(() => 0)
  for (let i = 0; i < out.length; i++) {
    if (isInside(position)) out[i] = 1
    for (let axis = 0; axis < shape.length && ++position[axis] === shape[axis]; axis++) position[axis] = 0
  }
  return out
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(0, axis)))
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1)
}

function latticeShape(record: TableRecord, context: LatticeContext, nAxis?: number): readonly number[] {
  const shape = record.numbers('shape')
  if (shape.length === 0 || (nAxis !== undefined && shape.length !== nAxis))
    throw refuse(context, `a lattice of ${nAxis ?? 'one or more'} axes`, `[${shape.join(', ')}]`)
  checkSize(shape, context)
  return shape
}

/** No part of a region has more pixels than the image: a damaged shape must not take memory. */
function checkSize(shape: readonly number[], context: LatticeContext): void {
  const n = elementCount(shape)
  if (shape.every(length => Number.isInteger(length) && length > 0) && n <= elementCount(context.shape)) return
  throw refuse(context, `a lattice of at most ${elementCount(context.shape)} pixels`, `[${shape.join(', ')}]`)
}

/** Positions that count from 0. */
function positions(record: TableRecord, key: string, context: LatticeContext, n?: number): number[] {
  const origin = record.has('oneRel') && record.get('oneRel') === true ? 1 : 0
  const values = record.numbers(key)
  if (n !== undefined && values.length !== n) throw refuse(context, `${n} numbers for ${key}`, `${values.length}`)
  return values.map(value => value - origin)
}

function flags(record: TableRecord, key: string): number[] {
  const value = record.get(key)
  return isArrayValue(value) ? Array.from(value.data as ArrayLike<number>) : []
}

function refuse({ where }: LatticeContext, expected: string, got: string): ImageError {
  return new ImageError(`expected ${expected}, got ${got} (${where})`, { where })
}
