import type { MajorCycle } from '@cleanbeam/imaging'
import type { CallOptions } from '@cleanbeam/types'

/** The transforms of all fields of a run between visibilities and images. */
export interface FieldTransforms {
  /** One per field; their own residuals know nothing of the other fields' models. */
  readonly fields: readonly MajorCycle[]
  /**
   * Residuals of all fields, with the models of all fields taken off the visibilities.
   * @param models - per field, as `MajorCycle.makeResidual` takes it; null: empty
   */
  makeResiduals(models: readonly (Float32Array | null)[], call: CallOptions): Promise<readonly Float32Array[]>
  /**
   * The same from dirty images and PSFs, without visibilities; null where that is not to be had (see
   * `MajorCycle.makeInstantResidual`) and for several fields.
   */
  makeInstantResiduals(models: readonly Float32Array[], call: CallOptions): Promise<readonly Float32Array[] | null>
  dispose(): void
}

/** A run of one field. */
export function singleField(majorCycle: MajorCycle): FieldTransforms {
  return {
    fields: [majorCycle],
    makeResiduals: async ([model], call) => [await majorCycle.makeResidual(model, call)],
    async makeInstantResiduals([model], call) {
      const residual = await majorCycle.makeInstantResidual(model, call)
      return residual === null ? null : [residual]
    },
    dispose: () => majorCycle.dispose(),
  }
}
