import type { SampleFrames } from './prepare-samples.ts'

/** Frame conversions as `@cleanbeam/measures` computes them. */
export const measuresFrames: SampleFrames = {
  convertFrequency: frequencyHz => frequencyHz,
  convertDirection: direction => direction,
}
