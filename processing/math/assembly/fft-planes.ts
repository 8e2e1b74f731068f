/**
 * The Fourier transforms between w planes and image, pruned to what is in use: along v for occupied columns only, along
 * u for the image's rows only. Forward transforms (exp(−2πi…)) in both directions; degridding conjugates at its end.
 *
 * In 2-D the image is real and two bands of rows share one complex transform: with h_A, h_B the rows after the first
 * pass, Z(u) = H_A(u) + i·H_B(u), H(u) = h(u) + h*(−u), has the transform 2·Re(A) + 2i·Re(B); the ½ is in `factorX`.
 * The way back separates them by the same symmetry.
 */
import { transform } from './fft-core'
import { fullCosine, fullSine, halfCosine, halfSine } from './phase'
import { gatherRows, imaginaryParts, interleaveHigh, interleaveLow, lanes, mulAdd, mulSub, realParts, rowStep, scatterRows, splat } from './lanes'
import { PlaneJob } from './plane-job'
import { take } from './queue'
import { BORDER } from './sampling-job'

/** Stored address of cell (column, row) of a plane. */
@inline
function cellAddress<T>(job: PlaneJob, plane: i32, row: i32, column: i32): usize {
  return job.grid + <usize>plane * job.planeBytes + <usize>(row + BORDER) * job.rowBytes
    + <usize>(column + BORDER) * (2 * sizeof<T>())
}

/** Grid row of image row y after the pass along v. */
@inline
function gridRow(job: PlaneJob, y: i32): i32 {
  const row = y - job.centreY
  return row < 0 ? row + job.nv : row
}

/** Groups side by side in one item of the pass along v: 128 bytes of a row, to spread the cost of reaching each row. */
const GROUPS: i32 = 4

@inline
function loadRow<T>(from: usize, to: usize, block: usize): void {
  for (let end = from + 32 * GROUPS; from < end; from += 32, to += block) {
    const a = v128.load(from), b = v128.load(from, 16)
    v128.store(to, realParts<T>(a, b))
    v128.store(to, imaginaryParts<T>(a, b), 16)
  }
}

/** Groups number k of all transforms, whose addresses stand at `lines`. */
@inline
function storeRow<T>(lines: usize, k: i32, to: usize): void {
  for (const end = lines + 4 * GROUPS; lines < end; lines += 4, to += 32) {
    const from = <usize>load<u32>(lines) + (<usize>k << 5)
    const re = v128.load(from), im = v128.load(from, 16)
    v128.store(to, interleaveLow<T>(re, im))
    v128.store(to, interleaveHigh<T>(re, im), 16)
  }
}

@inline
function clearGroups(at: usize, count: i32, block: usize): void {
  for (let group = 0; group < GROUPS; group++, at += block) memory.fill(at, 0, <usize>count << 5)
}

/**
 * Along v, in place. One item = 128 bytes of columns of one plane. Scratch: 64 + 160·nv bytes. Towards the image, rows
 * outside [firstRow, endRow) count as zero and only the image's rows are stored; towards the grid it is the other way
 * round.
 */
@inline
function columns<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, toImage: bool): void {
  const n = job.nv
  const block: usize = <usize>n << 5
  const perItem = 16 * GROUPS / sizeof<T>()
  const nBlock = (job.endColumn - job.firstColumn + perItem - 1) / perItem
  const positive = job.ny - job.centreY, negative = job.nv - job.centreY
  const rowBytes = job.rowBytes
  const lines = scratch, first = scratch + 64
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const plane = item / nBlock
    const column = job.firstColumn + (item - plane * nBlock) * perItem
    const base = cellAddress<T>(job, plane, 0, column)
    let to = first
    if (toImage) {
      clearGroups(first, job.firstRow, block)
      clearGroups(first + (<usize>job.endRow << 5), n - job.endRow, block)
      let from = base + <usize>job.firstRow * rowBytes
      to += <usize>job.firstRow << 5
      for (let r = job.firstRow; r < job.endRow; r++, from += rowBytes, to += 32) loadRow<T>(from, to, block)
    } else {
      clearGroups(first + (<usize>positive << 5), negative - positive, block)
      let from = base
      for (let r = 0; r < positive; r++, from += rowBytes, to += 32) loadRow<T>(from, to, block)
      from = base + <usize>negative * rowBytes
      to = first + (<usize>negative << 5)
      for (let r = negative; r < n; r++, from += rowBytes, to += 32) loadRow<T>(from, to, block)
    }
    let free = first + GROUPS * block
    for (let group = 0; group < GROUPS; group++) {
      const line = first + <usize>group * block
      const result = transform<T>(n, line, free, job.twiddleV, job.planV)
      if (result == free) free = line
      store<u32>(lines + (<usize>group << 2), <u32>result)
    }
    const firstA = toImage ? 0 : job.firstRow, endA = toImage ? positive : job.endRow
    for (let k = firstA; k < endA; k++) storeRow<T>(lines, k, base + <usize>k * rowBytes)
    if (toImage) for (let k = negative; k < n; k++) storeRow<T>(lines, k, base + <usize>k * rowBytes)
  }
}

