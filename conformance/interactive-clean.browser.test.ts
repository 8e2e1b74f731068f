import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumIsMissing, launchChromium } from './browser/chromium.ts'
import { type CleanbeamProcess, startCleanbeam } from './browser/cleanbeam-process.ts'
import { drag, pixelOnScreen } from './browser/drag.ts'
import { coloursInPicture, factsOf, untilIdle, untilRecord } from './browser/page-facts.ts'
import { readFitsImage } from './compare/fits-image.ts'
import { repositoryRoot } from './structure/source-graph.ts'

const screenshots = join(repositoryRoot, 'screenshots')
const N = 512
/** Corners of the mask drawn around core and jet, pixels from 0. */
const MASK = { low: [180, 200], high: [420, 400] } as const

describe.skipIf(chromiumIsMissing())('interactive clean of M87, as a person does it', () => {
  let folder: string
  let session: CleanbeamProcess
  let browser: Browser
  let context: BrowserContext
  let page: Page

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const keep = (name: string) => page.screenshot({ path: join(screenshots, `m87-${name}.png`) })
  const product = (suffix: string) => join(folder, 'cleanbeam-demo', `m87${suffix}.fits`)
  const status = () => page.getByRole('status').first().textContent()

  const step = async () => {
    const before = (await factsOf(page)).nmajordone ?? 0
    await button('Step').click()
    await expect.poll(async () => (await factsOf(page)).nmajordone, { timeout: 60_000, interval: 20 }).toBe(before + 1)
    await untilIdle(page)
  }

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-session-'))
    session = await startCleanbeam(['demo'], folder)
    browser = await launchChromium()
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    page = await context.newPage()
  })

  afterAll(async () => {
    await browser?.close()
    await session?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('shows the dirty image, and the token leaves the address bar', async () => {
    await page.goto(session.url)
    await untilRecord(page)
    await untilIdle(page)
    expect(new URL(page.url()).search).toBe('')
    expect((await factsOf(page)).product).toBe('residual')
    await expect.poll(() => coloursInPicture(page, N, N), { timeout: 20_000 }).toBeGreaterThan(100)
    const dirty = readFitsImage(product('.residual'))
    const peak = dirty.pixels.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    expect((await factsOf(page)).peaks.at(-1)).toBeCloseTo(peak, 5)
    await keep('1-dirty')
  })

  it('reads the sky under the cursor', async () => {
    const centre = await pixelOnScreen(page, N / 2, N / 2)
    await page.mouse.move(centre.x, centre.y)
    const world = await page.evaluate<{ raDeg: number; decDeg: number }>(
      `window.cleanbeam.view.screenToWorld(${centre.x}, ${centre.y})`,
    )
    expect(world.raDeg).toBeCloseTo(187.705930754, 8)
    expect(world.decDeg).toBeCloseTo(12.391123286, 8)
    await expect.poll(() => page.getByText(/12:30:49\.42/).count(), { timeout: 5_000 }).toBeGreaterThan(0)
  })

  it('asks for a mask first when none is drawn', async () => {
    await button('Step').click()
    await expect.poll(status, { timeout: 20_000 }).toMatch(/mask/i)
    await untilIdle(page)
    expect((await factsOf(page)).niterdone).toBe(0)
  })

  it('draws a mask whose bits reach the disk with the next step, and cleans in three steps', async () => {
    await page.getByRole('radio', { name: /^Box/ }).click()
    await drag(page, MASK.low, MASK.high)
    await expect.poll(async () => (await factsOf(page)).maskPixels, { timeout: 10_000 }).toBeGreaterThan(0)
    await keep('2-mask')
    const peaks: number[] = []
    for (let n = 1; n <= 3; n++) {
      await step()
      peaks.push((await factsOf(page)).peaks.at(-1) as number)
    }
    expect(peaks[2]).toBeLessThan(0.1 * 1.35)
    expect([...peaks].sort((a, b) => b - a)).toEqual(peaks)
    const { pixels } = readFitsImage(product('.mask'))
    const inside = (x: number, y: number) => pixels[x + N * y] === 1
    const [[x0, y0], [x1, y1]] = [MASK.low, MASK.high]
    expect([inside(x0 + 2, y0 + 2), inside(x1 - 2, y1 - 2), inside(x0 - 2, y0 - 2), inside(x1 + 2, y1 + 2)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(pixels.reduce((sum, value) => sum + value, 0)).toBe((await factsOf(page)).maskPixels)
    await keep('3-three-steps')
  })

  it('refuses a threshold without a unit it knows and takes a good one', async () => {
    const threshold = page.getByLabel('threshold', { exact: true })
    await threshold.fill('3 parsec')
    await threshold.press('Enter')
    await expect.poll(() => page.getByRole('region', { name: 'Next step' }).textContent()).toMatch(/Jy/)
    await threshold.fill('8mJy')
    await threshold.press('Enter')
    await expect
      .poll(() => page.evaluate<unknown>('window.cleanbeam.session.parameters.threshold'), { timeout: 10_000 })
      .toBe('8mJy')
  })

  it('loses nothing when the page is reloaded in the middle of a major cycle', async () => {
    const before = await factsOf(page)
    await button('Step').click()
    await page.reload()
    await untilRecord(page)
    await expect
      .poll(async () => (await factsOf(page)).nmajordone, { timeout: 60_000 })
      .toBe((before.nmajordone ?? 0) + 1)
    await untilIdle(page)
    const after = await factsOf(page)
    expect(after.peaks.slice(0, before.peaks.length)).toEqual(before.peaks)
    expect(after.maskPixels).toBe(before.maskPixels)
  })

  it('shows the same session in a second tab', async () => {
    const second = await context.newPage()
    await second.goto(new URL('.', page.url()).href)
    await untilRecord(second)
    const [here, there] = [await factsOf(page), await factsOf(second)]
    expect(there.peaks).toEqual(here.peaks)
    await second.close()
  })

  it('runs until the threshold, restores, and the image is there', async () => {
    await button('Run').click()
    await expect.poll(async () => (await factsOf(page)).stopcode, { timeout: 60_000, interval: 50 }).toBeGreaterThan(0)
    await untilIdle(page)
    const facts = await factsOf(page)
    expect([2, 8]).toContain(facts.stopcode)
    await keep('4-threshold-reached')
    await button('Finish').click()
    await expect.poll(() => existsSync(product('.image')), { timeout: 60_000 }).toBe(true)
    await expect.poll(async () => (await factsOf(page)).product, { timeout: 20_000 }).toBe('image')
    const image = readFitsImage(product('.image'))
    const peak = image.pixels.reduce((largest, value) => Math.max(largest, value), 0)
    expect(peak).toBeGreaterThan(1.3)
    expect(peak).toBeLessThan(1.4)
    await expect.poll(() => coloursInPicture(page, N, N), { timeout: 20_000 }).toBeGreaterThan(100)
    await keep('5-restored')
  })
})
