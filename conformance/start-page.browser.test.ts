import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './browser/chromium.ts'
import { type CleanbeamProcess, startCleanbeam } from './browser/cleanbeam-process.ts'
import { factsOf, untilIdle, untilRecord } from './browser/page-facts.ts'
import { repositoryRoot } from './structure/source-graph.ts'

const screenshots = join(repositoryRoot, 'screenshots')

describe('the start page', () => {
  let folder: string
  let server: CleanbeamProcess
  let browser: Browser
  let page: Page

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const field = (name: string) => page.getByLabel(name, { exact: true })

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-start-'))
    mkdirSync(join(folder, 'night1'))
    copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'night1', 'm87.uvfits'))
    writeFileSync(join(folder, 'notes.txt'), 'not data')
    server = await startCleanbeam(['start'], folder)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(server.url)
  })

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('goes into folders and back, and offers data only', async () => {
    await button(/notes\.txt/).waitFor()
    expect(await button(/notes\.txt/).isDisabled()).toBe(true)
    await button(/night1/).click()
    await button(/m87\.uvfits/).waitFor()
    await button(/^folder$/).click()
    await button(/notes\.txt/).waitFor()
    await button(/night1/).click()
  })

  it('lists an observation and proposes a grid for it', async () => {
    await button(/m87\.uvfits/).click()
    await page.getByText(/6300 rows/).waitFor()
    await page.getByText(/885 µas/).waitFor()
    expect(await field('vis').inputValue()).toBe('night1/m87.uvfits')
    expect(await field('imagename').inputValue()).toBe('night1/m87')
    expect([await field('imsize').inputValue(), await field('cell').inputValue()]).toEqual(['512', '0.15marcsec'])
    await page.getByText(/about .* of memory, .* to the first image/).waitFor({ timeout: 10_000 })
    await page.screenshot({ path: join(screenshots, 'start.png') })
  })

  it('checks what is typed, and says what the engine refuses', async () => {
    await field('imsize').fill('many')
    await page.getByText('a whole number is needed').waitFor()
    expect(await button('Begin').isDisabled()).toBe(true)
    await field('imsize').fill('128')
    await field('cell').fill('0.4parsec')
    await button('Begin').click()
    await expect.poll(() => page.getByRole('alert').first().innerText()).toMatch(/cell/)
    await field('cell').fill('0.4marcsec')
    await field('imagename').fill('../outside')
    await button('Begin').click()
    await expect.poll(() => page.getByRole('alert').first().innerText()).toMatch(/below/)
    await field('imagename').fill('night1/m87')
  })

  it('has no serious fault of accessibility', async () => {
    const faults = await page.evaluate<string[]>(`(async () => {
      ${axe.source}
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
      return violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => v.id + ' ' + v.nodes[0].html)
    })()`)
    expect(faults).toEqual([])
  })

  it('begins the session, and the same address shows it from then on', async () => {
    await button('Begin').click()
    await untilRecord(page)
    await untilIdle(page)
    expect((await factsOf(page)).product).toBe('residual')
    expect(existsSync(join(folder, 'night1', 'm87.residual.fits'))).toBe(true)
    const refused = await page.evaluate<number>("fetch('api/start').then(answer => answer.status)")
    expect(refused).toBe(409)
  })

  it('offers the session again when the server is started again', async () => {
    await server.stop()
    server = await startCleanbeam(['start'], folder)
    await page.goto(server.url)
    await page.getByText('night1/m87', { exact: true }).waitFor()
    await button('use parameters').click()
    expect(await field('imsize').inputValue()).toBe('128')
    await button('continue').click()
    await untilRecord(page)
    expect(readdirSync(folder)).toContain('night1')
  })

  it('weighs less than a megabyte, compressed, as does the page of a session', () => {
    const home = join(repositoryRoot, 'cleanbeam', 'dist', 'page')
    const weigh = (names: readonly string[]) =>
      names.map(name => gzipSync(readFileSync(join(home, name))).length).reduce((sum, bytes) => sum + bytes, 0)
    expect(weigh(['index.html', 'app.js', 'app.css', 'icon.svg'])).toBeLessThan(400_000)
    expect(weigh(['start.html', 'start.js', 'start.css', 'icon.svg'])).toBeLessThan(150_000)
  })
})
