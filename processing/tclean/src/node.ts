/** The native engine: visibilities and products on disk. */
export { checkTcleanFiles } from './node/check-files.ts'
export type { EngineLimits } from './node/engine-limits.ts'
export { createNativeEngine, type NativeEngineOptions } from './node/native-engine.ts'
