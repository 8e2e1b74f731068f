import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { pixelOnScreen } from './drag.ts'

/** What the page's `window.cleanbeam` says of the session. */
export interface PageFacts {
  readonly product: string
  readonly phase: string | null
  readonly stopcode: number | null
  readonly nmajordone: number | null
  readonly niterdone: number | null
  readonly peaks: readonly number[]
  readonly maskPixels: number | null
}

/** Asks the page itself, through the interface it offers to scripts. */
export function factsOf(page: Page): Promise<PageFacts> {
  return page.evaluate<PageFacts>(`(() => {
    const { record, session, view } = window.cleanbeam
    return {
      product: view.product,
      phase: session?.phase.name ?? null,
      stopcode: record?.stopcode ?? null,
      nmajordone: record?.nmajordone ?? null,
      niterdone: record?.niterdone ?? null,
      peaks: record?.chan['0']['0'].peakRes ?? [],
      maskPixels: session?.masks[0]?.nPixel ?? null,
    }
  })()`)
}

/** Waits until the session takes the next order. */
export async function untilIdle(page: Page): Promise<void> {
  await expect.poll(async () => (await factsOf(page)).phase, { timeout: 60_000, interval: 20 }).toBe('idle')
}

/** Waits until the page has drawn itself from the session and the first record is there. */
export async function untilRecord(page: Page): Promise<void> {
  const seen = () => page.evaluate<boolean>('Boolean(window.cleanbeam?.record)')
  await expect.poll(seen, { timeout: 60_000, interval: 20 }).toBe(true)
}

/** Distinct colours in the middle of the picture: a drawn residual has hundreds, an empty canvas one. */
export async function coloursInPicture(page: Page, nx: number, ny: number): Promise<number> {
  const low = await pixelOnScreen(page, 0.3 * nx, 0.4 * ny)
  const high = await pixelOnScreen(page, 0.7 * nx, 0.7 * ny)
  const clip = { x: low.x, y: high.y, width: high.x - low.x, height: low.y - high.y }
  const { data, channels } = decode(await page.screenshot({ clip }))
  const colours = new Set<number>()
  for (let i = 0; i < data.length; i += channels) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
  return colours.size
}
