/** Words of the size in which pixels are moved. */
export type WordArray = Uint8Array | Uint16Array | Uint32Array

/** A regular pattern of pixels in an array of words. */
export interface CopyPlan {
  /** Pixels per axis, fastest first. */
  readonly count: readonly number[]
  /** Distance between neighbours along each axis in the source, in pixels. */
  readonly sourceStride: readonly number[]
  /** The same in the target. */
  readonly targetStride: readonly number[]
  readonly wordsPerPixel: number
}

/** Runs at least this long are moved by `set`, shorter ones by a loop: where both cost the same on V8. */
const SET_WORDS = 48

/**
 * Copies an n-dimensional box of pixels between arrays of different strides. Axes that are contiguous in both arrays
 * are merged first, so that the innermost copies are as long as possible.
 * @param sourceAt - first pixel of the box in `source`
 * @param targetAt - first pixel of the box in `target`
 */
export function copyBox(
  source: WordArray,
  sourceAt: number,
  target: WordArray,
  targetAt: number,
  plan: CopyPlan,
): void {
  const axes = mergeAxes(plan)
  if (axes.some(axis => axis.count === 0)) return
  copyAxis(source, sourceAt * plan.wordsPerPixel, target, targetAt * plan.wordsPerPixel, axes, axes.length - 1)
}

/** An axis in words. The first one is always a contiguous run. */
interface WordAxis {
  count: number
  readonly source: number
  readonly target: number
}

function mergeAxes(plan: CopyPlan): WordAxis[] {
  const axes: WordAxis[] = [{ count: plan.wordsPerPixel, source: 1, target: 1 }]
  for (let i = 0; i < plan.count.length; i++) {
    if (plan.count[i] === 1) continue
    const source = plan.sourceStride[i] * plan.wordsPerPixel
    const target = plan.targetStride[i] * plan.wordsPerPixel
    const last = axes[axes.length - 1]
    if (last.count * last.source === source && last.count * last.target === target) last.count *= plan.count[i]
    else axes.push({ count: plan.count[i], source, target })
  }
  return axes
}

function copyAxis(
  source: WordArray,
  sourceAt: number,
  target: WordArray,
  targetAt: number,
  axes: readonly WordAxis[],
  level: number,
): void {
  const axis = axes[level]
  if (level === 0) copyRun(source, sourceAt, target, targetAt, axis.count)
  else if (level === 1 && axes[0].count < SET_WORDS)
    copyRuns(source, sourceAt, target, targetAt, axes[0].count, axis.count, axis.source, axis.target)
  else
    for (let i = 0; i < axis.count; i++)
      copyAxis(source, sourceAt + i * axis.source, target, targetAt + i * axis.target, axes, level - 1)
}

function copyRun(source: WordArray, sourceAt: number, target: WordArray, targetAt: number, n: number): void {
  if (n >= SET_WORDS) target.set(source.subarray(sourceAt, sourceAt + n), targetAt)
  else for (let i = 0; i < n; i++) target[targetAt + i] = source[sourceAt + i]
}

function copyRuns(
  source: WordArray,
  sourceAt: number,
  target: WordArray,
  targetAt: number,
  nWord: number,
  nRun: number,
  sourceStride: number,
  targetStride: number,
): void {
  for (let run = 0; run < nRun; run++) {
    for (let i = 0; i < nWord; i++) target[targetAt + i] = source[sourceAt + i]
    sourceAt += sourceStride
    targetAt += targetStride
  }
}
