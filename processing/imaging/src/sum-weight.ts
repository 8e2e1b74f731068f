import { compensatedSum } from '@cleanbeam/math'
import type { ImageDefinition } from './image-definition.ts'
import type { SampleStore } from './sample-store.ts'

/**
 * What CASA writes to .sumwt for each plane: the sum of imaging weights, and twice that for Stokes I on its own, where
 * both hands are gridded onto one plane.
 */
export function sumWeightPerPlane(samples: SampleStore, image: ImageDefinition): Float64Array {
  const sum = compensatedSum(samples.imagingWeight)
  const factor = image.stokes.length === 1 && image.stokes[0] === 'I' ? 2 : 1
  return new Float64Array(image.stokes.length).fill(factor * sum)
}