/** Start of image row y in a plane, or `spare` when there is no such row. */
@inline
function rowAddress<T>(job: PlaneJob, plane: i32, y: i32, spare: usize): usize {
  return y < job.ny ? cellAddress<T>(job, plane, gridRow(job, y), job.firstColumn) : spare
}

/** Groups of a band's rows, columns in use, at `to`. `spare` is read in place of rows beyond the image. */
@inline
function gatherBand<T>(job: PlaneJob, plane: i32, band: i32, to: usize, spare: usize): void {
  const y = band * lanes<T>()
  let a = rowAddress<T>(job, plane, y, spare), b = rowAddress<T>(job, plane, y + 1, spare)
  let c = a, d = a
  if (sizeof<T>() == 4) {
    c = rowAddress<T>(job, plane, y + 2, spare)
    d = rowAddress<T>(job, plane, y + 3, spare)
  }
  for (let k = job.firstColumn; k < job.endColumn; k += rowStep<T>()) {
    gatherRows<T>(a, b, c, d, to)
    a += 16
    b += 16
    c += 16
    d += 16
    to += <usize>(32 * rowStep<T>())
  }
}

@inline
function scatterBand<T>(job: PlaneJob, plane: i32, band: i32, from: usize, spare: usize): void {
  const y = band * lanes<T>()
  let a = rowAddress<T>(job, plane, y, spare), b = rowAddress<T>(job, plane, y + 1, spare)
  let c = a, d = a
  if (sizeof<T>() == 4) {
    c = rowAddress<T>(job, plane, y + 2, spare)
    d = rowAddress<T>(job, plane, y + 3, spare)
  }
  for (let k = job.firstColumn; k < job.endColumn; k += rowStep<T>()) {
    scatterRows<T>(from, a, b, c, d)
    a += 16
    b += 16
    c += 16
    d += 16
    from += <usize>(32 * rowStep<T>())
  }
}

/** Turns of a band's pixels at one distance from the centre column, brought into [−½, ½], times the plane number. */
@inline
function turns<T>(entry: usize, plane: i32): v128 {
  if (sizeof<T>() == 4) {
    // Integer multiplication drops whole turns exactly.
    const product = i32x4.mul(v128.load(entry), i32x4.splat(plane))
    return f32x4.mul(f32x4.convert_i32x4_s(product), f32x4.splat(2.3283064365386963e-10))
  }
  const product = f64x2.mul(v128.load(entry), f64x2.splat(<f64>plane))
  return f64x2.sub(product, f64x2.nearest(product))
}

/** With w planes: rows of every plane in memory, turned by the plane's phase, summed into the bands of the image. */
@inline
function rowsToImageWide<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void {
  const n = job.nu, nx = job.nx, centre = job.centreX
  const block: usize = <usize>n << 5
  const spare = scratch + 2 * block
  for (let band = take(queue); band < nItem; band = take(queue)) {
    const row = job.image + (<usize>band * <usize>nx << 4)
    const phaseRow = job.phase + (<usize>band * <usize>job.nDistance << 4)
    for (let plane = 0; plane < job.nPlane; plane++) {
      memory.fill(scratch, 0, <usize>job.firstColumn << 5)
      memory.fill(scratch + (<usize>job.endColumn << 5), 0, <usize>(n - job.endColumn) << 5)
      gatherBand<T>(job, plane, band, scratch + (<usize>job.firstColumn << 5), spare)
      const line = transform<T>(n, scratch, scratch + block, job.twiddleU, job.planU)
      for (let distance = 0; distance < job.nDistance; distance++) {
        const t = turns<T>(phaseRow + (<usize>distance << 4), job.firstPlane + plane)
        const s = halfSine<T>(t), c = halfCosine<T>(t)
        const sine = fullSine<T>(s, c), cosine = fullCosine<T>(s)
        if (centre + distance < nx) {
          const at = row + (<usize>(centre + distance) << 4), from = line + (<usize>distance << 5)
          const sum = mulAdd<T>(v128.load(from), cosine, v128.load(at))
          v128.store(at, mulAdd<T>(v128.load(from, 16), sine, sum))
        }
        if (distance != 0 && centre >= distance) {
          const at = row + (<usize>(centre - distance) << 4), from = line + (<usize>(n - distance) << 5)
          const sum = mulAdd<T>(v128.load(from), cosine, v128.load(at))
          v128.store(at, mulAdd<T>(v128.load(from, 16), sine, sum))
        }
      }
    }
  }
}

