import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { transformSync } from 'esbuild'
import { decode } from 'fast-png'
import type { Browser, BrowserContext, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './browser/chromium.ts'
import { type CleanbeamProcess, startCleanbeam } from './browser/cleanbeam-process.ts'
import { ControlInventory } from './browser/control-inventory.ts'
import { drag, pixelOnScreen } from './browser/drag.ts'
import { factsOf, untilIdle, untilRecord } from './browser/page-facts.ts'
import { readFitsImage } from './compare/fits-image.ts'
import { repositoryRoot } from './structure/source-graph.ts'

const screenshots = join(repositoryRoot, 'screenshots')
const inventoryFile = join(repositoryRoot, 'docs', 'controls.md')
const N = 128

/** Runs Node in a folder. @throws when it does not end well */
function run(cwd: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`expected ${args.join(' ')} to end with 0, got ${status}: ${stderr}`)
}

/** Runs a script for CASA with tasks that only note their calls: names and arguments must be Python's and CASA's. */
function runCasaScript(cwd: string, script: string): void {
  mkdirSync(join(cwd, 'stubs'), { recursive: true })
  const note = 'def __getattr__(name):\n    return lambda *given, **named: print(name, sorted(named))\n'
  for (const module of ['casatasks', 'casatools']) writeFileSync(join(cwd, 'stubs', `${module}.py`), note)
  const image =
    'class image:\n    def open(self, name): print("open", name)\n    def set(self, **named): print("set", sorted(named))\n    def close(self): pass\n'
  writeFileSync(join(cwd, 'stubs', 'casatools.py'), image)
  writeFileSync(join(cwd, 'session.py'), script)
  const env = { ...process.env, PYTHONPATH: join(cwd, 'stubs') }
  const { status, stdout, stderr } = spawnSync('python3', ['session.py'], { cwd, encoding: 'utf8', env })
  if (status !== 0) throw new Error(`expected the script for CASA to run, got ${status}: ${stderr}`)
  const lines = stdout.split('\n')
  expect(lines.filter(line => line.startsWith('tclean')).length).toBeGreaterThan(4)
  expect(lines.filter(line => line.startsWith('set')).length).toBeGreaterThan(3)
}

