// The M87 example in Chromium: from the start of the command to the picture, and a click on Step to updated plot and picture.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { startCleanbeam } from '../browser/cleanbeam-process.ts'
import { drag } from '../browser/drag.ts'
import { medianText } from './median.ts'

const REPEATS = 5
const STEPS = 5

/** Waits in the page itself, so that asking does not compete with what is measured for the processors. */
async function until(page: Page, expression: string): Promise<void> {
  const poll = `new Promise(resolve => {
    const look = () => (${expression} ? resolve() : setTimeout(look, 5))
    look()
  })`
  await page.evaluate(poll)
}

const starts: number[] = []
const steps: number[] = []
const browser = await launchChromium()
console.log(`Chromium ${browser.version()}`)
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))
  const started = performance.now()
  const session = await startCleanbeam(['demo'], folder)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(session.url)
  await until(
    page,
    "window.cleanbeam?.record && window.cleanbeam.session.phase.name === 'idle' && window.cleanbeam.view.complete",
  )
  starts.push((performance.now() - started) / 1000)
  await page.getByRole('radio', { name: /^Box/ }).click()
  await drag(page, [180, 200], [500, 400])
  await until(page, 'window.cleanbeam.session.masks[0].nPixel > 0')
  for (let step = 0; step < STEPS; step++) {
    const before = await page.evaluate<number>('window.cleanbeam.record.nmajordone')
    const clicked = performance.now()
    await page.getByRole('button', { name: 'Step', exact: true }).click()
    await until(
      page,
      `window.cleanbeam.record.nmajordone > ${before} && window.cleanbeam.session.phase.name === 'idle' && window.cleanbeam.view.complete`,
    )
    steps.push((performance.now() - clicked) / 1000)
  }
  await page.close()
  await session.stop()
  rmSync(folder, { recursive: true, force: true })
}
await browser.close()
console.log(`start → dirty image in the page  ${medianText(starts)}`)
console.log(`click on Step → plot and picture ${medianText(steps)}`)
