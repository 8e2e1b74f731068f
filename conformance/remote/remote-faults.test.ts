// What goes wrong between two machines, made to go wrong.

import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionClient } from '@cleanbeam/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readFitsImage } from '../compare/fits-image.ts'
import { repositoryRoot } from '../structure/source-graph.ts'
import { connectToServer, untilIdle } from './far-client.ts'
import { type FarSession, runFar, sshOf, startFar } from './far-command.ts'
import { startSlowLink } from './slow-link.ts'
import {
  bareEnvironment,
  HOST,
  nodeCannotBeHidden,
  sshdIsMissing,
  startTestHost,
  type TestHost,
  type TestHostOptions,
} from './sshd.ts'

const PARAMETERS = [
  '--format',
  'fits',
  '--imsize',
  '256',
  '--cell',
  '0.2marcsec',
  '--niter',
  '2000',
  '--cycleniter',
  '50',
]
const MASKED = [...PARAMETERS, '--mask', 'box[[90pix,100pix],[210pix,200pix]]']
const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** A host with our package and the M87 observation. */
async function furnishedHost(options: TestHostOptions = {}): Promise<TestHost> {
  const host = await startTestHost(options)
  copyFileSync(join(repositoryRoot, 'examples/m87/m87.uvfits'), join(host.home, 'm87.uvfits'))
  expect(runFar(host, ['remote', 'install', HOST]).status).toBe(0)
  return host
}

