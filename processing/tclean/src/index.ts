/** The tasks tclean and deconvolve: parameters, iteration control and return dictionaries. The engine is in `/node`. */
export { checkDeconvolveParameters, checkTcleanParameters, DECONVOLVE_PARAMETERS } from './check-parameters.ts'
export {
  type ParameterDescription,
  type ParameterGroup,
  type ParameterKind,
  TCLEAN_PARAMETERS,
  type TcleanParameterName,
} from './parameters.ts'
export { ParameterError, TcleanError } from './tclean-error.ts'
