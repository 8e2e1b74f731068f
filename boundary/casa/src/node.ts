/** CASA on this machine. */
export { casaModuleCode } from './node/casa-module.ts'
export { CASA_FOLDER, CASA_PYTHON_VARIABLE, findCasaPython } from './node/find-casa.ts'
export { type CasaKernelOptions, openCalls, startCasaKernel, startRemoteCasaKernel } from './node/start-casa-kernel.ts'