describe('every control of the page, used as a person does', () => {
  const inventory = new ControlInventory()
  let folder: string
  let session: CleanbeamProcess
  let browser: Browser
  let context: BrowserContext
  let page: Page

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).first()
  const keep = (name: string) => page.screenshot({ path: join(screenshots, `controls-${name}.png`) })
  const maskPixels = async () => (await factsOf(page)).maskPixels
  const setting = (name: string) =>
    page.evaluate<unknown>(`JSON.parse(localStorage.getItem('cleanbeam.display.1') ?? '{}')[${JSON.stringify(name)}]`)
  const mask = () => Float64Array.from(readFitsImage(join(folder, 'cube.mask.fits')).pixels)
  const open = async (name: string) => {
    await button(name).click()
    await inventory.look(page)
  }
  const close = async () => {
    await page.keyboard.press('Escape')
    await page.mouse.click(700, 24)
  }
  const downloaded = async (click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, click()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
  }
  const step = async () => {
    const before = (await factsOf(page)).nmajordone ?? 0
    await button('Step').click()
    await expect.poll(async () => (await factsOf(page)).nmajordone, { timeout: 60_000, interval: 20 }).toBe(before + 1)
    await untilIdle(page)
  }

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-controls-'))
    const vis = join(repositoryRoot, 'examples', 'm87', 'm87.uvfits')
    const grid = [
      '--imsize',
      `${N}`,
      '--cell',
      '0.25marcsec',
      '--specmode',
      'cube',
      '--niter',
      '4000',
      '--cycleniter',
      '60',
    ]
    session = await startCleanbeam(
      ['iclean', vis, '--imagename', 'cube', '--format', 'fits', '--weighting', 'briggs', ...grid],
      folder,
    )
    browser = await launchChromium()
    context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = await context.newPage()
    await inventory.watch(page)
  })

  beforeEach(({ task }) => {
    inventory.test = task.name
  })

  afterAll(async () => {
    await browser?.close()
    await session?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('opens with the dirty image', async () => {
    await page.goto(session.url)
    await untilRecord(page)
    await untilIdle(page)
    await expect.poll(() => page.evaluate('window.cleanbeam.view.complete'), { timeout: 20_000 }).toBe(true)
    await page.mouse.move(640, 24)
  })

  it('goes through channels, one by one, to the ends, and as a movie', async () => {
    const channel = () => page.evaluate<number>('window.cleanbeam.view.channel')
    await inventory.look(page)
    await button('Next channel').click()
    expect(await channel()).toBe(1)
    await inventory.look(page)
    await button('Previous channel').click()
    expect(await channel()).toBe(0)
    await button('Last channel').click()
    expect(await channel()).toBe(1)
    await button('First channel').click()
    expect(await channel()).toBe(0)
    await page.getByLabel('Channel', { exact: true }).fill('1')
    expect(await channel()).toBe(1)
    await page.getByLabel('Channel', { exact: true }).fill('0')
    await page.getByRole('slider', { name: 'Channel slider' }).press('ArrowRight')
    expect(await channel()).toBe(1)
    await page.getByRole('slider', { name: 'Channel slider' }).press('ArrowLeft')
    await button('Movie of the channels').click()
    await expect.poll(channel, { timeout: 5000, interval: 30 }).toBe(1)
    await expect.poll(channel, { timeout: 5000, interval: 30 }).toBe(0)
    await inventory.look(page)
    await button('Stop the movie').click()
    await page.getByLabel('Channel', { exact: true }).fill('0')
  })

  it('draws the mask with every tool, on this channel only', async () => {
    for (const name of [/^Box/, /^Ellipse/, /^Freehand/, /^Brush/]) {
      await page.getByRole('radio', { name }).click()
      const before = await maskPixels()
      await drag(page, [50, 50], [78, 74])
      await expect.poll(maskPixels).not.toBe(name.source === '^Box' ? 0 : -1)
      await page.keyboard.press('Control+z')
      await expect.poll(maskPixels).toBe(before)
    }
    await page.getByRole('radio', { name: /^Polygon/ }).click()
    for (const [x, y] of [
      [50, 50],
      [80, 52],
      [64, 80],
    ] as const) {
      const at = await pixelOnScreen(page, x, y)
      await page.mouse.click(at.x, at.y)
    }
    await page.keyboard.press('Enter')
    await expect.poll(maskPixels).toBeGreaterThan(350)
    await step()
    const bits = mask()
    const count = (channel: number) => bits.subarray(channel * N * N, (channel + 1) * N * N).reduce((a, b) => a + b, 0)
    expect([count(0), count(1)]).toEqual([await maskPixels(), 0])
    expect([bits[64 + N * 60], bits[20 + N * 20]]).toEqual([1, 0])
    await inventory.look(page)
  })

  it('fills with the wand what hangs together around a click', async () => {
    await page.getByRole('radio', { name: /erases from the mask/ }).click()
    await button('Clear the mask').click()
    await expect.poll(maskPixels).toBe(0)
    await page.getByRole('radio', { name: /adds to the mask/ }).click()
    await page.getByRole('radio', { name: /^Wand/ }).click()
    const peak = await page.evaluate<[number, number]>('[64, 64]')
    const at = await pixelOnScreen(page, ...peak)
    await page.mouse.click(at.x, at.y)
    await expect.poll(maskPixels).toBeGreaterThan(0)
    expect(await maskPixels()).toBeLessThan(2000)
    await button('Undo').click()
    await expect.poll(maskPixels).toBe(0)
    await button('Redo').click()
    await expect.poll(maskPixels).toBeGreaterThan(0)
    await button('Clear the mask').click()
    await page.getByRole('radio', { name: /^Move the picture/ }).click()
  })

  it('masks above a level, grows, shrinks, copies to another channel, inverts', async () => {
    await open('Mask')
    await page.getByLabel('Above', { exact: true }).fill('8')
    await page.getByLabel('Wand', { exact: true }).fill('40')
    await button(/^mask above/).click()
    await expect.poll(maskPixels).toBeGreaterThan(0)
    const core = (await maskPixels()) as number
    await page.getByLabel('Border', { exact: true }).fill('2')
    await button('grow').click()
    await expect.poll(maskPixels).toBeGreaterThan(core)
    const grown = (await maskPixels()) as number
    await button('shrink').click()
    await expect.poll(maskPixels).toBeLessThan(grown)
    const closed = (await maskPixels()) as number
    await button('one beam').click()
    expect(await setting('growPixels')).toBeGreaterThan(2)
    await button('copy').click()
    await button('Next channel').click()
    await button('paste').click()
    await expect.poll(maskPixels).toBe(2 * closed)
    await button('Previous channel').click()
    await button('Invert the mask').click()
    await expect.poll(maskPixels).toBe(N * N)
    await button('Undo').click()
    await expect.poll(maskPixels).toBe(2 * closed)
  })

  it('reaches one channel, a range, or all', async () => {
    await page.getByLabel('Edits reach').selectOption('all')
    await button('Clear the mask').click()
    await expect.poll(maskPixels).toBe(0)
    await page.getByLabel('Edits reach').selectOption('range')
    await inventory.look(page)
    await page.getByLabel('from', { exact: true }).fill('1')
    await page.getByLabel('to', { exact: true }).fill('1')
    await page.getByRole('radio', { name: /^Box/ }).click()
    await drag(page, [54, 54], [74, 74])
    await expect.poll(maskPixels).toBeGreaterThan(300)
    const one = (await maskPixels()) as number
    await page.getByLabel('Edits reach').selectOption('all')
    await drag(page, [54, 54], [74, 74])
    await expect.poll(maskPixels).toBe(2 * one)
    await page.getByLabel('Edits reach').selectOption('channel')
    await step()
    const bits = mask()
    expect([bits[64 + N * 64], bits[64 + N * 64 + N * N]]).toEqual([1, 1])
  })

  it('moves, resizes and turns a region before it is applied, and takes it back to change it', async () => {
    await button('Clear the mask').click()
    await page.getByLabel('keep handles').check()
    const empty = (await maskPixels()) as number
    await drag(page, [40, 40], [60, 60])
    await button('apply').waitFor()
    await inventory.look(page)
    expect(await maskPixels()).toBe(empty)
    await keep('handles')
    await drag(page, [50, 50], [70, 70])
    await drag(page, [80, 80], [84, 80])
    await button('apply').click()
    await expect.poll(maskPixels).toBeGreaterThan(empty + 350)
    const drawn = ((await maskPixels()) as number) - empty
    expect(Math.abs(drawn - 21 * 25)).toBeLessThan(30)
    await button('edit last region').click()
    await expect.poll(maskPixels).toBe(empty)
    await button('give up').click()
    await drag(page, [40, 40], [60, 60])
    await page.keyboard.press('Enter')
    await expect.poll(maskPixels).toBeGreaterThan(empty + 350)
    await page.getByLabel('keep handles').uncheck()
  })

  it('saves regions and loads them again, as CRTF and DS9, and the mask as an image', async () => {
    const whole = (await maskPixels()) as number
    const other = whole - (await page.evaluate<number>(`0`))
    for (const [name, ending] of [
      ['save CRTF', 'crtf'],
      ['save DS9', 'reg'],
    ] as const) {
      const { name: file, bytes } = await downloaded(() => button(name).click())
      expect(file.endsWith(ending)).toBe(true)
      const path = join(folder, `again.${ending}`)
      writeFileSync(path, bytes)
      await button('Clear the mask').click()
      await expect.poll(maskPixels).toBeLessThan(other)
      await page.getByLabel('Region file').setInputFiles(path)
      await expect.poll(maskPixels).toBe(whole)
    }
    const chooser = page.waitForEvent('filechooser')
    await button('load regions…').click()
    await (await chooser).setFiles([])
    await page.getByLabel('File', { exact: true }).fill('kept.mask.fits')
    await button('save image').click()
    await page.getByText(/The mask is in/).waitFor()
    expect(readFitsImage(join(folder, 'kept.mask.fits')).pixels.reduce((a, b) => a + b, 0)).toBe(whole)
    await inventory.look(page)
    await button('dismiss').click()
    await page.getByLabel('Edits reach').selectOption('all')
    await button('Clear the mask').click()
    await expect.poll(maskPixels).toBe(0)
    await button('load').click()
    await expect.poll(maskPixels).toBe(whole)
    await page.getByLabel('Edits reach').selectOption('channel')
  })

  it('shows the automatic mask before it counts', async ({ skip }) => {
    await page.getByText('Automatic mask', { exact: true }).click()
    await inventory.look(page)
    await page.getByLabel('sidelobethreshold', { exact: true }).fill('1.5')
    await page.getByLabel('noisethreshold', { exact: true }).fill('4')
    const before = await maskPixels()
    await button('preview the mask').click()
    const refusal = page.getByText(/this engine does not yet/)
    await page
      .getByText(/Preview of the automatic mask/)
      .or(refusal)
      .first()
      .waitFor({ timeout: 20_000 })
    if ((await refusal.count()) > 0) {
      await button('dismiss').click()
      await page.getByText('Automatic mask', { exact: true }).click()
      skip('the engine makes no automatic masks yet')
    }
    await inventory.look(page)
    expect(await maskPixels()).toBe(before)
    await keep('automask')
    await button('hide').click()
    await page.getByText(/Preview of the automatic mask/).waitFor({ state: 'detached' })
    await button('preview the mask').click()
    await page.getByText(/Preview of the automatic mask/).waitFor()
    await button('add it').click()
    await page.getByText(/Preview of the automatic mask/).waitFor({ state: 'detached' })
    await page.getByText('Automatic mask', { exact: true }).click()
  })

  it('runs several cycles, goes back to one and continues from there', async () => {
    await page.getByLabel('Major cycles to run').fill('2')
    const before = (await factsOf(page)).nmajordone as number
    await button(/^Run \d+ cycles/).click()
    await expect.poll(async () => (await factsOf(page)).nmajordone, { timeout: 60_000 }).toBe(before + 2)
    await untilIdle(page)
    const peaks = (await factsOf(page)).peaks
    await inventory.look(page)
    await button('Dirty image, cycle 0').click()
    await button(`Major cycle ${before + 1}`).click()
    await inventory.look(page)
    await button('continue from here').click()
    await expect.poll(async () => (await factsOf(page)).nmajordone, { timeout: 20_000 }).toBe(before + 1)
    await untilIdle(page)
    await step()
    expect((await factsOf(page)).peaks).toEqual(peaks)
    await page.getByText('More', { exact: true }).click()
    await page.getByLabel('Kept states', { exact: true }).waitFor()
    await inventory.look(page)
    await page.getByLabel('Kept states', { exact: true }).fill('900')
    await expect.poll(() => page.evaluate('window.cleanbeam.session.rewind.limitBytes')).toBe(900 * 1024 ** 2)
    await page.getByText('More', { exact: true }).click()
  })

  it('takes new parameters', async () => {
    const inForce = (name: string) => page.evaluate<unknown>(`window.cleanbeam.session.parameters.${name}`)
    const values = {
      niter: 3000,
      cycleniter: 40,
      nmajor: 12,
      threshold: '1mJy',
      nsigma: 2,
      gain: 0.12,
      cyclefactor: 1.2,
    }
    for (const [name, value] of Object.entries(values)) {
      await page.getByLabel(name, { exact: true }).fill(String(value))
      await page.getByLabel(name, { exact: true }).press('Enter')
      await expect.poll(() => inForce(name), { timeout: 10_000 }).toBe(value)
    }
    await page.getByText('Automatic mask', { exact: true }).click()
    const automask = {
      lownoisethreshold: 1.6,
      negativethreshold: 0.5,
      smoothfactor: 1.1,
      minbeamfrac: 0.2,
      cutthreshold: 0.02,
      growiterations: 50,
      minpercentchange: 1,
    }
    for (const [name, value] of Object.entries(automask)) {
      await page.getByLabel(name, { exact: true }).fill(String(value))
      await page.getByLabel(name, { exact: true }).press('Enter')
      await expect.poll(() => inForce(name), { timeout: 10_000 }).toBe(value)
    }
    for (const name of ['dogrowprune', 'fastnoise']) {
      await page.getByLabel(name, { exact: true }).click()
      await expect.poll(() => inForce(name), { timeout: 10_000 }).toBe(false)
    }
    await page.getByText('Automatic mask', { exact: true }).click()
    await page.getByText('More', { exact: true }).click()
    await page.getByLabel('cyclethreshold', { exact: true }).fill('5mJy')
    await page.getByLabel('cyclethreshold', { exact: true }).press('Enter')
    await page.getByText('More', { exact: true }).click()
  })

  it('plots convergence against anything, of all planes, as an image', async () => {
    await open('Plot options')
    await page.getByLabel('Against').selectOption('cycle')
    await page.getByLabel('Against').selectOption('time')
    await page.getByLabel('Logarithmic residual').uncheck()
    await page.getByLabel('Logarithmic axis').check()
    await page.getByLabel('Show', { exact: true }).selectOption('all')
    expect(await page.locator('.other-planes polyline').count()).toBe(2)
    await page.getByLabel('Show', { exact: true }).selectOption('image')
    const canvas = page.getByRole('img', { name: /Peak residual by channel/ })
    const box = (await canvas.boundingBox())!
    await page.mouse.click(box.x + 4, box.y + 4)
    expect(await page.evaluate('window.cleanbeam.view.channel')).toBe(1)
    await button('First channel').click()
    await button('Plot options').click()
    await page.getByLabel('Show', { exact: true }).selectOption('plane')
    await page.getByLabel('Logarithmic residual').check()
    await page.getByLabel('Logarithmic axis').uncheck()
    await page.getByLabel('Against').selectOption('iterations')
    await close()
  })

  it('writes axes in other frames, draws contours, compares, magnifies', async () => {
    const readout = () => page.locator('.readout').innerText()
    const centre = await pixelOnScreen(page, N / 2, N / 2)
    await open('View options')
    await page.getByLabel('Frame', { exact: true }).selectOption('GALACTIC')
    await page.getByLabel('Angles', { exact: true }).selectOption('degrees')
    await page.mouse.move(centre.x, centre.y)
    await expect.poll(readout).toMatch(/283\.778/)
    await page.getByLabel('Angles', { exact: true }).selectOption('offset')
    await page.getByLabel('Frame', { exact: true }).selectOption('native')
    await page.getByLabel('Angles', { exact: true }).selectOption('sexagesimal')
    await page.getByLabel('Coordinate grid').check()
    await page.getByLabel('North and east').check()
    await page.getByLabel('Contours of').selectOption('.residual')
    await page.getByLabel('Levels, σ').fill('-3 3 6')
    await page.getByLabel('With', { exact: true }).selectOption('.model')
    await page.getByLabel('Compare', { exact: true }).selectOption('side')
    await page.locator('.picture-side.compared canvas').first().waitFor()
    await page.getByLabel('Pictures per second').fill('10')
    await page.getByLabel('Compare', { exact: true }).selectOption('blink')
    await page.getByLabel('Compare', { exact: true }).selectOption('off')
    await page.getByLabel('Magnifier').check()
    await page.getByLabel('Brightest pixel when reduced').check()
    await page.getByLabel('Brightest pixel when reduced').uncheck()
    await close()
    await page.mouse.move(centre.x, centre.y)
    await page.getByLabel('Magnifier').waitFor()
    await keep('view')
    const { name, bytes } = await downloaded(async () => {
      await open('Save the picture')
      await button(/^SVG/).click()
    })
    expect(name.endsWith('.svg')).toBe(true)
    const svg = bytes.toString()
    expect(svg).toContain('<image ')
    expect(svg.match(/<text/g)!.length).toBeGreaterThan(8)
    await close()
    const png = await downloaded(async () => {
      await open('Save the picture')
      await button(/^PNG/).click()
    })
    expect(decode(png.bytes).width).toBeGreaterThan(600)
    await close()
  })

  it('scales, clips and colours without asking the server', async () => {
    const requests: string[] = []
    page.on('request', request => requests.push(request.url()))
    const choose = async (menu: string, option: string | RegExp) => {
      await page.getByRole('combobox', { name: menu, exact: true }).click()
      await inventory.look(page)
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    for (const name of ['asinh', 'sqrt', 'squared', 'equalised', 'linear', 'log', 'gamma', 'power'])
      await choose('Scaling', name)
    for (const scaling of ['log', 'gamma']) {
      await choose('Scaling', scaling)
      await page.getByRole('combobox', { name: 'Scaling', exact: true }).click()
      await inventory.look(page)
      await page.getByRole('slider', { name: scaling === 'log' ? 'alpha' : 'gamma' }).press('ArrowRight')
      await page.keyboard.press('Escape')
    }
    await choose('Scaling', 'linear')
    for (const name of ['full range', '99.95 %', '99.9 %', '99.5 %', '99 %', '98 %', '95 %', '90 %', 'zscale'])
      await choose('Clip range', name)
    await page.getByRole('combobox', { name: 'Clip range', exact: true }).click()
    await inventory.look(page)
    await page.getByLabel('same for all channels').check()
    await page.getByLabel('same for all channels').uncheck()
    await page.keyboard.press('Escape')
    for (const name of [
      'viridis',
      'magma',
      'plasma',
      'cividis',
      'cubehelix',
      'gray',
      'heat',
      'rainbow',
      'coolwarm',
      'inferno',
    ])
      await choose('Colormap', name)
    await page.getByRole('combobox', { name: 'Colormap', exact: true }).click()
    await page.getByLabel('inverted').check()
    await page.getByLabel('inverted').uncheck()
    await page.getByLabel('smooth pixels').uncheck()
    await page.getByLabel('smooth pixels').check()
    await page.getByLabel('bias').press('ArrowRight')
    await page.getByLabel('contrast').press('ArrowRight')
    await inventory.look(page)
    await button('reset').click()
    await page.keyboard.press('Escape')
    for (const name of ['mask shaded', 'mask hidden', 'mask outline']) await choose('Mask display', name)
    const centre = await pixelOnScreen(page, N / 2, N / 2)
    await page.mouse.move(centre.x, centre.y)
    await page.mouse.down({ button: 'right' })
    await page.mouse.move(centre.x + 60, centre.y - 40)
    await page.mouse.up({ button: 'right' })
    const displays = (await setting('products')) as Record<string, { bias: number; contrast: number }>
    expect(displays['.residual'].bias).toBeGreaterThan(0.52)
    expect(displays['.residual'].contrast).toBeGreaterThan(1.1)
    for (const name of ['Zoom in (+)', 'Zoom out (−)', 'Whole image (0)']) await button(name).click()
    expect(requests).toEqual([])
  })

  it('shows products, log, spectrum, profiles and histogram', async () => {
    for (const name of ['psf', 'model', 'pb', 'mask', 'residual']) {
      await page.getByRole('tab', { name, exact: true }).click()
      await expect.poll(() => page.evaluate('window.cleanbeam.view.product')).toBe(name)
    }
    await button('restore image').click()
    await expect
      .poll(() => page.getByRole('tab', { name: 'image', exact: true }).isEnabled(), { timeout: 20_000 })
      .toBe(true)
    await untilIdle(page)
    await page.getByRole('tab', { name: 'image', exact: true }).click()
    await page.getByRole('tab', { name: 'residual', exact: true }).click()
    await page.getByRole('tab', { name: 'Spectrum' }).click()
    await inventory.look(page)
    await page.getByRole('radio', { name: /^Move the picture/ }).click()
    const at = await pixelOnScreen(page, 64, 64)
    await page.mouse.click(at.x, at.y)
    await page.getByRole('img', { name: /Spectrum, pixel 64, 64/ }).waitFor()
    await page.getByLabel('Axis', { exact: true }).selectOption('frequency')
    await page.getByText(/frequency, GHz/).waitFor()
    await page.getByLabel('Spectrum', { exact: true }).selectOption('mask')
    await inventory.look(page)
    await page.getByLabel('Value', { exact: true }).selectOption('maximum')
    await page.getByRole('img', { name: /Spectrum, mask, maximum/ }).waitFor()
    const plot = (await page.getByRole('img', { name: /^Spectrum/ }).boundingBox())!
    await page.mouse.click(plot.x + plot.width - 30, plot.y + 30)
    expect(await page.evaluate('window.cleanbeam.view.channel')).toBe(1)
    await button('First channel').click()
    await page.getByRole('tab', { name: 'Profiles' }).click()
    await expect.poll(() => page.getByRole('img', { name: /^Profile along/ }).count()).toBe(2)
    await keep('profiles')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Histogram' }).click()
    await page.getByRole('slider', { name: 'Upper clip' }).waitFor()
    await inventory.look(page)
    await page.getByRole('slider', { name: 'Lower clip' }).press('ArrowRight')
    await page.getByRole('slider', { name: 'Upper clip' }).press('ArrowLeft')
    expect(((await setting('products')) as Record<string, { clip: { kind: string } }>)['.residual'].clip.kind).toBe(
      'manual',
    )
    await page.getByRole('tab', { name: 'Log' }).click()
  })

  it('shows statistics of the image, the mask and what is off it', async () => {
    for (const name of ['whole image', 'off mask', 'mask']) {
      await page.getByRole('combobox', { name: 'Statistics of' }).click()
      await inventory.look(page)
      await page.getByRole('option', { name, exact: true }).click()
    }
    const pixels = await page.locator('.statistics div', { hasText: 'pixels' }).locator('dd').innerText()
    const plane = mask()
      .subarray(0, N * N)
      .reduce((a, b) => a + b, 0)
    expect(pixels.replaceAll('\u2009', '')).toBe(String(plane))
  })

  it('copies the session as programs', async () => {
    await page.getByRole('tab', { name: 'Log' }).click()
    await inventory.look(page)
    const copied = async (name: string) => {
      await button(`Copy as ${name}`).click()
      return page.evaluate<string>('navigator.clipboard.readText()')
    }
    const casa = await copied('CASA')
    expect(casa).toContain('from casatasks import deconvolve, tclean')
    expect(casa).toMatch(/edit_mask\('cube\.mask', 'add', 'poly\[/)
    const params = JSON.parse(await copied('params')) as { mask: string; specmode: string; niter: number }
    expect(params).toMatchObject({ specmode: 'cube', imsize: N })
    expect(params.mask).toContain('cube.mask')
    const program = await copied('TypeScript')
    expect(program).toContain("import { gclean } from 'cleanbeam'")
    runCasaScript(folder, casa)
    const again = () => readFitsImage(join(folder, 'cube-again.image.fits')).pixels
    writeFileSync(join(folder, 'params.json'), JSON.stringify(params))
    run(folder, [
      join(repositoryRoot, 'cleanbeam/bin/cleanbeam.js'),
      'tclean',
      '--params',
      'params.json',
      '--format',
      'fits',
    ])
    const fromParams = again()
    expect(fromParams.length).toBe(2 * N * N)
    for (const name of readdirSync(folder))
      if (name.startsWith('cube-again')) rmSync(join(folder, name), { recursive: true })
    const home = JSON.stringify(pathToFileURL(join(repositoryRoot, 'cleanbeam/dist/index.js')).href)
    const { code } = transformSync(program.replace("'cleanbeam'", home), {
      loader: 'ts',
      target: 'node20',
      format: 'esm',
    })
    writeFileSync(join(folder, 'session.mjs'), code)
    run(folder, ['session.mjs'])
    expect(again().length).toBe(2 * N * N)
  })

  it('is arranged as one likes: panels, colours, sizes', async () => {
    await button('Lower panel').click()
    expect(await page.locator('.bottom-panel').count()).toBe(0)
    await button('Lower panel').click()
    await button('Side column').click()
    expect(await page.locator('.side').count()).toBe(0)
    await button('Side column').click()
    const width = (await page.locator('.side').boundingBox())!.width
    await page.getByRole('separator', { name: 'Width of the side column' }).focus()
    await page.keyboard.press('ArrowLeft')
    expect(Math.abs((await page.locator('.side').boundingBox())!.width - width - 16)).toBeLessThan(1)
    await page.getByRole('separator', { name: 'Height of the lower panel' }).focus()
    await page.keyboard.press('ArrowUp')
    const themes: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      await inventory.look(page)
      await button(/^Colours of the page/).click()
      themes.push(await page.evaluate<string>('document.documentElement.dataset.theme'))
      await keep(`theme-${themes[i]}-${i}`)
    }
    expect(themes.slice(0, 3)).toEqual(['light', 'dark', 'contrast'])
    await button('All commands').click()
    await page.getByRole('combobox', { name: 'Command' }).fill('magnifier')
    await page.keyboard.press('Enter')
    expect(await setting('magnifier')).toBe(false)
    await button('Keyboard shortcuts').click()
    await inventory.look(page)
    await button('close').click()
  })

  it('has no serious fault of accessibility, in any colours', async () => {
    for (const theme of ['dark', 'light', 'contrast']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      // Strings are not evaluated in this page: the checker comes through the browser's own way in.
      const faults = await page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(`(async () => {
        ${axe.source}
        const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
        return violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
      })()`)
      expect(faults.map(f => `${theme} ${f.id}: ${f.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`)).toEqual([])
    }
  })

  it('stops after a cycle and now, and finishes', async () => {
    await page.getByLabel('cycleniter', { exact: true }).fill('5')
    await page.getByLabel('threshold', { exact: true }).fill('0.001mJy')
    await page.getByLabel('nsigma', { exact: true }).fill('0')
    await page.getByLabel('niter', { exact: true }).fill('100000')
    await page.getByLabel('nmajor', { exact: true }).fill('-1')
    await page.getByLabel('nmajor', { exact: true }).press('Enter')
    await expect.poll(() => page.evaluate('window.cleanbeam.session.parameters.niter')).toBe(100000)
    await button('Run').click()
    await button('Stop').click()
    await untilIdle(page)
    const second = await context.newPage()
    await second.goto(new URL('.', page.url()).href)
    await untilRecord(second)
    await inventory.look(page)
    await button('Finish').click()
    await expect.poll(() => readdirSync(folder).includes('cube.image.fits'), { timeout: 20_000 }).toBe(true)
    // A tab that did not press Finish gets the image, too.
    await second.getByRole('tab', { name: 'image', exact: true }).click({ timeout: 5_000 })
    await expect.poll(() => second.evaluate('window.cleanbeam.view.complete'), { timeout: 5_000 }).toBe(true)
    await second.close()
  })

  it('has no control that no test uses (docs/controls.md; UPDATE_GOLDEN=1 writes it)', () => {
    const text = `# Controls of the page\n\nEvery control of the page with the tests that use it in Chromium, generated by \`conformance/page-controls.browser.test.ts\`.\n\n${inventory.markdown()}`
    expect(inventory.rows.filter(({ tests }) => tests.length === 0).map(({ control }) => control)).toEqual([])
    if (process.env.UPDATE_GOLDEN) writeFileSync(inventoryFile, text)
    // Whether a button can be used at the moment of looking depends on how quick the engine is: no row may be missing.
    const written = readFileSync(inventoryFile, 'utf8')
    expect(inventory.rows.map(({ control }) => control).filter(control => !written.includes(control))).toEqual([])
  })
})
