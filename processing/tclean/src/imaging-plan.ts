// From CASA's parameters to the engine's own terms and units. The only file of this package, next to the parameter
// checks, that knows both.

import type { ImageDefinition, MosaicOptions } from '@cleanbeam/imaging'
import { parseStokes } from '@cleanbeam/imaging'
import { parseAngleRad, parseDirection, parseFluxJy } from '@cleanbeam/measures'
import type { DataSelection, Direction, ObservedField, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { asParameter, cellSizeRad, imageSize, listOf } from './check-combination.ts'
import { showValue } from './check-value.ts'
import type { DictionaryParameters } from './return-dictionaries.ts'
import { spectralDefinition } from './spectral-plan.ts'
import { ParameterError } from './tclean-error.ts'

/** The files to image. */
export function visibilityPaths(parameters: TcleanParameters): readonly string[] {
  const paths = listOf(parameters.vis)
  if (paths.length > 0) return paths
  throw new ParameterError(`expected at least one file for vis, got ${showValue(parameters.vis)}`, { parameter: 'vis' })
}

/** What to read of each file. With selectdata false nothing but the data column is selected. */
export function dataSelection(parameters: TcleanParameters): DataSelection {
  const datacolumn = parameters.datacolumn === 'data' ? 'data' : 'corrected'
  if (!parameters.selectdata) return { datacolumn }
  const { field, spw, timerange, uvrange, antenna, scan, observation, intent } = parameters
  return { field, spw, timerange, uvrange, antenna, scan, observation, intent, datacolumn }
}

/**
 * Geometry and spectral axis of the image.
 * @param fields - of the first observation, for a phase centre given by field number
 */
export function imageDefinition(parameters: TcleanParameters, fields: readonly ObservedField[]): ImageDefinition {
  const [nx, ny] = imageSize(parameters.imsize)
  const { stokes, pseudoI } = parseStokes(parameters.stokes)
  return {
    nx,
    ny,
    cellRad: cellSizeRad(parameters.cell),
    phaseCentre: phaseCentre(parameters.phasecenter, fields),
    projection: 'SIN',
    stokes,
    pseudoI,
    spectral: spectralDefinition(parameters),
  }
}

function phaseCentre(phasecenter: string | number, fields: readonly ObservedField[]): Direction | null {
  if (phasecenter === '') return null
  const isNumber = typeof phasecenter === 'number' || /^\d+$/.test(phasecenter)
  if (!isNumber) return asParameter('phasecenter', () => parseDirection(String(phasecenter), 'phasecenter'))
  const id = Number(phasecenter)
  const field = fields.find(candidate => candidate.id === id)
  if (field) return field.phaseCentre
  throw new ParameterError(
    `expected phasecenter to be a direction or a field number of the data (${fields.map(f => f.id).join(', ')}), got ${id}`,
    { parameter: 'phasecenter', value: id },
  )
}

/** The beam that restoringbeam asks for; null: the one fitted to the PSF. */
export function requestedBeam(restoringbeam: TcleanParameters['restoringbeam']): RestoringBeam | 'common' | null {
  const list = listOf(restoringbeam)
  if (list.length === 0) return null
  if (list[0] === 'common') return 'common'
  const [major, minor, angle] = list.map(text => parseAngleRad(text, 'restoringbeam', { bareUnit: null }))
  return { majorRad: major, minorRad: minor ?? major, positionAngleRad: angle ?? 0 }
}

/** Loop parameters with their quantities in Jy. */
export function loopParameters(
  parameters: Pick<
    TcleanParameters,
    | 'niter'
    | 'cycleniter'
    | 'cyclefactor'
    | 'gain'
    | 'minpsffraction'
    | 'maxpsffraction'
    | 'nsigma'
    | 'fullsummary'
    | 'threshold'
  >,
): DictionaryParameters {
  const { niter, cycleniter, cyclefactor, gain, minpsffraction, maxpsffraction, nsigma, fullsummary } = parameters
  const thresholdJy = parseFluxJy(parameters.threshold, 'threshold')
  return { niter, cycleniter, cyclefactor, gain, minpsffraction, maxpsffraction, nsigma, fullsummary, thresholdJy }
}

/** Whether the w term is taken along: the gridders of wide fields; one plane of w is none, as in CASA. */
export function wTermOf({
  gridder,
  wprojplanes,
}: Pick<TcleanParameters, 'gridder' | 'wprojplanes'>): 'auto' | 'ignore' {
  return ['widefield', 'wproject', 'wprojectft'].includes(gridder) && wprojplanes !== 1 ? 'auto' : 'ignore'
}

/** How a mosaic is made; undefined for the other gridders. */
export function mosaicOptions({
  gridder,
  normtype,
  mosweight,
}: Pick<TcleanParameters, 'gridder' | 'normtype' | 'mosweight'>): MosaicOptions | undefined {
  if (gridder !== 'mosaic' && gridder !== 'mosaicft') return undefined
  return { normalisation: normtype as MosaicOptions['normalisation'], perFieldDensity: mosweight }
}
