// The few globals that every JavaScript platform (Node, browsers, workers) offers and that ECMAScript's own library
// types leave out. Pure processing code is type-checked against these alone, without DOM or Node types.
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(bytes?: ArrayBufferView | ArrayBuffer): string
}
declare const performance: { now(): number }
declare const crypto: { randomUUID(): string; getRandomValues<T extends ArrayBufferView>(array: T): T }
declare function setTimeout(callback: () => void, milliseconds?: number): unknown
declare function clearTimeout(handle: unknown): void
declare function queueMicrotask(callback: () => void): void
declare function structuredClone<T>(value: T): T
declare function atob(base64: string): string
declare function btoa(binary: string): string
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer | SharedArrayBuffer
    grow(pages: number): number
  }
  const Memory: { new (descriptor: { initial: number; maximum?: number; shared?: boolean }): Memory }
  type Module = object
  const Module: { new (bytes: ArrayBufferView | ArrayBuffer): Module }
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  const Instance: { new (module: Module, imports?: Record<string, Record<string, unknown>>): Instance }
  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean
  function instantiate(module: Module, imports?: Record<string, Record<string, unknown>>): Promise<Instance>
}
