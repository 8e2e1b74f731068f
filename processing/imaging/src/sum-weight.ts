import type { ImageDefinition } from './image-definition.ts'

/**
 * What CASA writes to .sumwt for each plane: the sum of imaging weights of its channel, and twice that for Stokes I on its
 * own, where both hands are gridded onto one plane.
 * @param totalWeight - sum of imaging weights per channel
 */
export function sumWeightPerPlane(totalWeight: readonly number[], image: ImageDefinition): Float64Array {
  const factor = image.stokes.length === 1 && image.stokes[0] === 'I' ? 2 : 1
  return Float64Array.from(totalWeight.flatMap(sum => image.stokes.map(() => factor * sum)))
}
