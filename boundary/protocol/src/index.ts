/**
 * What crosses the boundary between processing and the page: messages, methods, events, and their bytes.
 *
 * Everything here is data. `METHODS` and `TOPICS` list all calls and events with their schemas; `encodeMessage` and
 * `decodeMessage` are the binary frame; `SessionClient` is what a page programs against.
 */
export * from './check-value.ts'
export * from './client.ts'
export * from './error-body.ts'
export * from './frame.ts'
export * from './image-methods.ts'
export * from './mask.ts'
export * from './mask-runs.ts'
export * from './messages.ts'
export * from './method.ts'
export * from './methods.ts'
export * from './product.ts'
export * from './protocol-error.ts'
export * from './record.ts'
export * from './region.ts'
export * from './scalars.ts'
export * from './session-state.ts'
export * from './tile-path.ts'
export * from './topics.ts'
export type { BufferArray, BufferType } from './value-codec.ts'
export * from './version.ts'
