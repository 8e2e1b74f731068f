import { MeasuresError, parseAngleRad, parseFluxJy, parseFrequencyHz } from '@cleanbeam/measures'
import type { QuantityLike, TcleanParameters } from '@cleanbeam/types'
import { showValue } from './check-value.ts'
import { DECONVOLVERS } from './minor-cycle-plan.ts'
import { ParameterError } from './tclean-error.ts'

/** Parameters that change something only in engines to come: any value but these is refused by name. */
const INERT: readonly (readonly [keyof TcleanParameters, readonly unknown[]])[] = [
  ['facets', [1]],
  ['parallel', [false]],
  ['interactive', [false, 0]],
  ['vptable', ['']],
  ['usepointing', [false]],
]

const REMEDY: Partial<Record<keyof TcleanParameters, string>> = {
  parallel: 'all cores are used anyway, leave it out',
  interactive: 'interactive clean is the command iclean and the function gclean',
}

/**
 * Checks what single values cannot show: sizes, quantities and their units, and what is not supported together.
 * @throws ParameterError
 */
export function checkCombination(parameters: Partial<TcleanParameters>): void {
  refuseInert(parameters)
  refuseDeconvolver(parameters)
  if (parameters.imsize !== undefined) imageSize(parameters.imsize)
  if (parameters.cell !== undefined) cellSizeRad(parameters.cell)
  notNegative('threshold', fluxJy(parameters.threshold ?? 0, 'threshold'))
  if (parameters.reffreq) asParameter('reffreq', () => parseFrequencyHz(parameters.reffreq ?? '', 'reffreq'))
  for (const text of listOf(parameters.restfreq)) asParameter('restfreq', () => parseFrequencyHz(text, 'restfreq'))
  checkGain(parameters.gain ?? 0.1)
  checkRestoringBeam(listOf(parameters.restoringbeam))
  if ((parameters.minpsffraction ?? 0) > (parameters.maxpsffraction ?? 1)) {
    throw new ParameterError(
      `expected minpsffraction at most maxpsffraction, got ${parameters.minpsffraction} and ${parameters.maxpsffraction}`,
      { parameter: 'minpsffraction' },
    )
  }
  checkTaylorTerms(parameters)
  checkStartModel(parameters)
  if (parameters.usemask === 'pb' && listOf(parameters.mask).length > 0) {
    throw new ParameterError("expected no mask with usemask 'pb', got both: the mask is made from the primary beam", {
      parameter: 'mask',
    })
  }
}

/** What only makes images of the data may name any. */
function refuseDeconvolver({ deconvolver, niter }: Partial<TcleanParameters>): void {
  if (deconvolver === undefined || (DECONVOLVERS as readonly string[]).includes(deconvolver)) return
  if ((niter ?? 0) === 0) return
  throw new ParameterError(
    `expected deconvolver ${DECONVOLVERS.map(showValue).join(' or ')}, got ${showValue(deconvolver)} (CASA knows it, this engine does not yet)`,
    { parameter: 'deconvolver', value: deconvolver },
  )
}

function refuseInert(parameters: Partial<TcleanParameters>): void {
  for (const [name, accepted] of INERT) {
    const value = parameters[name]
    if (value === undefined || accepted.some(a => JSON.stringify(a) === JSON.stringify(value))) continue
    const remedy = REMEDY[name] ?? 'CASA knows it, this engine does not yet'
    throw new ParameterError(`expected ${name} ${showValue(accepted[0])}, got ${showValue(value)} (${remedy})`, {
      parameter: name,
      value: showValue(value),
    })
  }
}

/** Taylor terms are powers of frequency within one output channel. */
function checkTaylorTerms({ deconvolver, specmode }: Partial<TcleanParameters>): void {
  if (deconvolver !== 'mtmfs' || specmode === undefined || specmode === 'mfs') return
  throw new ParameterError(`expected specmode 'mfs' with deconvolver 'mtmfs', got ${showValue(specmode)}`, {
    parameter: 'specmode',
    value: specmode,
  })
}

