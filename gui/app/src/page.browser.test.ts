import { colourOf, colourTable, LINEAR_SCALING, rasteriseRegion } from '@cleanbeam/viewer/drawing'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakePages, startFakePages } from '../testing/fake-page.ts'
import { FAKE_COORDINATES, FAKE_SIZE } from './testing/fake-sky.ts'

type PixelPoint = readonly [x: number, y: number]

const JET: readonly PixelPoint[] = [
  [118, 118],
  [118, 142],
  [205, 186],
  [216, 160],
  [150, 116],
]

/** Where an image pixel is in the window. */
function onScreen(page: Page, [x, y]: PixelPoint): Promise<{ x: number; y: number }> {
  return page.evaluate(([x, y]) => window.cleanbeam!.view.pixelToScreen(x, y)!, [x, y] as const)
}

async function clickPixel(page: Page, pixel: PixelPoint): Promise<void> {
  const { x, y } = await onScreen(page, pixel)
  await page.mouse.click(x, y)
}

async function dragPixels(page: Page, from: PixelPoint, to: PixelPoint): Promise<void> {
  const [a, b] = [await onScreen(page, from), await onScreen(page, to)]
  await page.mouse.move(a.x, a.y)
  await page.mouse.down()
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2)
  await page.mouse.move(b.x, b.y)
  await page.mouse.up()
}

async function drawJet(page: Page): Promise<void> {
  await page.keyboard.press('p')
  for (const pixel of JET) await clickPixel(page, pixel)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => window.fakeSession.maskPixels.includes(1))
}

async function step(page: Page): Promise<void> {
  const cycles = await page.evaluate(() => window.cleanbeam!.record!.nmajordone)
  await page.getByRole('button', { name: 'Step', exact: true }).click()
  await page.waitForFunction(n => window.cleanbeam!.record!.nmajordone > n, cycles)
  await page.waitForFunction(() => window.cleanbeam!.session!.phase.name === 'idle')
}

const maskCount = (page: Page) => page.evaluate(() => window.fakeSession.maskPixels.reduce((sum, v) => sum + v, 0))
const callsOf = (page: Page, method: string) =>
  page.evaluate(name => window.fakeSession.calls.filter(call => call.method === name).map(call => call.params), method)

/** Colour of a point of the window. */
async function colourAt(page: Page, { x, y }: { x: number; y: number }): Promise<number[]> {
  const png = await page.screenshot({ clip: { x: Math.floor(x), y: Math.floor(y), width: 1, height: 1 } })
  return [...decode(png).data.slice(0, 3)]
}