/** Only the administrator may mount a small disk; without one this test is left out, aloud. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'cbm-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
  if (status === 0) execFileSync('umount', [folder])
  else console.warn('FULL DISK NOT TESTED: mounting a small disk is not allowed here')
  rmSync(folder, { recursive: true })
  return status === 0
}

/** Network ports that a process listens on. */
function listeningPorts(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`)
      .map(name => {
        try {
          return readlinkSync(`/proc/${pid}/fd/${name}`)
        } catch {
          return ''
        }
      })
      .map(target => /^socket:\[(\d+)\]$/.exec(target)?.[1])
      .filter(inode => inode !== undefined),
  )
  const rows = ['tcp', 'tcp6'].flatMap(name => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1))
  const LISTENING = '0A'
  return rows
    .map(row => row.trim().split(/\s+/))
    .filter(row => row[3] === LISTENING && sockets.has(row[9]))
    .map(row => row[1])
}

const processOf = (host: TestHost, id: string): number =>
  JSON.parse(readFileSync(join(host.runtimeDir, id, 'session.json'), 'utf8')).process.pid

describe.skipIf(sshdIsMissing())('a session on another host', () => {
  let host: TestHost
  let session: FarSession
  let client: SessionClient

  const start = async (imagename: string) => {
    session = await startFar(host, ['iclean', `${HOST}:m87.uvfits`, '--imagename', imagename, ...MASKED])
    client = connectToServer(session.url)
    await untilIdle(client)
  }

  beforeAll(async () => {
    host = await furnishedHost()
  })
  afterEach(async () => {
    client?.close()
    session?.signal('SIGKILL')
    await session?.ended
  })
  afterAll(() => {
    if (!host) return
    runFar(host, ['remote', 'stop', HOST, '--all'])
    host.stop()
  })

  it('loses no event and no answer when ssh is killed again and again while it cleans', async () => {
    await start('killed-ssh')
    const lines: number[] = []
    client.on('log', ({ index }) => lines.push(index))
    const first = (await client.call('session.snapshot', {})).log.length
    const run = client.call('gclean.next', { cycles: 8 })
    let longestMs = 0
    for (let i = 0; i < 4; i++) {
      await sleep(150)
      const [ssh] = sshOf(session)
      process.kill(ssh, 'SIGKILL')
      const startMs = performance.now()
      await client.call('session.identity', {})
      longestMs = Math.max(longestMs, performance.now() - startMs)
    }
    const { record } = await run
    const { log } = await client.call('session.snapshot', {})
    console.log(`answers after at most ${longestMs.toFixed(0)} ms`)
    expect(longestMs).toBeLessThan(3000)
    expect(record?.nmajordone).toBe(8)
    expect(lines).toEqual(Array.from({ length: log.length - first }, (_, i) => first + i))
  })

  it('goes on after ssh was stopped for a while, as when a laptop sleeps', async () => {
    await start('stopped-ssh')
    const [ssh] = sshOf(session)
    process.kill(ssh, 'SIGSTOP')
    const step = client.call('gclean.next', {})
    await sleep(1500)
    process.kill(ssh, 'SIGCONT')
    expect((await step).record?.nmajordone).toBe(1)
  })

  it('is reached by a new connection when ssh never wakes up again', async () => {
    await start('silent-ssh')
    const [ssh] = sshOf(session)
    process.kill(ssh, 'SIGSTOP')
    const startMs = performance.now()
    const step = client.call('gclean.next', {})
    expect((await step).record?.nmajordone).toBe(1)
    const tookMs = performance.now() - startMs
    console.log(`a silent ssh was replaced after ${(tookMs / 1000).toFixed(1)} s`)
    expect(tookMs).toBeLessThan(30_000)
    expect(sshOf(session)).not.toContain(ssh)
  }, 60_000)

  it('whose process is killed says so; products of the last complete step are intact, and a new start goes on', async () => {
    await start('killed-session')
    await client.call('gclean.next', { cycles: 2 })
    const before = readFitsImage(join(host.home, 'killed-session.residual.fits')).pixels
    const run = client.call('gclean.run', {})
    run.catch(() => {})
    process.kill(processOf(host, session.id), 'SIGKILL')
    await expect(run).rejects.toThrow(/the session on faraway has ended .*goes on from the last complete step/)
    expect(await session.ended).toBe(1)
    expect(session.stderr()).toMatch('has ended')
    await start('killed-session')
    const { record } = await client.call('session.snapshot', {})
    expect(record?.nmajordone).toBeGreaterThanOrEqual(2)
    const after = readFitsImage(join(host.home, 'killed-session.residual.fits')).pixels
    if (record?.nmajordone === 2) expect(after).toEqual(before)
    expect((await client.call('gclean.next', {})).record?.nmajordone).toBe((record?.nmajordone as number) + 1)
  })

  it('shows the same to two clients, and takes orders of both', async () => {
    await start('two-clients')
    const other = connectToServer(session.url)
    const seen: number[] = []
    other.on('record', ({ nmajordone }) => seen.push(nmajordone))
    await other.call('session.identity', {})
    await client.call('gclean.next', {})
    await expect(Promise.all([client.call('gclean.next', {}), other.call('gclean.next', {})])).rejects.toMatchObject({
      tag: 'SessionError',
    })
    await untilIdle(other)
    const [mine, theirs] = [await client.call('session.snapshot', {}), await other.call('session.snapshot', {})]
    expect(theirs.record).toEqual(mine.record)
    expect(seen).toEqual([1, 2])
    const stopped = runFar(host, ['remote', 'stop', HOST, session.id])
    expect(stopped.stdout).toMatch(session.id)
    other.close()
  })

  it('leaves no ssh behind when the near side is killed', async () => {
    await start('killed-near')
    const [ssh] = sshOf(session)
    session.signal('SIGKILL')
    await session.ended
    await expect.poll(() => spawnSync('kill', ['-0', String(ssh)]).status, { timeout: 5000 }).not.toBe(0)
    expect(JSON.parse(runFar(host, ['remote', 'list', HOST, '--json']).stdout)).toContainEqual(
      expect.objectContaining({ id: session.id, alive: true }),
    )
  })
})

describe.skipIf(sshdIsMissing())('a session in a Jupyter kernel on another host', () => {
  let host: TestHost
  let session: FarSession
  let client: SessionClient

  beforeAll(async () => {
    host = await furnishedHost()
    const options = ['--imagename', 'in-kernel', '--route', 'kernel', ...MASKED]
    session = await startFar(host, ['iclean', `${HOST}:m87.uvfits`, ...options])
    client = connectToServer(session.url)
    await untilIdle(client)
  })
  afterAll(() => {
    client?.close()
    session?.signal('SIGKILL')
    if (host) runFar(host, ['remote', 'stop', HOST, '--all'])
    host?.stop()
  })

  it('speaks over five forwarded sockets and no port', () => {
    const names = readdirSync(join(host.runtimeDir, session.id))
    expect(names).toEqual(expect.arrayContaining(['k-1', 'k-2', 'k-3', 'k-4', 'k-5', 'kernel.json']))
    const { pid } = JSON.parse(readFileSync(join(host.runtimeDir, session.id, 'session.json'), 'utf8')).process
    expect(listeningPorts(pid)).toEqual([])
  })

  it('loses no event and no answer though Jupyter loses messages when ssh is killed', async () => {
    const lines: number[] = []
    client.on('log', ({ index }) => lines.push(index))
    const first = (await client.call('session.snapshot', {})).log.length
    const run = client.call('gclean.next', { cycles: 6 })
    let longestMs = 0
    for (let i = 0; i < 3; i++) {
      await sleep(200)
      process.kill(sshOf(session)[0], 'SIGKILL')
      const startMs = performance.now()
      await client.call('session.identity', {})
      longestMs = Math.max(longestMs, performance.now() - startMs)
    }
    expect((await run).record?.nmajordone).toBe(6)
    const { log } = await client.call('session.snapshot', {})
    console.log(`answers through the kernel after at most ${longestMs.toFixed(0)} ms`)
    expect(longestMs).toBeLessThan(3000)
    expect(lines).toEqual(Array.from({ length: log.length - first }, (_, i) => first + i))
  })

  it('is attached to again, and ends', async () => {
    session.signal('SIGINT')
    await session.ended
    session = await startFar(host, ['remote', 'attach', HOST])
    client.close()
    client = connectToServer(session.url)
    const { record } = await client.call('session.snapshot', {})
    expect(record?.nmajordone).toBe(6)
    await client.call('session.finish', { restore: true })
    expect(await session.ended).toBe(0)
    expect(readdirSync(host.runtimeDir)).toEqual([])
  })
})

describe.skipIf(sshdIsMissing())('a link of 300 ms that loses 1 % of its packets', () => {
  it('carries a session, and says nothing twice', async () => {
    const host = await furnishedHost()
    const link = await startSlowLink(host.port, { roundTripMs: 300, bitsPerSecond: 20e6, lossRate: 0.01 })
    const command = `${host.env.CLEANBEAM_SSH_COMMAND} -p ${link.port} -o HostKeyAlias=[127.0.0.1]:${host.port}`
    const slow = { ...host, env: { CLEANBEAM_SSH_COMMAND: command } }
    try {
      const session = await startFar(slow, ['iclean', `${HOST}:m87.uvfits`, '--imagename', 'slow', ...MASKED])
      const client = connectToServer(session.url)
      const lines: number[] = []
      client.on('log', ({ index }) => lines.push(index))
      await untilIdle(client)
      expect((await client.call('gclean.next', { cycles: 3 })).record?.nmajordone).toBe(3)
      const { pixels } = (await client.call('image.getchunk', { suffix: '.residual' })) as { pixels: Float64Array }
      expect(pixels).toEqual(readFitsImage(join(host.home, 'slow.residual.fits')).pixels)
      expect(lines).toEqual(lines.map((_, i) => lines[0] + i))
      client.close()
      session.signal('SIGTERM')
      await session.ended
    } finally {
      link.close()
      runFar(host, ['remote', 'stop', HOST, '--all'])
      host.stop()
    }
  }, 120_000)
})

describe.skipIf(sshdIsMissing() || !canMount())('a disk that is full', () => {
  it('fails the step with its name, keeps the products of the last complete one, and goes on with space', async () => {
    const host = await furnishedHost()
    const small = join(host.home, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=5m', 'tmpfs', small])
    try {
      const session = await startFar(host, ['iclean', `${HOST}:m87.uvfits`, '--imagename', 'small/full', ...MASKED])
      const client = connectToServer(session.url)
      await untilIdle(client)
      expect((await client.call('gclean.next', {})).record?.nmajordone).toBe(1)
      const before = readFitsImage(join(small, 'full.residual.fits')).pixels
      execFileSync('sh', ['-c', `cat /dev/zero > '${small}/ballast' 2>/dev/null || true`])
      await expect(client.call('gclean.next', {})).rejects.toThrow(/full disk/)
      expect(readFitsImage(join(small, 'full.residual.fits')).pixels).toEqual(before)
      rmSync(join(small, 'ballast'))
      expect((await client.call('gclean.next', {})).record?.nmajordone).toBe(2)
      client.close()
      session.signal('SIGTERM')
      await session.ended
    } finally {
      runFar(host, ['remote', 'stop', HOST, '--all'])
      execFileSync('umount', ['-l', small])
      host.stop()
    }
  }, 60_000)
})

describe.skipIf(sshdIsMissing())('a host that', () => {
  let host: TestHost | null = null
  afterEach(() => {
    if (host !== null && host.port > 0) runFar(host, ['remote', 'stop', HOST, '--all'])
    host?.stop()
    host = null
  })

  it('allows no forwarding is reached by a program there', async () => {
    host = await furnishedHost({ sshd: ['AllowStreamLocalForwarding no', 'AllowTcpForwarding no'] })
    const session = await startFar(host, ['iclean', `${HOST}:m87.uvfits`, '--imagename', 'bridged', ...MASKED])
    const client = connectToServer(session.url)
    await untilIdle(client)
    expect((await client.call('gclean.next', { cycles: 2 })).record?.nmajordone).toBe(2)
    expect(session.stderr()).toMatch('allows no forwarding')
    const [ssh] = sshOf(session)
    const step = client.call('gclean.next', {})
    process.kill(ssh, 'SIGKILL')
    expect((await step).record?.nmajordone).toBe(3)
    client.close()
    session.signal('SIGTERM')
    await session.ended
  })

  it('shows another key than the known one is refused', async () => {
    host = await startTestHost()
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(host.folder, 'other')])
    const other = readFileSync(join(host.folder, 'other.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
    writeFileSync(join(host.folder, 'known_hosts'), `[127.0.0.1]:${host.port} ${other}\n`)
    const { status, stderr } = runFar(host, ['remote', 'check', HOST])
    expect(status).toBe(1)
    expect(stderr).toMatch('REMOTE HOST IDENTIFICATION HAS CHANGED')
    expect(stderr).toMatch(`ssh-keygen -R ${HOST}`)
  })

  it('nobody knows yet is not taken without asking', async () => {
    host = await startTestHost({ known: false })
    const { status, stderr } = runFar(host, ['remote', 'check', HOST])
    expect(status).toBe(1)
    expect(stderr).toMatch(/Host key verification failed.*accept the host's key once/s)
    expect(readFileSync(join(host.folder, 'known_hosts'), 'utf8')).toBe('')
  })

  it('lets us in no more says what ssh says', async () => {
    host = await startTestHost()
    writeFileSync(join(host.folder, 'authorized_keys'), '')
    const { status, stderr } = runFar(host, ['remote', 'check', HOST])
    expect(status).toBe(1)
    expect(stderr).toMatch(/Permission denied/)
  })

  it.skipIf(nodeCannotBeHidden)('has neither Python nor Node.js gets a list of what to do', async () => {
    const bare = bareEnvironment()
    host = await startTestHost({ env: bare.env })
    const { status, stdout } = runFar(host, ['remote', 'check', HOST, '--engine', 'casa', '--json'])
    bare.remove()
    const { findings } = JSON.parse(stdout) as { findings: { what: string; message: string }[] }
    expect(status).toBe(1)
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['node', 'package', 'python']))
    for (const { message } of findings) expect(message).toMatch(/^expected .*, got .*/s)
  })
})