/** One model image, or one for each Taylor term. */
function checkStartModel({ startmodel, deconvolver, nterms }: Partial<TcleanParameters>): void {
  const count = listOf(startmodel).length
  const most = deconvolver === 'mtmfs' ? (nterms ?? 1) : 1
  if (count <= most) return
  throw new ParameterError(`expected ${most} image${most > 1 ? 's' : ''} at most for startmodel, got ${count}`, {
    parameter: 'startmodel',
  })
}

/** Negative and huge gains diverge at once, but CASA runs them; only what can never work is refused. */
function checkGain(gain: number): void {
  if (gain > 0) return
  throw new ParameterError(`expected a gain above 0, got ${gain}`, { parameter: 'gain', value: gain })
}

function checkRestoringBeam(beam: readonly string[]): void {
  if (beam.length === 1 && beam[0] === 'common') return
  if (beam.length > 3) {
    throw new ParameterError(
      `expected restoringbeam '', 'common' or [major, minor, angle], got ${beam.length} values`,
      { parameter: 'restoringbeam' },
    )
  }
  for (const text of beam) {
    asParameter('restoringbeam', () => parseAngleRad(text, 'restoringbeam', { bareUnit: null }))
  }
}

function notNegative(name: string, value: number): void {
  if (value < 0) throw new ParameterError(`expected ${name} at least 0, got ${value}`, { parameter: name, value })
}

/** A text-or-list parameter as a list without empty entries. */
export function listOf(value: string | readonly string[] | boolean | undefined): readonly string[] {
  if (value === undefined || typeof value === 'boolean') return []
  const list = typeof value === 'string' ? [value] : value
  return list.filter(text => text !== '')
}

/** Runs a parser of a parameter's text; what it refuses becomes a ParameterError naming the parameter. */
export function asParameter<T>(name: keyof TcleanParameters, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof MeasuresError)) throw error
    throw new ParameterError(error.message, { ...error.fields, parameter: name }, error)
  }
}

/** A flux density in Jy. @throws ParameterError naming the parameter */
export function fluxJy(value: QuantityLike, name: string): number {
  try {
    return parseFluxJy(value, name)
  } catch (error) {
    if (!(error instanceof MeasuresError)) throw error
    throw new ParameterError(error.message, { ...error.fields, parameter: name }, error)
  }
}

/**
 * Number of pixels along x and y.
 * @throws ParameterError for anything but one or two positive integers
 */
export function imageSize(imsize: number | readonly number[]): readonly [nx: number, ny: number] {
  const list = typeof imsize === 'number' ? [imsize] : imsize
  const isSize = (n: number): boolean => Number.isInteger(n) && n >= 1
  if ((list.length !== 1 && list.length !== 2) || !list.every(isSize)) {
    throw new ParameterError(`expected one or two positive integers for imsize, got ${showValue(imsize)}`, {
      parameter: 'imsize',
      value: showValue(imsize),
    })
  }
  return [list[0], list[list.length - 1]]
}

/**
 * Size of a pixel, radians; bare numbers are arcseconds.
 * @throws ParameterError for a missing cell, text without a unit, or a size that is not positive
 */
export function cellSizeRad(cell: TcleanParameters['cell']): readonly [x: number, y: number] {
  const list = Array.isArray(cell) ? cell : [cell]
  if (list.length === 0 || list.length > 2 || list.some(item => item === '')) {
    throw new ParameterError(
      `expected the size of a pixel such as '0.1arcsec' for cell, got ${showValue(cell)}: 3 to 5 pixels across the beam are good`,
      { parameter: 'cell', value: showValue(cell) },
    )
  }
  const sizes = list.map(item => asParameter('cell', () => parseAngleRad(item, 'cell')))
  if (sizes.some(size => size <= 0)) {
    throw new ParameterError(`expected a positive size for cell, got ${showValue(cell)}`, {
      parameter: 'cell',
      value: showValue(cell),
    })
  }
  return [sizes[0], sizes[sizes.length - 1]]
}
