/** What transforms between samples and images are made for. */
export interface TransformGeometry {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [x: number, y: number]
  /** Largest l2 error relative to the exact transform. */
  readonly epsilon: number
  readonly wTerm: 'ignore' | 'auto'
  /** Over all samples that will come, wavelengths. */
  readonly maxAbsWLambda: number
  readonly maxAbsUvLambda: number
  /** How many samples one transform has, about. */
  readonly nSample: number
  /** For grids in memory at once; one is always held. */
  readonly planeBytes: number
}
