import { clarkComponents, type KernelPool, type Pacer } from '@cleanbeam/math'
import type { Computing } from './component-search.ts'
import { jointBrightness, type PlaneRoles, planeRoles } from './joint-brightness.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { minorStopCode } from './minor-stop-code.ts'
import { modelFluxJy, type PlanePeak, planePeak } from './plane-peak.ts'
import { createSharedConvolvers, type PsfConvolver } from './psf-convolver.ts'

/** Pixels above this part of the peak take part in one round of the list loop (empirical; Clark takes the side lobe). */
const ACTIVE_FRACTION = 0.2
/** More active pixels than this slow the list loop down without need: the part is then raised. */
const MAX_ACTIVE = 30_000
/** List visits between looks at the clock. */
const VISITS_PER_SLICE = 4_000_000

/**
 * Clark's clean, on one plane or jointly on the Stokes planes of a channel:
 *
 *   while iterations < maxIterations and peak > limit:
 *     list the pixels of the mask above max(limit, 0.2·peak)
 *     Högbom's loop on the list alone, until nothing in it is above
 *     residual −= (components found) ⊛ psf, by FFT, everywhere
 *
 * With several planes the peak is that of |I| + √(Q² + U² + V²), and each component takes its part from every plane; a
 * pixel counts when the mask of the first plane holds it.
 * *Difference from the paper:* the whole PSF is used on the list instead of a patch, so listed pixels are exact.
 * @see B. G. Clark, A&A 89 (1980) 377
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Clark, ClarkStokes)
 */
export async function clarkClean(
  planes: readonly MinorCyclePlane[],
  control: MinorCycleControl,
  computing: Computing,
): Promise<MinorCycleOutcome> {
  const { pacer } = computing
  const roles = planeRoles(planes.map(plane => plane.stokes))
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  const maskSum = planes.reduce((sum, plane) => sum + countUnder(plane), 0)
  const start = largestInAnyPlane(planes, true)
  const startEverywhere = largestInAnyPlane(planes, false)
  const startModelFluxJy = totalFluxJy(planes)
  const startJoint = jointPeak(planes, roles)
  const convolvers = createSharedConvolvers(planes, computing)
  let iterations = 0
  let peak = startJoint
  try {
    while (maskSum > 0 && iterations < control.maxIterations && peak > limitJy) {
      const active = listActive(planes, roles, Math.max(limitJy, ACTIVE_FRACTION * peak))
      const found = await cleanList(planes, roles, active, control, control.maxIterations - iterations, computing)
      iterations += found.iterations
      for (const [index, plane] of planes.entries()) {
        await applyComponents(plane, found.components[index], () => convolvers.of(index), pacer)
      }
      peak = jointPeak(planes, roles)
    }
  } finally {
    convolvers.dispose()
  }
  return {
    iterations,
    stopCode: minorStopCode(control, maskSum, iterations, startJoint, peak),
    startPeakResidualJy: start,
    startPeakResidualNoMaskJy: startEverywhere,
    peakResidualJy: peak,
    peakResidualNoMaskJy: largestInAnyPlane(planes, false),
    startModelFluxJy,
    modelFluxJy: totalFluxJy(planes),
    maskSum,
  }
}

function isInside(plane: MinorCyclePlane, j: number): boolean {
  return plane.mask === null || plane.mask[j] > 0
}

function countUnder(plane: MinorCyclePlane): number {
  let count = 0
  for (let j = 0; j < plane.residual.length; j++) if (isInside(plane, j)) count++
  return count
}

function totalFluxJy(planes: readonly MinorCyclePlane[]): number {
  return planes.reduce((sum, plane) => sum + modelFluxJy(plane.model), 0)
}

function largestInAnyPlane(planes: readonly MinorCyclePlane[], masked: boolean): number {
  return Math.max(...planes.map(({ residual, mask, nx }) => planePeak(residual, masked ? mask : null, nx).absoluteJy))
}

/** Brightness of a pixel over all planes; 0 outside the mask and where a value is NaN. */
function brightnessAt(
  planes: readonly MinorCyclePlane[],
  roles: PlaneRoles,
  values: readonly Float32Array[],
  j: number,
) {
  if (!isInside(planes[0], j)) return 0
  const brightness = jointBrightness(roles, values, j)
  return brightness > 0 ? brightness : 0
}

function jointPeak(planes: readonly MinorCyclePlane[], roles: PlaneRoles): number {
  const values = planes.map(plane => plane.residual)
  let peak = 0
  for (let j = 0; j < values[0].length; j++) peak = Math.max(peak, brightnessAt(planes, roles, values, j))
  return peak
}

/** Pixels of one round: where they are, and the value above which they are cleaned. */
interface ActiveList {
  readonly index: Int32Array
  readonly cutJy: number
}

