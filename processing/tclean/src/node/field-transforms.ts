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

/** A run of several fields over the same data. */
export function severalFields(majorCycles: readonly MajorCycle[]): FieldTransforms {
  return {
    fields: majorCycles,
    async makeResiduals(models, call) {
      const residuals: Float32Array[] = []
      for (const [index, majorCycle] of majorCycles.entries()) {
        const others = majorCycles.flatMap((other, at) => {
          const model = models[at]
          return at === index || model === null ? [] : [{ majorCycle: other, model }]
        })
        residuals.push(await majorCycle.makeResidual(models[index], call, others))
      }
      return residuals
    },
    makeInstantResiduals: async () => null,
    dispose() {
      for (const majorCycle of majorCycles) majorCycle.dispose()
    },
  }
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
