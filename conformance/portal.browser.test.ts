// JupyterHub with Cleanbeam as a user's server, as examples/portal has it.

import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumIsMissing, launchChromium } from './browser/chromium.ts'
import { repositoryRoot } from './structure/source-graph.ts'

const BUILD = join(repositoryRoot, 'build')
const HUB = process.env.JUPYTERHUB ?? join(BUILD, 'jupyter/bin/jupyterhub')
const PROXY = process.env.CONFIGURABLE_HTTP_PROXY ?? join(BUILD, 'proxy/node_modules/.bin/configurable-http-proxy')
const missing = [HUB, PROXY].filter(path => !existsSync(path))
if (missing.length > 0 && process.env.REQUIRE_TOOLS) {
  throw new Error(`expected ${missing.join(' and ')}: run scripts/jupyter-for-tests.sh`)
}

const PASSWORD = 'for the test only'
const READY_MS = 60_000

describe.skipIf(missing.length > 0 || chromiumIsMissing())('Cleanbeam behind JupyterHub', () => {
  let folder: string
  let hub: ChildProcess
  let browser: Browser
  let address: string
  let said = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-portal-'))
    mkdirSync(join(folder, 'users/alice'), { recursive: true })
    copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(folder, 'users/alice/m87.uvfits'))
    const port = await freePorts()
    address = `http://127.0.0.1:${port}`
    hub = spawn(HUB, ['-f', join(repositoryRoot, 'examples/portal/jupyterhub_config.py')], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        PORTAL_PORT: String(port),
        PORTAL_FOLDER: join(folder, 'users'),
        PORTAL_PASSWORD: PASSWORD,
        CONFIGURABLE_HTTP_PROXY: PROXY,
        CLEANBEAM: `${process.execPath} ${join(repositoryRoot, 'cleanbeam/bin/cleanbeam.js')}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [hub.stdout, hub.stderr]) {
      stream?.on('data', (chunk: Uint8Array) => {
        said = (said + new TextDecoder().decode(chunk)).slice(-20_000)
      })
    }
    await untilAnswers(`${address}/hub/login`, () => said)
    browser = await launchChromium()
  }, READY_MS + 10_000)

  afterAll(async () => {
    await browser?.close()
    if (hub?.exitCode === null) {
      const ended = new Promise(resolve => hub.once('exit', resolve))
      hub.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const signIn = async (name: string, path: string): Promise<Page> => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${address}/hub/login?next=${encodeURIComponent(path)}`)
    await page.fill('input[name=username]', name)
    await page.fill('input[name=password]', PASSWORD)
    await page.click('input[type=submit]')
    return page
  }

  it("signs a user in, shows the start page below the user's path, and runs a session through the proxy", async () => {
    const page = await signIn('alice', '/hub/spawn')
    await page
      .waitForURL(url => url.pathname === '/user/alice/', { timeout: READY_MS })
      .catch(error => {
        throw new Error(`${error.message}\n${said}`)
      })
    await page.getByText('m87.uvfits').first().waitFor()
    const parameters = { vis: 'm87.uvfits', imagename: 'm87', imsize: 128, cell: '0.2marcsec', niter: 100 }
    const begun = await page.evaluate(
      async body =>
        (await fetch('api/start/begin', { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
          .status,
      JSON.stringify(parameters),
    )
    expect(begun).toBe(200)
    await page.reload()
    await page.getByRole('button', { name: 'Step' }).waitFor()
    await page.getByRole('status').first().waitFor()
    await expect.poll(() => page.evaluate('window.cleanbeam?.record?.niterdone'), { timeout: READY_MS }).toBe(0)
    expect(new URL(page.url()).pathname).toBe('/user/alice/')
    const cookies = await page.context().cookies(`${address}/user/alice/`)
    const ours = cookies.find(({ name }) => /^cleanbeam-\d+$/.test(name))
    expect(ours).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/user/alice/' })
    await page.context().close()
  }, 120_000)

  it('lets nobody else in', async () => {
    const stranger = await fetch(`${address}/user/alice/api/session`)
    expect(stranger.status).toBe(401)
    const page = await signIn('mallory', '/user/alice/')
    await page.waitForLoadState('networkidle')
    expect(await page.getByText('m87').count()).toBe(0)
    expect(
      (await page.context().cookies(`${address}/user/alice/`)).some(({ name }) => /^cleanbeam-\d+$/.test(name)),
    ).toBe(false)
    const forged = await fetch(`${address}/user/alice/oauth_callback?code=guess&state=guess`, {
      headers: { accept: 'text/html' },
    })
    expect(forged.status).toBe(403)
    await page.context().close()
  }, 60_000)
})

/** The first of three free ports in a row, as the configuration wants them. */
async function freePorts(): Promise<number> {
  const port = await new Promise<number>(resolve => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
  const free = (number: number) =>
    new Promise<boolean>(resolve => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(number, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
  return (await free(port + 1)) && (await free(port + 2)) ? port : freePorts()
}

async function untilAnswers(url: string, said: () => string): Promise<void> {
  const endMs = performance.now() + READY_MS
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (performance.now() > endMs) throw new Error(`expected JupyterHub at ${url}, got:\n${said()}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
