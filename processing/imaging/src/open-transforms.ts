import type { KernelPool } from '@cleanbeam/math'
import { openKernelTransforms } from './kernel-transforms.ts'
import type { PlaneTransforms } from './plane-transforms.ts'
import { openReferenceTransforms } from './reference-transforms.ts'
import type { TransformGeometry } from './transform-geometry.ts'

/** Transforms by kernels on the pool's workers, or without a pool by the plain TypeScript reference. */
export function openTransforms(pool: KernelPool | undefined, geometry: TransformGeometry): Promise<PlaneTransforms> {
  return pool === undefined ? Promise.resolve(openReferenceTransforms(geometry)) : openKernelTransforms(pool, geometry)
}
