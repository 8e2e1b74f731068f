import { JupyterError } from './jupyter-error.ts'
import { type KernelMessage, kernelPartsSchema } from './kernel-message.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Header, parent header, metadata and content as UTF-8 JSON, in this order. */
export function encodeParts({ header, parent_header, metadata, content }: KernelMessage): Uint8Array<ArrayBuffer>[] {
  return [header, parent_header, metadata, content].map(part => encoder.encode(JSON.stringify(part)))
}

/**
 * Inverse of `encodeParts`.
 * @param where - for the error message
 * @throws JupyterError when a part is missing, no JSON, or has not the fields it must have
 */
export function decodeParts(
  parts: readonly Uint8Array[],
  buffers: readonly Uint8Array[],
  where: string,
): KernelMessage {
  try {
    const [header, parent_header, metadata, content] = parts.map(part => JSON.parse(decoder.decode(part)))
    return { ...kernelPartsSchema.parse({ header, parent_header, metadata, content }), buffers }
  } catch (cause) {
    throw new JupyterError(
      `expected a kernel message of header, parent header, metadata and content, got something else (${where})`,
      {},
      cause,
    )
  }
}
