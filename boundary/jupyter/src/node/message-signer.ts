import { createHmac, timingSafeEqual } from 'node:crypto'
import type { MessageSigner } from '../kernel-multipart.ts'

/** Signs with HMAC-SHA256, the scheme of every kernel's connection file; an empty key means unsigned messages. */
export function hmacSigner(key: string): MessageSigner {
  const sign = (parts: readonly Uint8Array[]): string => {
    if (key === '') return ''
    const hmac = createHmac('sha256', key)
    for (const part of parts) hmac.update(part)
    return hmac.digest('hex')
  }
  return {
    sign,
    isSignature(signature, parts) {
      const expected = Buffer.from(sign(parts))
      const got = Buffer.from(signature)
      return expected.byteLength === got.byteLength && timingSafeEqual(expected, got)
    },
  }
}
