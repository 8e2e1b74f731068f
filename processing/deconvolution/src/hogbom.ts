import type { ComponentSearch, Computing, FoundComponents } from './component-search.ts'
import { searchOnKernels, subtractOutsideOnKernels } from './hogbom-kernels.ts'
import { searchPlain, subtractOutsidePlain } from './hogbom-search.ts'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { outcomeOf, type StateBefore, stateBefore } from './plane-outcome.ts'
import { maskBox } from './plane-peak.ts'

/**
 * Högbom's clean: again and again, `gain` times the PSF is taken away at the largest residual in the mask.
 *
 *   while components ≤ maxIterations and |peak| > limit:
 *     model[peak] += gain·peak;  residual −= gain·peak·psf shifted to the peak
 *
 * The PSF is as large as the plane, so that a component far from the centre is subtracted where the two overlap.
 * Of equal peaks the first in storage order is taken. *Difference from the paper:* while iterating, only the box around
 * the mask is kept up to date; the rest of the plane has its components subtracted at the end, which is the same but for
 * rounding. On the kernels planes are cleaned side by side; results do not depend on how many there are.
 * *CASA's counting:* a clean that ends at the iteration limit has taken one component more than it reports (25 reported
 * in tp_cube_hogbom are 26 by flux and peak); so does this one.
 * @param controls - one for each plane
 * @see J. A. Högbom, A&AS 15 (1974) 417
 */
export async function hogbomClean(
  planes: readonly MinorCyclePlane[],
  controls: readonly MinorCycleControl[],
  computing: Computing,
): Promise<MinorCycleOutcome[]> {
  const starts = planes.map(stateBefore)
  const searches = planes.map((plane, index) => searchFor(plane, controls[index], starts[index]))
  const found = await search(searches, computing)
  const outcomes: MinorCycleOutcome[] = []
  for (const [index, plane] of planes.entries()) {
    await finishPlane(searches[index], found[index], computing)
    outcomes.push(
      outcomeOf(plane, controls[index], starts[index], Math.min(found[index].count, controls[index].maxIterations)),
    )
  }
  return outcomes
}

function searchFor(plane: MinorCyclePlane, control: MinorCycleControl, start: StateBefore): ComponentSearch {
  const isIdle = start.maskSum === 0 || control.maxIterations <= 0
  return {
    plane,
    box: maskBox(plane),
    gain: control.gain,
    limitJy: Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0),
    maxComponents: isIdle ? 0 : control.maxIterations + 1,
  }
}

async function search(searches: readonly ComponentSearch[], computing: Computing): Promise<FoundComponents[]> {
  if (computing.kernels !== null) return searchOnKernels(computing.kernels, searches, computing.signal)
  const found: FoundComponents[] = []
  for (const one of searches) found.push(await searchPlain(one, computing.pacer))
  return found
}

async function finishPlane(
  { plane, box }: ComponentSearch,
  { components }: FoundComponents,
  { kernels, pacer, signal }: Computing,
): Promise<void> {
  for (const [at, value] of components) plane.model[at] += value
  if (kernels === null) await subtractOutsidePlain(plane, components, box, pacer)
  else await subtractOutsideOnKernels(kernels, plane, components, box, signal)
}
