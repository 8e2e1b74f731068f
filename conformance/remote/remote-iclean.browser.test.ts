import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumIsMissing, launchChromium } from '../browser/chromium.ts'
import { drag } from '../browser/drag.ts'
import { coloursInPicture, factsOf, untilIdle, untilRecord } from '../browser/page-facts.ts'
import { readFitsImage } from '../compare/fits-image.ts'
import { repositoryRoot } from '../structure/source-graph.ts'
import { type FarSession, runFar, sshOf, startFar } from './far-command.ts'
import { HOST, sshdIsMissing, startTestHost, type TestHost } from './sshd.ts'

const N = 256
const PARAMETERS = [
  '--format',
  'fits',
  '--imsize',
  String(N),
  '--cell',
  '0.2marcsec',
  '--niter',
  '600',
  '--cycleniter',
  '60',
]
const screenshots = join(repositoryRoot, 'screenshots')

describe.skipIf(chromiumIsMissing() || sshdIsMissing())('interactive clean of data on another host', () => {
  let host: TestHost
  let session: FarSession
  let browser: Browser
  let page: Page

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const product = (suffix: string) => join(host.home, 'my data', `m87${suffix}.fits`)
  const step = async () => {
    const before = (await factsOf(page)).nmajordone ?? 0
    await button('Step').click()
    await expect.poll(async () => (await factsOf(page)).nmajordone, { timeout: 60_000, interval: 20 }).toBe(before + 1)
    await untilIdle(page)
  }

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    host = await startTestHost()
    mkdirSync(join(host.home, 'my data'))
    copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(host.home, 'my data', 'm87.uvfits'))
    browser = await launchChromium()
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  })

  afterAll(async () => {
    session?.signal('SIGKILL')
    if (host) runFar(host, ['remote', 'stop', HOST, '--all'])
    await browser?.close()
    host?.stop()
  })

  it('says first what the host lacks, and what to do about it', () => {
    const { status, stderr } = runFar(host, ['iclean', `${HOST}:m87.uvfits`, '--imagename', 'm87', ...PARAMETERS])
    expect(status).toBe(1)
    expect(stderr).toMatch(`expected Cleanbeam`)
    expect(stderr).toMatch(`run cleanbeam remote install ${HOST}`)
    expect(runFar(host, ['remote', 'install', HOST]).stdout).toMatch('installed: Cleanbeam')
    expect(runFar(host, ['remote', 'install', HOST]).stdout).toMatch('already there')
    expect(runFar(host, ['remote', 'check', HOST, '--json']).status).toBe(0)
  })

  it('refuses wrong parameters before anything is made there', () => {
    const wrong = [`${HOST}:my data/none.ms`, '--imagename', 'm87', ...PARAMETERS]
    const { status, stderr } = runFar(host, ['iclean', ...wrong])
    expect(status).toBe(2)
    expect(stderr).toMatch('none.ms')
    expect(JSON.parse(runFar(host, ['remote', 'list', HOST, '--json']).stdout)).toEqual([])
    expect(readdirSync(join(host.home, 'my data'))).toEqual(['m87.uvfits'])
  })

  it('shows the dirty image', async () => {
    const vis = `${HOST}:my data/m87.uvfits`
    session = await startFar(host, ['iclean', vis, '--imagename', `${HOST}:my data/m87`, ...PARAMETERS])
    await page.goto(session.url)
    await untilRecord(page)
    await untilIdle(page)
    await expect.poll(() => coloursInPicture(page, N, N), { timeout: 20_000 }).toBeGreaterThan(100)
    expect(existsSync(product('.residual'))).toBe(true)
  })

  it('takes a mask and three steps', async () => {
    await page.getByRole('radio', { name: /^Box/ }).click()
    await drag(page, [90, 100], [210, 200])
    await expect.poll(async () => (await factsOf(page)).maskPixels, { timeout: 10_000 }).toBeGreaterThan(0)
    for (let n = 1; n <= 3; n++) await step()
    expect((await factsOf(page)).niterdone).toBeGreaterThan(60)
    await page.screenshot({ path: join(screenshots, 'remote-three-steps.png') })
  })

  it('is the same after a reload', async () => {
    const before = await factsOf(page)
    await page.reload()
    await untilRecord(page)
    await untilIdle(page)
    expect(await factsOf(page)).toEqual(before)
  })

  it('goes on within 3 s when ssh is killed in the middle of a major cycle, and says so meanwhile', async () => {
    const before = await factsOf(page)
    const [ssh] = sshOf(session)
    await page.evaluate(`window.sawAlert = false; new MutationObserver(() => {
      if ([...document.querySelectorAll('[role=alert]')].some(e => /connection is lost/.test(e.textContent))) window.sawAlert = true
    }).observe(document.body, { childList: true, subtree: true })`)
    await button('Step').click()
    process.kill(ssh, 'SIGKILL')
    const startMs = performance.now()
    const open = () => page.evaluate(`window.sawAlert && !document.querySelector('.banner.warning')`)
    await expect.poll(open, { timeout: 10_000, interval: 10 }).toBe(true)
    const backMs = performance.now() - startMs
    console.log(`connected again after ${backMs.toFixed(0)} ms`)
    expect(backMs).toBeLessThan(3000)
    await expect.poll(async () => (await factsOf(page)).nmajordone).toBe((before.nmajordone ?? 0) + 1)
    await untilIdle(page)
    const after = await factsOf(page)
    expect(after.peaks.slice(0, before.peaks.length)).toEqual(before.peaks)
    expect(session.stderr()).toMatch(`connection to ${HOST} lost; connecting again (the session goes on there)`)
  })

  it('outlives the near side, is listed and attached to', async () => {
    const before = await factsOf(page)
    session.signal('SIGINT')
    expect(await session.ended).toBe(130)
    expect(session.stderr()).toMatch(`cleanbeam remote attach ${HOST} ${session.id}`)
    const [listed] = JSON.parse(runFar(host, ['remote', 'list', HOST, '--json']).stdout)
    expect(listed).toMatchObject({ id: session.id, alive: true, imagename: 'my data/m87', engine: 'native' })
    session = await startFar(host, ['remote', 'attach', HOST])
    await page.goto(session.url)
    await untilRecord(page)
    await untilIdle(page)
    expect(await factsOf(page)).toEqual(before)
  })

  it('restores at the end, and leaves nothing running there', async () => {
    await button('Finish').click()
    expect(await session.ended).toBe(0)
    expect(existsSync(product('.image'))).toBe(true)
    expect(JSON.parse(runFar(host, ['remote', 'list', HOST, '--json']).stdout)).toEqual([])
    expect(readdirSync(host.runtimeDir)).toEqual([])
  })

  it('has made the pixels of a local run', () => {
    const local = (suffix: string) => join(host.folder, `local${suffix}.fits`)
    writeFileSync(join(host.folder, 'steps.json'), JSON.stringify([...Array(5).fill(['next']), ['restore']]))
    const params = {
      vis: join(repositoryRoot, 'examples/m87/m87.uvfits'),
      imagename: join(host.folder, 'local'),
      imsize: N,
      cell: '0.2marcsec',
      niter: 600,
      cycleniter: 60,
      mask: product('.mask'),
    }
    writeFileSync(join(host.folder, 'params.json'), JSON.stringify(params))
    const { status } = runFar(host, [
      'gclean',
      '--params',
      'params.json',
      '--steps',
      'steps.json',
      '--return',
      'r.json',
      '--format',
      'fits',
    ])
    expect(status).toBe(0)
    for (const suffix of ['.image', '.residual', '.model', '.psf']) {
      const [here, there] = [readFitsImage(local(suffix)).pixels, readFitsImage(product(suffix)).pixels]
      expect(here.length).toBe(N * N)
      expect(here, suffix).toEqual(there)
    }
  })
})
