// The page with images of two sizes in Chromium with software WebGL: start, channel step, colour change, weight.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { startCleanbeam } from '../browser/cleanbeam-process.ts'
import { repositoryRoot } from '../structure/source-graph.ts'
import { medianText } from './median.ts'

const REPEATS = Number(process.env.BENCH_REPEATS ?? 5)
const STEPS = 5
const COMPLETE =
  "window.cleanbeam?.record && window.cleanbeam.session.phase.name === 'idle' && window.cleanbeam.view.complete"
const GRID = { imsize: '256', cell: '0.2marcsec' }
const CUBE = { imsize: '2048', cell: '0.05marcsec', specmode: 'cube', nchan: '2' }

/** Waits in the page itself, so that asking does not compete with what is measured for the processors. */
async function until(page: Page, expression: string): Promise<void> {
  await page.evaluate(`new Promise(resolve => {
    const look = () => (${expression} ? resolve() : setTimeout(look, 4))
    look()
  })`)
}

/** Milliseconds from a change of a setting to the second frame after it: when it is on screen. */
function changeMs(page: Page, key: string, done: string): Promise<number> {
  return page.evaluate<number>(`new Promise(resolve => {
    const began = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true }))
    const look = () => (${done} ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began))) : setTimeout(look, 2))
    look()
  })`)
}

interface Timings {
  readonly starts: number[]
  readonly channelSteps: number[]
  readonly colours: number[]
}

async function measure(browser: Browser, parameters: Readonly<Record<string, string>>): Promise<Timings> {
  const timings: Timings = { starts: [], channelSteps: [], colours: [] }
  const vis = join(repositoryRoot, 'examples', 'm87', 'm87.uvfits')
  const options = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value])
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))
    const began = performance.now()
    const session = await startCleanbeam(['iclean', vis, '--imagename', 'bench', '--niter', '100', ...options], folder)
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(session.url)
    await until(page, COMPLETE)
    timings.starts.push((performance.now() - began) / 1000)
    for (let step = 0; step < STEPS; step++) {
      timings.colours.push((await changeMs(page, 'i', 'true')) / 1000)
      if (parameters.specmode !== 'cube') continue
      const to = (step + 1) % 2
      const arrived = `window.cleanbeam.view.channel === ${to} && window.cleanbeam.view.complete`
      timings.channelSteps.push((await changeMs(page, to === 1 ? '.' : ',', arrived)) / 1000)
    }
    await page.close()
    await session.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return timings
}

function report(name: string, { starts, channelSteps, colours }: Timings): void {
  console.log(`${name}: start → first image ${medianText(starts)}`)
  if (channelSteps.length > 0) console.log(`${name}: channel step        ${medianText(channelSteps)}`)
  console.log(`${name}: colour change       ${medianText(colours)}`)
}

const browser = await launchChromium()
const page = await browser.newPage()
const renderer = await page.evaluate<string>(`(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'no WebGL2'
})()`)
await page.close()
console.log(`Chromium ${browser.version()}, ${renderer}, ${REPEATS} runs`)
report('mfs 256²', await measure(browser, GRID))
report('cube 256² × 2', await measure(browser, { ...GRID, specmode: 'cube', nchan: '2' }))
report('cube 2048² × 2', await measure(browser, CUBE))
await browser.close()
const weight = ['index.html', 'app.js', 'app.css', 'icon.svg']
  .map(name => gzipSync(readFileSync(join(repositoryRoot, 'cleanbeam', 'dist', 'page', name))).length)
  .reduce((sum, bytes) => sum + bytes, 0)
console.log(`page, compressed: ${(weight / 1000).toFixed(0)} kB`)