function listActive(planes: readonly MinorCyclePlane[], roles: PlaneRoles, cutJy: number): ActiveList {
  const values = planes.map(plane => plane.residual)
  const index: number[] = []
  for (let j = 0; j < values[0].length; j++) if (brightnessAt(planes, roles, values, j) > cutJy) index.push(j)
  return index.length > MAX_ACTIVE ? listActive(planes, roles, 1.3 * cutJy) : { index: Int32Array.from(index), cutJy }
}

/** What a round found: the components as planes, one per input plane. */
interface Found {
  readonly iterations: number
  readonly components: readonly Float32Array[]
}

async function cleanList(
  planes: readonly MinorCyclePlane[],
  roles: PlaneRoles,
  active: ActiveList,
  control: MinorCycleControl,
  maxIterations: number,
  computing: Computing,
): Promise<Found> {
  const values = planes.map(plane => Float32Array.from(active.index, j => plane.residual[j]))
  const { kernels, pacer, signal } = computing
  const limits = { ...control, maxIterations }
  return kernels !== null && planes.length === 1
    ? cleanListOnKernels(planes[0], values[0], active, limits, kernels, signal)
    : cleanListPlain(planes, roles, values, active, limits, pacer)
}

/** One plane alone; the patch of the PSF lacks its first row and column where the size is even. */
async function cleanListOnKernels(
  { nx, ny, psf }: MinorCyclePlane,
  values: Float32Array,
  { index, cutJy }: ActiveList,
  { gain, maxIterations }: MinorCycleControl,
  kernels: KernelPool,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const positions = new Int32Array(2 * index.length)
  for (let k = 0; k < index.length; k++) {
    positions[2 * k] = index[k] % nx
    positions[2 * k + 1] = Math.floor(index[k] / nx)
  }
  const shape = { nx, ny, reachX: (nx - 1) >> 1, reachY: (ny - 1) >> 1 }
  const list = { ...shape, values, positions, psf, gain, limit: cutJy, maxIterations }
  const [found] = await clarkComponents(kernels, [list], { signal })
  const components = new Float32Array(nx * ny)
  for (let k = 0; k < found.indices.length; k++) components[index[found.indices[k]]] += found.values[k]
  return { iterations: found.indices.length, components: [components] }
}

async function cleanListPlain(
  planes: readonly MinorCyclePlane[],
  roles: PlaneRoles,
  values: readonly Float32Array[],
  { index, cutJy }: ActiveList,
  control: MinorCycleControl,
  pacer: Pacer,
): Promise<Found> {
  const { nx, ny } = planes[0]
  const components = planes.map(() => new Float32Array(nx * ny))
  let iterations = 0
  let visits = 0
  for (; iterations < control.maxIterations; iterations++) {
    const { absoluteJy, index: best } = brightestInList(roles, values, index.length)
    if (best < 0 || absoluteJy <= cutJy) break
    for (let p = 0; p < planes.length; p++) {
      const value = control.gain * values[p][best]
      if (value === 0) continue
      components[p][index[best]] += value
      subtractOnList(planes[p], index, values[p], index[best], value)
    }
    visits += index.length * planes.length
    if (visits > VISITS_PER_SLICE) {
      visits = 0
      if (pacer.due()) await pacer.rest()
    }
  }
  return { iterations, components }
}

function brightestInList(roles: PlaneRoles, values: readonly Float32Array[], n: number): PlanePeak {
  let best = 0
  let index = -1
  for (let k = 0; k < n; k++) {
    const brightness = jointBrightness(roles, values, k)
    if (brightness > best) {
      best = brightness
      index = k
    }
  }
  return { absoluteJy: best, index }
}

function subtractOnList(
  plane: MinorCyclePlane,
  index: Int32Array,
  values: Float32Array,
  at: number,
  value: number,
): void {
  const { nx, ny, psf } = plane
  const shiftX = (at % nx) - (nx >> 1)
  const shiftY = Math.floor(at / nx) - (ny >> 1)
  for (let k = 0; k < index.length; k++) {
    const j = index[k]
    const x = (j % nx) - shiftX
    const y = Math.floor(j / nx) - shiftY
    if (x < 0 || x >= nx || y < 0 || y >= ny) continue
    values[k] -= value * psf[x + nx * y]
  }
}

async function applyComponents(
  plane: MinorCyclePlane,
  components: Float32Array,
  convolver: () => Promise<PsfConvolver>,
  pacer: Pacer,
): Promise<void> {
  let used = false
  for (let j = 0; j < components.length; j++) {
    if (components[j] === 0) continue
    plane.model[j] += components[j]
    used = true
  }
  if (!used) return
  const change = await (await convolver()).convolve(components, pacer)
  for (let j = 0; j < change.length; j++) plane.residual[j] -= change[j]
}
