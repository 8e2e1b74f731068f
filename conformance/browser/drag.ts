import type { Page } from 'playwright-core'

/** Where a pixel of the image stands in the window, CSS pixels. */
export function pixelOnScreen(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  return page.evaluate<{ x: number; y: number }>(`window.cleanbeam.view.pixelToScreen(${x}, ${y})`)
}

/** Drags the mouse from one image pixel to another. */
export async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [a, b] = [await pixelOnScreen(page, ...from), await pixelOnScreen(page, ...to)]
  await page.mouse.move(a.x, a.y)
  await page.mouse.down()
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2)
  await page.mouse.move(b.x, b.y)
  await page.mouse.up()
}
