// Sessions over ssh on loopback, and over a link of 50 ms and 100 Mbit/s: echo, a large plane, a step in channel.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionClient } from '@cleanbeam/protocol'
import { launchChromium } from '../browser/chromium.ts'
import { connectToServer, untilIdle } from '../remote/far-client.ts'
import { runFar, startFar } from '../remote/far-command.ts'
import { startSlowLink } from '../remote/slow-link.ts'
import { HOST, startTestHost, type TestHost } from '../remote/sshd.ts'
import { repositoryRoot } from '../structure/source-graph.ts'
import { medianText } from './median.ts'

const ECHOES = 200
const LARGE = 4096
const CUBE = 1024
const CHANNEL_STEPS = 9
const LINK = { roundTripMs: 50, bitsPerSecond: 100e6 }

const host = await startTestHost()
copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(host.home, 'm87.uvfits'))
if (runFar(host, ['remote', 'install', HOST]).status !== 0) throw new Error('expected an installation')

async function measureLoopback(route: 'socket' | 'kernel'): Promise<void> {
  console.log(`# ${route}`)
  const startMs = performance.now()
  const more = route === 'kernel' ? ['--route', 'kernel'] : []
  const session = await startFar(host, [...arguments_(route, LARGE, '0.02marcsec', 'mfs'), ...more])
  console.log(`iclean host:path → address       ${((performance.now() - startMs) / 1000).toFixed(2)} s`)
  const client = connectToServer(session.url)
  await untilIdle(client)
  const echoes: number[] = []
  for (let i = 0; i < ECHOES; i++) {
    const sentMs = performance.now()
    await client.call('session.identity', {})
    echoes.push(performance.now() - sentMs)
  }
  console.log(`echo, WebSocket → ssh → session  ${middle(echoes).toFixed(2)} ms (median of ${ECHOES})`)
  const seconds = await fetchPlane(client, LARGE)
  console.log(`plane of ${(4 * LARGE ** 2) / 2 ** 20} MiB in tiles           ${seconds.toFixed(2)} s`)
  client.close()
  session.signal('SIGTERM')
  await session.ended
}

/** What the link itself lets through: the pixels of a plane as the page fetches them, without drawing. */
async function measureLink(far: TestHost): Promise<void> {
  const session = await startFar(far, arguments_('link', CUBE, '0.08marcsec', 'mfs'))
  const client = connectToServer(session.url)
  await untilIdle(client)
  const echoes: number[] = []
  for (let i = 0; i < 10; i++) {
    const sentMs = performance.now()
    await client.call('session.identity', {})
    echoes.push(performance.now() - sentMs)
  }
  const seconds = await fetchPlane(client, CUBE)
  console.log(
    `echo over 50 ms, 100 Mbit/s      ${middle(echoes).toFixed(0)} ms; plane of ${CUBE}² ${seconds.toFixed(2)} s`,
  )
  client.close()
  session.signal('SIGTERM')
  await session.ended
}

async function fetchPlane(client: SessionClient, size: number): Promise<number> {
  const { products, tileSize } = await client.call('session.snapshot', {})
  const generation = products.find(({ suffix }) => suffix === '.residual')?.generation as number
  const side = Math.ceil(size / tileSize)
  const startMs = performance.now()
  const tiles = Array.from({ length: side * side }, (_, i) => ({ tx: i % side, ty: Math.floor(i / side) }))
  const plane = { suffix: '.residual', field: 0, channel: 0, stokes: 0, generation, level: 0 }
  const parts = await Promise.all(tiles.map(tile => client.call('tile.get', { ...plane, ...tile })))
  const nPixel = parts.reduce((sum, { pixels }) => sum + pixels.length, 0)
  if (nPixel !== size * size) throw new Error(`expected ${size * size} pixels, got ${nPixel}`)
  return (performance.now() - startMs) / 1000
}

async function measurePage(where: string, far: TestHost, imagename: string): Promise<void> {
  const session = await startFar(far, arguments_(imagename, CUBE, '0.08marcsec', 'cube'))
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(session.url)
  const until = (expression: string) =>
    page.evaluate(
      `new Promise(resolve => { const look = () => (${expression}) ? resolve() : setTimeout(look, 2); look() })`,
    )
  await until(
    `window.cleanbeam?.record && window.cleanbeam.session.phase.name === 'idle' && window.cleanbeam.view.complete`,
  )
  const steps: number[] = []
  // Each plane is asked for once: products in turn, so that none is in the page already.
  for (const product of ['psf', 'residual', 'mask', 'model'].slice(0, Math.ceil(CHANNEL_STEPS / 2))) {
    await page.evaluate(`window.cleanbeam.view.channel = 0; window.cleanbeam.view.product = '${product}'`)
    await until('window.cleanbeam.view.complete')
    const took = await page.evaluate<number>(`(async () => {
      const start = performance.now()
      window.cleanbeam.view.channel = 1
      await new Promise(resolve => { const look = () => window.cleanbeam.view.complete ? resolve() : setTimeout(look, 1); setTimeout(look, 1) })
      return performance.now() - start
    })()`)
    steps.push(took / 1000)
  }
  console.log(`channel step, ${CUBE}², ${where}  ${medianText(steps)}`)
  await browser.close()
  session.signal('SIGTERM')
  await session.ended
}

function arguments_(imagename: string, imsize: number, cell: string, specmode: string): string[] {
  const geometry = ['--imsize', String(imsize), '--cell', cell, '--specmode', specmode, '--niter', '100']
  return ['iclean', `${HOST}:m87.uvfits`, '--imagename', imagename, ...geometry]
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

await measureLoopback('socket')
await measureLoopback('kernel')
await measurePage('loopback', host, 'near')
const link = await startSlowLink(host.port, LINK)
const slow: TestHost = {
  ...host,
  env: {
    CLEANBEAM_SSH_COMMAND: `${host.env.CLEANBEAM_SSH_COMMAND} -p ${link.port} -o HostKeyAlias=[127.0.0.1]:${host.port}`,
  },
}
await measureLink(slow)
await measurePage('50 ms, 100 Mbit/s', slow, 'slow')
link.close()
runFar(host, ['remote', 'stop', HOST, '--all'])
host.stop()
process.exit(0)