/** The adjoint: the bands of the image, turned by each plane's phase, into the rows of the planes. */
@inline
function rowsFromImageWide<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void {
  const n = job.nu, nx = job.nx, centre = job.centreX
  const block: usize = <usize>n << 5
  const spare = scratch + 2 * block
  const positive = nx - centre, negative = n - centre
  for (let band = take(queue); band < nItem; band = take(queue)) {
    const row = job.image + (<usize>band * <usize>nx << 4)
    const phaseRow = job.phase + (<usize>band * <usize>job.nDistance << 4)
    for (let plane = 0; plane < job.nPlane; plane++) {
      memory.fill(scratch + (<usize>positive << 5), 0, <usize>(negative - positive) << 5)
      for (let distance = 0; distance < job.nDistance; distance++) {
        const t = turns<T>(phaseRow + (<usize>distance << 4), job.firstPlane + plane)
        const s = halfSine<T>(t), c = halfCosine<T>(t)
        const minusSine = v128.neg<T>(fullSine<T>(s, c)), cosine = fullCosine<T>(s)
        if (distance < positive) {
          const value = v128.load(row + (<usize>(centre + distance) << 4)), to = scratch + (<usize>distance << 5)
          v128.store(to, v128.mul<T>(value, cosine))
          v128.store(to, v128.mul<T>(value, minusSine), 16)
        }
        if (distance != 0 && centre >= distance) {
          const value = v128.load(row + (<usize>(centre - distance) << 4)), to = scratch + (<usize>(n - distance) << 5)
          v128.store(to, v128.mul<T>(value, cosine))
          v128.store(to, v128.mul<T>(value, minusSine), 16)
        }
      }
      const line = transform<T>(n, scratch, scratch + block, job.twiddleU, job.planU)
      scatterBand<T>(job, plane, band, line + (<usize>job.firstColumn << 5), spare)
    }
  }
}

@inline
function addGroup<T>(at: usize, re: v128, im: v128): void {
  v128.store(at, v128.add<T>(v128.load(at), re))
  v128.store(at, v128.add<T>(v128.load(at, 16), im), 16)
}

/** In 2-D: two bands per item. Scratch: 64·nu for the transform, 64·nu for the two bands, 16·nu to spare. */
@inline
function rowsToImageFlat<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void {
  const n = job.nu, nx = job.nx, centre = job.centreX
  const block: usize = <usize>n << 5
  const bandA = scratch + 2 * block, bandB = scratch + 3 * block, spare = scratch + 4 * block
  // Rows beyond the image share a transform with rows inside it.
  memory.fill(spare, 0, <usize>n << 4)
  for (let item = take(queue); item < nItem; item = take(queue)) {
    gatherBand<T>(job, 0, 2 * item, bandA, spare)
    gatherBand<T>(job, 0, 2 * item + 1, bandB, spare)
    memory.fill(scratch, 0, block)
    let a = bandA, b = bandB
    for (let column = job.firstColumn; column < job.endColumn; column++, a += 32, b += 32) {
      const ar = v128.load(a), ai = v128.load(a, 16), br = v128.load(b), bi = v128.load(b, 16)
      const mirrored = column == 0 ? 0 : n - column
      addGroup<T>(scratch + (<usize>column << 5), v128.sub<T>(ar, bi), v128.add<T>(ai, br))
      addGroup<T>(scratch + (<usize>mirrored << 5), v128.add<T>(ar, bi), v128.sub<T>(br, ai))
    }
    const line = transform<T>(n, scratch, scratch + block, job.twiddleU, job.planU)
    const rowA = job.image + (<usize>(2 * item) * <usize>nx << 4), rowB = rowA + (<usize>nx << 4)
    for (let x = 0; x < nx; x++) {
      const k = x < centre ? x - centre + n : x - centre
      const from = line + (<usize>k << 5)
      v128.store(rowA + (<usize>x << 4), v128.load(from))
      v128.store(rowB + (<usize>x << 4), v128.load(from, 16))
    }
  }
}

