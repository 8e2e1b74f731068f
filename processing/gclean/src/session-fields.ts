import type { ImagingEngine, TcleanParameters } from '@cleanbeam/types'
import { GcleanError } from './gclean-error.ts'

/** What sets an outlier apart from the main image. Plain JSON. */
export type FieldOverrides = Partial<TcleanParameters> & Pick<TcleanParameters, 'imagename'>

/** Parameters that outliers share with the main image whatever their file says: they belong to the loop. */
const SHARED = ['outlierfile'] as const satisfies readonly (keyof TcleanParameters)[]

/**
 * The outliers of a session, from the engine, which reads their file.
 * @throws GcleanError for an outlier file with an engine that has one field only
 */
export async function findOutliers(engine: ImagingEngine, parameters: TcleanParameters): Promise<FieldOverrides[]> {
  if (parameters.outlierfile === '') return []
  if (!engine.fields) {
    throw new GcleanError(
      `expected no outlierfile with the engine ${engine.name}, got '${parameters.outlierfile}': gclean cleans one field with it`,
      { engine: engine.name },
    )
  }
  const [, ...outliers] = await engine.fields(parameters)
  return outliers.map(field => {
    const own = Object.entries(field).filter(
      ([name, value]) =>
        !(SHARED as readonly string[]).includes(name) &&
        JSON.stringify(value) !== JSON.stringify(parameters[name as keyof TcleanParameters]),
    )
    return { ...Object.fromEntries(own), imagename: field.imagename }
  })
}

/** Parameters in force of every field, the main one first. */
export function fieldsInForce(
  parameters: TcleanParameters,
  outliers: readonly FieldOverrides[],
): readonly TcleanParameters[] {
  return [parameters, ...outliers.map(own => ({ ...parameters, ...own, outlierfile: '' }))]
}
