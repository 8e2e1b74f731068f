/** The other engine: CASA's tasks in a Jupyter kernel, behind processing's `ImagingEngine`. */
export { CASA_PROTOCOL, CASA_TARGET, CasaCalls, type CasaLogLine } from './casa-calls.ts'
export { type CasaEngine, type CasaKernel, createCasaEngine } from './casa-engine.ts'
export { CasaError } from './casa-error.ts'
export { casaImage } from './casa-image.ts'
export { type CasaProducts, casaProducts } from './casa-products.ts'