@inline
function rowsFromImageFlat<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void {
  const n = job.nu, nx = job.nx, centre = job.centreX
  const block: usize = <usize>n << 5
  const bandA = scratch + 2 * block, bandB = scratch + 3 * block, spare = scratch + 4 * block
  const positive = nx - centre, negative = n - centre
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const rowA = job.image + (<usize>(2 * item) * <usize>nx << 4), rowB = rowA + (<usize>nx << 4)
    memory.fill(scratch + (<usize>positive << 5), 0, <usize>(negative - positive) << 5)
    for (let x = 0; x < nx; x++) {
      const k = x < centre ? x - centre + n : x - centre
      const to = scratch + (<usize>k << 5)
      v128.store(to, v128.load(rowA + (<usize>x << 4)))
      v128.store(to, v128.load(rowB + (<usize>x << 4)), 16)
    }
    const line = transform<T>(n, scratch, scratch + block, job.twiddleU, job.planU)
    let a = bandA, b = bandB
    for (let column = job.firstColumn; column < job.endColumn; column++, a += 32, b += 32) {
      const mirrored = column == 0 ? 0 : n - column
      const at = line + (<usize>column << 5), opposite = line + (<usize>mirrored << 5)
      const re = v128.load(at), im = v128.load(at, 16), mr = v128.load(opposite), mi = v128.load(opposite, 16)
      v128.store(a, v128.add<T>(re, mr))
      v128.store(a, v128.sub<T>(im, mi), 16)
      v128.store(b, v128.add<T>(im, mi))
      v128.store(b, v128.sub<T>(mr, re), 16)
    }
    scatterBand<T>(job, 0, 2 * item, bandA, spare)
    scatterBand<T>(job, 0, 2 * item + 1, bandB, spare)
  }
}

/** One item = one band: turns per plane, (n − 1 − middle) · planeDistance, of its pixels. */
@inline
function phaseTable<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void {
  for (let band = take(queue); band < nItem; band = take(queue)) {
    for (let lane = 0; lane < lanes<T>(); lane++) {
      const m = <f64>(band * lanes<T>() + lane - job.centreY) * job.cellY
      let at = job.phase + (<usize>band * <usize>job.nDistance << 4) + <usize>lane * sizeof<T>()
      for (let distance = 0; distance < job.nDistance; distance++, at += 16) {
        const l = <f64>distance * job.cellX
        const square = l * l + m * m
        const below = square < 1
        const nMinus1 = below ? -square / (1 + Math.sqrt(1 - square)) : -1
        const value = (nMinus1 - job.middle) * job.planeDistance
        // Beyond the horizon there is no sky: a mark that correct() turns into 0.
        if (sizeof<T>() == 4) store<i32>(at, below ? i32(Math.floor(value * 4294967296.0 + 0.5)) : i32.MIN_VALUE)
        else store<f64>(at, below ? value : 2)
      }
    }
  }
}

/** 1/ψ̂ at the turns of one entry of the phase table; 0 beyond the horizon. Clenshaw's recurrence. */
@inline
function correctionW<T>(job: PlaneJob, entry: usize): v128 {
  let t: v128, beyond: v128
  if (sizeof<T>() == 4) {
    const fixed = v128.load(entry)
    t = f32x4.mul(f32x4.convert_i32x4_s(fixed), f32x4.splat(2.3283064365386963e-10))
    beyond = i32x4.eq(fixed, i32x4.splat(i32.MIN_VALUE))
  } else {
    t = v128.load(entry)
    beyond = f64x2.gt(t, f64x2.splat(1))
  }
  const scaled = v128.mul<T>(v128.mul<T>(t, t), splat<T>(2 * job.seriesScale))
  const x = v128.sub<T>(scaled, splat<T>(1)), twice = v128.add<T>(x, x)
  let b1 = splat<T>(0), b2 = b1
  for (let k = job.nSeries - 1; k > 0; k--) {
    const b0 = v128.add<T>(mulSub<T>(b2, splat<T>(1), v128.mul<T>(twice, b1)), v128.load_splat<T>(job.series + <usize>k * sizeof<T>()))
    b2 = b1
    b1 = b0
  }
  const sum = v128.add<T>(v128.sub<T>(v128.mul<T>(x, b1), b2), v128.load_splat<T>(job.series))
  return v128.andnot(sum, beyond)
}