describe('the page', () => {
  let pages: FakePages
  beforeAll(async () => {
    pages = await startFakePages()
  })
  afterAll(async () => {
    await pages?.close()
    expect(pages?.complaints).toEqual([])
  })

  it('maps the sky to the screen and back', async () => {
    const page = await pages.open()
    const [ra, dec] = FAKE_COORDINATES.direction.referenceRad.map(rad => (rad * 180) / Math.PI)
    const result = await page.evaluate(
      ([ra, dec]) => {
        const { view } = window.cleanbeam!
        const screen = view.worldToScreen(ra, dec)!
        return { pixel: view.screenToPixel(screen.x, screen.y)!, world: view.screenToWorld(screen.x, screen.y)! }
      },
      [ra, dec] as const,
    )
    expect(result.pixel.x).toBeCloseTo(FAKE_SIZE / 2, 4)
    expect(result.pixel.y).toBeCloseTo(FAKE_SIZE / 2, 4)
    expect(Math.abs(result.world.raDeg - ra) * 3600e3).toBeLessThan(1e-3)
    expect(Math.abs(result.world.decDeg - dec) * 3600e3).toBeLessThan(1e-3)
    // East is to the left, north is up.
    const [east, north] = [await onScreen(page, [100, 128]), await onScreen(page, [128, 200])]
    const centre = await onScreen(page, [128, 128])
    expect(east.x).toBeLessThan(centre.x)
    expect(north.y).toBeLessThan(centre.y)
    await page.close()
  })

  it('reads position and values under the pointer', async () => {
    const page = await pages.open()
    const { x, y } = await onScreen(page, [128, 128])
    await page.mouse.move(x, y)
    const readout = page.locator('.readout')
    await readout.getByText('12:30:49.42338').waitFor()
    const text = await readout.innerText()
    expect(text).toContain('+12:23:28.0438')
    expect(text).toMatch(/residual 1\.1\d Jy/)
    expect(text).toMatch(/mask out/)
    await page.close()
  })

  it.each([
    ['the GPU', false],
    ['a 2-D canvas', true],
  ])('draws pixels in their colours, on %s', async (_name, withoutWebgl) => {
    const page = await pages.open({ withoutWebgl })
    await page.getByRole('combobox', { name: 'Scaling' }).click()
    await page.getByRole('option', { name: 'linear' }).click()
    await page.getByRole('combobox', { name: 'Clip range' }).click()
    await page.getByRole('option', { name: 'full range' }).click()
    await page.getByRole('combobox', { name: 'Colormap' }).click()
    await page.getByLabel('smooth pixels').uncheck()
    await page.getByRole('option', { name: 'viridis' }).click()
    await page.keyboard.press('3')
    await page.evaluate(() => {
      window.cleanbeam!.view.product = 'psf'
    })
    for (let i = 0; i < 4; i++) await page.keyboard.press('+')
    await page.waitForTimeout(200)
    const samples = await page.evaluate(() => {
      const plane = window.fakeSession.pixels('.psf')
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (const v of plane) [low, high] = [Math.min(low, v), Math.max(high, v)]
      const at = [128, 131, 134, 120].map(x => ({ x, value: plane[x + 256 * 126] }))
      return { low, high, at }
    })
    const colouring = {
      clip: { low: samples.low, high: samples.high },
      scaling: LINEAR_SCALING,
      bias: 0.5,
      contrast: 1,
      table: colourTable('viridis'),
      nan: [0, 0, 0] as const,
    }
    for (const { x, value } of samples.at) {
      const seen = await colourAt(page, await onScreen(page, [x, 126]))
      const expected = colourOf(colouring, value)
      const worst = Math.max(...seen.map((v, c) => Math.abs(v - expected[c])))
      expect(worst, `pixel ${x}: ${seen} for ${expected}`).toBeLessThanOrEqual(4)
    }
    await page.close()
  })

  it('asks the session for nothing when colours, clip or view change', async () => {
    const page = await pages.open()
    await page.waitForTimeout(300)
    const before = await page.evaluate(() => window.fakeSession.calls.length)
    await page.keyboard.press('i')
    await page.getByRole('combobox', { name: 'Clip range' }).click()
    await page.getByRole('option', { name: '95 %', exact: true }).click()
    await page.getByRole('combobox', { name: 'Colormap' }).click()
    await page.getByRole('option', { name: 'cubehelix' }).click()
    const pixelUnder = () => page.evaluate(() => window.cleanbeam!.view.screenToPixel(400, 300)!)
    const under = await pixelUnder()
    await page.mouse.move(400, 300)
    await page.mouse.wheel(0, -300)
    await page.waitForTimeout(200)
    expect(await page.evaluate(() => window.fakeSession.calls.length)).toBe(before)
    const after = await pixelUnder()
    expect(Math.hypot(after.x - under.x, after.y - under.y)).toBeLessThan(1e-6)
    expect(await page.locator('.readout').innerText()).toMatch(/zoom 3\.\d×/)
    await page.close()
  })

  it('sends a polygon drawn by clicks, and the mask has its pixels', async () => {
    const page = await pages.open()
    await drawJet(page)
    const [edit] = (await callsOf(page, 'mask.edit')) as [{ op: string; region: { points: [number, number][] } }]
    expect(edit.op).toBe('add')
    const worst = Math.max(...edit.region.points.flatMap(([x, y], i) => [x - JET[i][0], y - JET[i][1]].map(Math.abs)))
    // The pointer stands on whole CSS pixels, 1.9 to an image pixel.
    expect(worst).toBeLessThan(0.6)
    const drawn = edit.region.points.map(([x, y]) => ({ x, y }))
    const expected = rasteriseRegion({ shape: 'polygon', points: drawn }, FAKE_SIZE, FAKE_SIZE)
    expect(await page.evaluate(() => [...window.fakeSession.maskPixels])).toEqual([...expected])
    await page.close()
  })

  it('adds and erases boxes, undoes and redoes, gives up on Escape', async () => {
    const page = await pages.open()
    await page.keyboard.press('b')
    await dragPixels(page, [60, 60], [99.5, 99.5])
    await expect.poll(() => maskCount(page)).toBeGreaterThan(1500)
    const whole = await maskCount(page)
    await page.getByRole('radio', { name: /erases from the mask/ }).click()
    await dragPixels(page, [50, 50], [79.5, 120])
    await expect.poll(() => maskCount(page)).toBeLessThan(0.6 * whole)
    const left = await maskCount(page)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => maskCount(page)).toBe(whole)
    await page.getByRole('button', { name: 'Redo' }).click()
    await expect.poll(() => maskCount(page)).toBe(left)
    const edits = (await callsOf(page, 'mask.edit')).length
    await page.keyboard.press('p')
    await clickPixel(page, [30, 30])
    await clickPixel(page, [60, 30])
    await clickPixel(page, [60, 60])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    expect((await callsOf(page, 'mask.edit')).length).toBe(edits)
    await page.close()
  })

  it('steps, and plots what the record says', async () => {
    const page = await pages.open()
    await drawJet(page)
    for (let i = 0; i < 3; i++) await step(page)
    const plane = await page.evaluate(() => window.cleanbeam!.record!.chan[0][0])
    expect(plane.iterations).toHaveLength(4)
    expect(plane.peakRes[3]).toBeLessThan(plane.peakRes[0] / 4)
    expect(await page.locator('.curves circle.peak').count()).toBe(4)
    const plot = (await page.locator('.plot').boundingBox())!
    await page.mouse.move(plot.x + plot.width - 45, plot.y + 80)
    const tip = await page.locator('.plot-tip').innerText()
    expect(tip).toContain('Major cycle 3')
    expect(tip.replaceAll('\u2009', '')).toContain(String(plane.iterations[3]))
    expect(tip).toContain(`${(plane.peakRes[3] * 1e3).toPrecision(3)} mJy`)
    await page.close()
  })

  it('runs until the threshold, says so, and restores', async () => {
    const page = await pages.open()
    await drawJet(page)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('status').getByText('threshold reached').waitFor()
    await page.getByRole('button', { name: 'Finish', exact: true }).click()
    await page.getByRole('status').getByText('m87.image is written').waitFor()
    expect(await page.getByRole('tab', { name: 'image' }).isEnabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Step', exact: true }).isDisabled()).toBe(true)
    await page.close()
  })

  it('stops a run after the current major cycle', async () => {
    const page = await pages.open()
    await drawJet(page)
    await page.evaluate(() => {
      window.fakeSession.cycleMs = 400
    })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.waitForFunction(() => window.cleanbeam!.session!.phase.name === 'idle')
    expect(await page.evaluate(() => window.cleanbeam!.record!.nmajordone)).toBe(1)
    await page.close()
  })

  it('asks for a mask in words', async () => {
    const page = await pages.open()
    await page.getByRole('button', { name: 'Step', exact: true }).click()
    await page.getByRole('status').getByText('Draw a mask first: no pixel may be cleaned yet').waitFor()
    await page.close()
  })

  it('checks parameters as they are typed, and sends them before a step', async () => {
    const page = await pages.open()
    await drawJet(page)
    const threshold = page.getByLabel('threshold', { exact: true })
    await threshold.fill('2 GHz')
    await page.getByText('flux needed, e.g. 2mJy').waitFor()
    await page.getByRole('button', { name: 'Step', exact: true }).click()
    await page.waitForTimeout(150)
    expect(await callsOf(page, 'gclean.next')).toEqual([])
    await threshold.fill('25mJy')
    await page.getByLabel('niter', { exact: true }).fill('40')
    await step(page)
    const updates = await callsOf(page, 'gclean.update')
    expect(updates).toEqual([{ parameters: { threshold: '25mJy' } }, { parameters: { niter: 40 } }])
    expect(await page.evaluate(() => window.cleanbeam!.record!.niterdone)).toBeLessThanOrEqual(40)
    await page.close()
  })

  it('keeps what was chosen across a reload', async () => {
    const page = await pages.open()
    await page.getByRole('combobox', { name: 'Colormap' }).click()
    await page.getByRole('option', { name: 'magma' }).click()
    await page.getByRole('button', { name: /Colours of the page/ }).click()
    await page.reload()
    await page.getByRole('combobox', { name: 'Colormap' }).getByText('magma').waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    await page.close()
  })

  it('says what a lost connection means, and tries again when asked to', async () => {
    const page = await pages.open()
    await page.evaluate(() =>
      window.fakeSession.setConnection({ name: 'waiting', retryAtMs: Date.now() + 9000, attempt: 3 }),
    )
    await page.getByRole('alert').getByText('nothing is lost').waitFor()
    await page.getByRole('button', { name: 'try now' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await page.close()
  })

  it('can be driven by a program', async () => {
    const page = await pages.open()
    await drawJet(page)
    const seen = await page.evaluate(async () => {
      const { cleanbeam } = window
      const refused = await cleanbeam!.update({ nitre: 5 })
      await cleanbeam!.step()
      cleanbeam!.view.product = 'model'
      await cleanbeam!.undo()
      return {
        refused,
        niterdone: cleanbeam!.record!.niterdone,
        product: cleanbeam!.view.product,
        plane: [cleanbeam!.view.channel, cleanbeam!.view.stokes],
        masked: cleanbeam!.session!.masks[0].nPixel,
      }
    })
    expect(seen.refused[0]).toBe(-1)
    expect(seen.niterdone).toBeGreaterThan(0)
    expect(seen).toMatchObject({ product: 'model', plane: [0, 'I'], masked: 0 })
    await page.close()
  })

  it.each([
    [1280, 800, 'dark'],
    [1280, 720, 'light'],
    [1920, 1080, 'light'],
  ] as const)('fits into %i × %i (%s)', async (width, height, colorScheme) => {
    const page = await pages.open({ width, height, colorScheme })
    await drawJet(page)
    await step(page)
    const sticking = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, h1, h2, .chip, .legend, .readout, dd, svg')]
        .filter(element => {
          const box = element.getBoundingClientRect()
          return box.width > 0 && (box.right > window.innerWidth + 0.5 || box.left < -0.5)
        })
        .map(element => `${element.tagName} ${element.className} ${element.textContent}`),
    )
    expect(sticking).toEqual([])
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, input')]
        .filter(e => !e.getAttribute('aria-label') && !e.textContent && !(e as HTMLInputElement).labels?.length)
        .map(e => e.outerHTML),
    )
    expect(unnamed).toEqual([])
    await page.close()
  })
})
