/** The native engine: visibilities and products on disk. */
export { createNativeEngine, type NativeEngineOptions } from './node/native-engine.ts'
