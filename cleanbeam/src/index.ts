/**
 * Radio interferometric imaging and interactive clean.
 *
 * @example
 * import { gclean } from 'cleanbeam'
 * await using cl = gclean({ vis: 'm87.uvfits', imagename: 'm87', imsize: 512, cell: '0.1marcsec', niter: 1000 })
 * for await (const record of cl) console.log(record.stopDescription)
 */
export { GcleanError, type GcleanInput } from '@cleanbeam/gclean'
export { ParameterError, TcleanError } from '@cleanbeam/tclean'
export {
  type CallOptions,
  type DeconvolveInput,
  type FieldConvergence,
  type GcleanRecord,
  type GcleanUpdate,
  type ImageTool,
  type ImagingEngine,
  isTaggedError,
  type PlaneConvergence,
  type Progress,
  type ReturnDictionary,
  type SummaryMinor,
  TaggedError,
  type TcleanInput,
  type TcleanParameters,
} from '@cleanbeam/types'
export { casaEngine } from './api/engines.ts'
export { type GcleanProcess, type GcleanProcessOptions, gclean } from './api/gclean.ts'
export { type IcleanOptions, type IcleanResult, type IcleanSession, iclean } from './api/iclean.ts'
export { deconvolve, image, type TaskOptions, tclean } from './api/tasks.ts'