/** One item = one band: band form times 1/φ̂ into `pixels` [ny, nx]. */
@inline
function finish<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void {
  const nx = job.nx
  for (let band = take(queue); band < nItem; band = take(queue)) {
    const factorY = v128.load(job.factorY + (<usize>band << 4))
    const phaseRow = job.phase + (<usize>band * <usize>job.nDistance << 4)
    for (let x = 0; x < nx; x++) {
      let value = v128.mul<T>(factorY, v128.load_splat<T>(job.factorX + <usize>x * sizeof<T>()))
      if (job.hasW) {
        const distance = x < job.centreX ? job.centreX - x : x - job.centreX
        value = v128.mul<T>(value, correctionW<T>(job, phaseRow + (<usize>distance << 4)))
      }
      value = v128.mul<T>(value, v128.load(job.image + ((<usize>band * <usize>nx + <usize>x) << 4)))
      v128.store(scratch, value)
      for (let lane = 0; lane < lanes<T>(); lane++) {
        const y = band * lanes<T>() + lane
        if (y >= job.ny) break
        store<T>(pixels + (<usize>y * <usize>nx + <usize>x) * sizeof<T>(), load<T>(scratch + <usize>lane * sizeof<T>()))
      }
    }
  }
}

/** One item = one band: `pixels` [ny, nx] times 1/φ̂ into band form, zero in rows beyond the image. */
@inline
function begin<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void {
  const nx = job.nx
  for (let band = take(queue); band < nItem; band = take(queue)) {
    const factorY = v128.load(job.factorY + (<usize>band << 4))
    const phaseRow = job.phase + (<usize>band * <usize>job.nDistance << 4)
    for (let x = 0; x < nx; x++) {
      for (let lane = 0; lane < lanes<T>(); lane++) {
        const y = band * lanes<T>() + lane
        const value = y < job.ny ? load<T>(pixels + (<usize>y * <usize>nx + <usize>x) * sizeof<T>()) : <T>0
        store<T>(scratch + <usize>lane * sizeof<T>(), value)
      }
      let factor = v128.mul<T>(factorY, v128.load_splat<T>(job.factorX + <usize>x * sizeof<T>()))
      if (job.hasW) {
        const distance = x < job.centreX ? job.centreX - x : x - job.centreX
        factor = v128.mul<T>(factor, correctionW<T>(job, phaseRow + (<usize>distance << 4)))
      }
      v128.store(job.image + ((<usize>band * <usize>nx + <usize>x) << 4), v128.mul<T>(factor, v128.load(scratch)))
    }
  }
}

export function columnsToImageF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { columns<f32>(queue, nItem, scratch, job, true) }
export function columnsToImageF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { columns<f64>(queue, nItem, scratch, job, true) }
export function columnsFromImageF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { columns<f32>(queue, nItem, scratch, job, false) }
export function columnsFromImageF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { columns<f64>(queue, nItem, scratch, job, false) }
export function rowsToImageWideF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsToImageWide<f32>(queue, nItem, scratch, job) }
export function rowsToImageWideF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsToImageWide<f64>(queue, nItem, scratch, job) }
export function rowsFromImageWideF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsFromImageWide<f32>(queue, nItem, scratch, job) }
export function rowsFromImageWideF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsFromImageWide<f64>(queue, nItem, scratch, job) }
export function rowsToImageFlatF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsToImageFlat<f32>(queue, nItem, scratch, job) }
export function rowsToImageFlatF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsToImageFlat<f64>(queue, nItem, scratch, job) }
export function rowsFromImageFlatF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsFromImageFlat<f32>(queue, nItem, scratch, job) }
export function rowsFromImageFlatF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { rowsFromImageFlat<f64>(queue, nItem, scratch, job) }
export function phaseTableF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { phaseTable<f32>(queue, nItem, scratch, job) }
export function phaseTableF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { phaseTable<f64>(queue, nItem, scratch, job) }
export function finishImageF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void { finish<f32>(queue, nItem, scratch, job, pixels) }
export function finishImageF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void { finish<f64>(queue, nItem, scratch, job, pixels) }
export function beginImageF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void { begin<f32>(queue, nItem, scratch, job, pixels) }
export function beginImageF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, pixels: usize): void { begin<f64>(queue, nItem, scratch, job, pixels) }
