/** A WebAssembly memory. Shared memories give a new `buffer` object after growing; older ones alias the same bytes. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

/** A compiled module, ready to be instantiated in any thread. */
export type WasmModule = object

interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => WasmMemory
  readonly Module: new (bytes: ArrayBufferView) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> }
  validate(bytes: ArrayBufferView): boolean
}

/** The engine's WebAssembly interface; TypeScript only knows it together with the DOM or Node, which differ. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
