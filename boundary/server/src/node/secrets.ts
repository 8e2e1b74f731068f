import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as text that needs no escaping in addresses, cookies and headers. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Comparison whose time tells nothing about the secret. */
export function secretMatcher(secret: string): (candidate: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(secret)
  return candidate => timingSafeEqual(digest(candidate), expected)
}
