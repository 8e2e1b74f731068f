import { createGridder, type Gridder, type KernelPool, type SampleBins } from '@cleanbeam/math'
import type {
  PlacedSamples,
  PlaneTransforms,
  SamplePositions,
  Samples,
  SamplesToGrid,
  SamplesToPredict,
} from './plane-transforms.ts'
import type { TransformGeometry } from './transform-geometry.ts'

/** Below this accuracy single precision does; its kernels reach no further. */
const SINGLE_PRECISION_EPSILON = 1e-5

/** Transforms by the WebAssembly kernels on the pool's workers. */
export async function openKernelTransforms(pool: KernelPool, geometry: TransformGeometry): Promise<PlaneTransforms> {
  const { nx, ny, cellRad, epsilon } = geometry
  const gridder = await createGridder(pool, {
    nx,
    ny,
    cellXRad: -cellRad[0],
    cellYRad: cellRad[1],
    epsilon,
    precision: epsilon >= SINGLE_PRECISION_EPSILON ? 'f32' : 'f64',
    wTerm: geometry.wTerm,
    maxAbsWLambda: geometry.maxAbsWLambda,
    maxAbsUvLambda: geometry.maxAbsUvLambda,
    nSample: geometry.nSample,
    planeBytes: geometry.planeBytes,
  })
  return new KernelTransforms(pool, gridder)
}

class KernelTransforms implements PlaneTransforms {
  readonly nx: number
  readonly ny: number
  readonly hasW: boolean
  readonly precision: 'f32' | 'f64'
  readonly memory: PlaneTransforms['memory']
  readonly #gridder: Gridder

  constructor(pool: KernelPool, gridder: Gridder) {
    this.#gridder = gridder
    this.nx = gridder.plan.nx
    this.ny = gridder.plan.ny
    this.hasW = gridder.plan.w !== null
    this.precision = gridder.plan.precision
    this.memory = pool.arena
  }

  get bytes(): number {
    return this.#gridder.bytes
  }

  place(positions: SamplePositions, run?: Parameters<Gridder['bin']>[1]): Promise<PlacedSamples> {
    return this.#gridder.bin(positions, run)
  }

  grid(sets: readonly SamplesToGrid[], image?: Samples | null, run?: Parameters<Gridder['bin']>[1]): Promise<Samples> {
    return this.#gridder.grid(
      sets.map(({ placed, visibility, weight }) => ({ bins: binsOf(placed), visibility, weight })),
      image,
      run,
    )
  }

  degrid(model: Samples, sets: readonly SamplesToPredict[], run?: Parameters<Gridder['bin']>[1]): Promise<void> {
    return this.#gridder.degrid(
      model,
      sets.map(({ placed, ...arrays }) => ({ bins: binsOf(placed), ...arrays })),
      run,
    )
  }

  dispose(): void {
    this.#gridder.dispose()
  }
}

/** The gridder itself refuses bins that are not its own. */
function binsOf(placed: PlacedSamples): SampleBins {
  return placed
}
