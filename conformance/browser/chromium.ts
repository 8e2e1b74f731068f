import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where Chromium is looked for; CHROMIUM overrides. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/**
 * Whether browser tests must be skipped because Chromium is missing; says so once, aloud.
 * @throws Error when REQUIRE_TOOLS is set (as in CI), where nothing may be skipped
 */
export function chromiumIsMissing(): boolean {
  if (existsSync(chromiumPath)) return false
  const message = `expected Chromium at ${chromiumPath}, found none; install it (Debian: apt-get install chromium) or set CHROMIUM`
  if (process.env.REQUIRE_TOOLS) throw new Error(message)
  console.warn(`BROWSER TESTS SKIPPED: ${message}`)
  return true
}

/** A headless Chromium with software WebGL that never reaches out to the network. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
