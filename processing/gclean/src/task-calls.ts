// The tclean and deconvolve calls a session makes, with every parameter every time, and the lines that log them.

import { checkTcleanParameters, formatTaskCall, listOf, ParameterError, TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import {
  AUTOMASK_PARAMETERS,
  type DeconvolveInput,
  type JsonObject,
  type TcleanInput,
  type TcleanParameters,
} from '@cleanbeam/types'

/** Parameters of CASA's deconvolve that a session sets or hands on; the loop's own are set per call. */
const DECONVOLVE_NAMES = [
  'deconvolver',
  'scales',
  'nterms',
  'smallscalebias',
  'fusedthreshold',
  'largestscale',
  'nsigma',
  'gain',
  'fastnoise',
  'usemask',
  'pbmask',
  ...AUTOMASK_PARAMETERS,
  'verbose',
] as const satisfies readonly (keyof TcleanParameters)[]

/** A residual update: everything as given, no minor cycle. `mask` and `startmodel` only until those products exist. */
export function residualCall(
  parameters: TcleanParameters,
  options: { readonly calcpsf: boolean; readonly calcres: boolean; readonly restoration: boolean },
): TcleanInput {
  const { startmodel: _startmodel, mask: _mask, ...others } = parameters
  const first = options.calcpsf && listOf(parameters.startmodel).length > 0
  return {
    ...others,
    ...(first ? { startmodel: parameters.startmodel } : {}),
    ...options,
    pbcor: options.restoration && parameters.pbcor,
    // The data are written to once, when the session's images are: not in every cycle.
    savemodel: options.restoration ? parameters.savemodel : 'none',
    niter: 0,
    interactive: false,
    fullsummary: true,
  }
}

/** The call that makes the mask product: no components, and the mask as the user gave it. */
export function maskCall(parameters: TcleanParameters): DeconvolveInput {
  return { ...deconvolveParameters(parameters), threshold: parameters.threshold, niter: 0, mask: parameters.mask }
}

/** A model update down to the cycle threshold. */
export function minorCycleCall(
  parameters: TcleanParameters,
  cycle: { readonly thresholdJy: number; readonly niter: number },
): DeconvolveInput {
  return { ...deconvolveParameters(parameters), threshold: cycle.thresholdJy, niter: cycle.niter }
}

function deconvolveParameters(parameters: TcleanParameters): DeconvolveInput {
  const shared = Object.fromEntries(DECONVOLVE_NAMES.map(name => [name, parameters[name]]))
  return { imagename: parameters.imagename, ...shared, restoration: false, fullsummary: true }
}

/** A call as a line that runs in CASA; parameters that have CASA's default are left out, except those that tell steps apart. */
export function callLine(task: 'tclean' | 'deconvolve', parameters: TcleanInput | DeconvolveInput): string {
  const always: ReadonlySet<string> = new Set([
    'vis',
    'imagename',
    'niter',
    'restoration',
    'calcpsf',
    'calcres',
    'mask',
  ])
  const defaults = new Map<string, unknown>(TCLEAN_PARAMETERS.map(row => [row.name, row.default]))
  const shown = Object.entries(parameters).filter(
    ([name, value]) => always.has(name) || JSON.stringify(value) !== JSON.stringify(defaults.get(name)),
  )
  return formatTaskCall(task, Object.fromEntries(shown) as JsonObject)
}

/** Parameters of a session: tclean's, complete. @throws ParameterError, also for interactive and fullsummary */
export function sessionParameters(given: object): TcleanParameters {
  for (const name of ['interactive', 'fullsummary']) {
    if (!(name in given)) continue
    throw new ParameterError(`expected a parameter of gclean, got '${name}', which only tclean has: leave it out`, {
      parameter: name,
    })
  }
  const parameters = checkTcleanParameters({ ...(given as TcleanInput), interactive: false, fullsummary: true })
  if (parameters.restart) return parameters
  throw new ParameterError('expected restart=True for gclean, got False: choose another imagename to start anew', {
    parameter: 'restart',
  })
}
