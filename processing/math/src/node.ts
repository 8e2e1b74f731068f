/** Worker threads for the WebAssembly kernels; needs Node. */
export * from './wasm/node/index.ts'
