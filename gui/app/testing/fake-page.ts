import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const appFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** Chromium and a server with the page, built as it is published but on a session in memory. */
export interface FakePages {
  /** A page whose session has been read and drawn; console errors fail it. */
  open(options?: {
    width?: number
    height?: number
    colorScheme?: 'light' | 'dark'
    withoutWebgl?: boolean
  }): Promise<Page>
  /** Everything the browser complained about so far. */
  readonly complaints: string[]
  close(): Promise<void>
}

/**
 * Builds the page and starts a browser.
 * @param entry - module of `src/testing` that mounts the page on its session
 */
export async function startFakePages(entry = 'fake-page'): Promise<FakePages> {
  const files = await buildPage(entry)
  const server = await serve(files)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGUMENTS })
  const complaints: string[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/path/`
  return {
    complaints,
    open: options => openPage(browser, url, complaints, options),
    async close() {
      await browser.close()
      server.close()
    },
  }
}

const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

async function buildPage(entry: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: { app: join(appFolder, `src/testing/${entry}.tsx`) },
    outdir: '/page',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const files = new Map(outputFiles.map(file => [file.path.split('/').pop()!, file.contents]))
  for (const name of ['index.html', 'icon.svg']) files.set(name, await readFile(join(appFolder, 'public', name)))
  return files
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Serves below a path, with the content security policy of the real server. */
function serve(files: ReadonlyMap<string, Uint8Array>): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace(/^\/some\/path\//, '') || 'index.html'
    const body = files.get(name)
    response.writeHead(body ? 200 : 404, {
      'Content-Type': TYPES[extname(name)] ?? 'text/plain',
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'",
    })
    response.end(body)
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** Runs in the page: a browser that has no WebGL2. */
function refuseWebgl(): void {
  const { getContext } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
    return kind === 'webgl2' ? null : Reflect.apply(getContext, this, [kind, ...rest])
  } as typeof getContext
}

async function openPage(
  browser: Browser,
  url: string,
  complaints: string[],
  options: Parameters<FakePages['open']>[0] = {},
): Promise<Page> {
  const { width = 1280, height = 800, colorScheme = 'dark', withoutWebgl = false } = options
  const page = await browser.newPage({ viewport: { width, height }, colorScheme })
  if (withoutWebgl) await page.addInitScript(refuseWebgl)
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(url)
  await page.waitForFunction(() => document.querySelector('.statistics dd')?.textContent !== '–')
  return page
}
