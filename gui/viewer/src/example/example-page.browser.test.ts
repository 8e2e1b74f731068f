import { join } from 'node:path'
import { build } from 'esbuild'
import { decode } from 'fast-png'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  })
})
afterAll(() => browser?.close())

it('the viewer works in a page of its own', async () => {
  const entryPoints = [join(import.meta.dirname, 'example-page.ts')]
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false })
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } })
  await page.setContent('<div id="picture" style="position: absolute; inset: 0 0 60px"></div>')
  await page.addScriptTag({ content: outputFiles[0].text, type: 'module' })
  // 76 + 650/2 and 12 + 498/2 are the middle of the frame; a pixel of the image is 498/256 CSS pixels.
  const at = (x: number, y: number) => ({ x: 401 + (x - 127.5) * (498 / 256), y: 261 - (y - 127.5) * (498 / 256) })
  await page.mouse.move(at(90, 130).x, at(90, 130).y)
  await page.mouse.down()
  await page.mouse.move(at(110, 150).x, at(110, 150).y, { steps: 3 })
  await page.mouse.up()
  const text = (await page.locator('output').textContent()) ?? ''
  const { corners } = JSON.parse(text) as { corners: { x: number; y: number }[] }
  const worst = Math.max(...corners.flatMap(({ x, y }, i) => [x - [90, 110][i], y - [130, 150][i]].map(Math.abs)))
  expect(worst).toBeLessThan(0.6)
  const seen = (x: number, y: number) => page.screenshot({ clip: { ...at(x, y), width: 1, height: 1 } })
  const [source, noise] = [decode(await seen(100, 140)).data, decode(await seen(40, 40)).data]
  expect(source[1] - noise[1]).toBeGreaterThan(60)
})
