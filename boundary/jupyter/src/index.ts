/** Sessions on other hosts. So far: messages over byte streams; what needs Node is in `/node`. */
export { JupyterError } from './jupyter-error.ts'
export { frameForStream, STREAM_MARKER, StreamReader } from './stream-framing.ts'
export { type ByteStream, streamTransport } from './stream-transport.ts'
