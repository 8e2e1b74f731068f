import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkHostName, parseSshCommand } from '../ssh/ssh-command.ts'
import { checkHost } from './check-host.ts'
import { casaPython, readFacts } from './host-facts.ts'
import { packageCommand } from './install-package.ts'
import { PROBE_SCRIPT } from './probe-script.ts'
import { noticeLine, openRegistry } from './session-registry.ts'
import { tarArchive } from './tar-archive.ts'

const folder = mkdtempSync(join(tmpdir(), 'cb-remote-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ANSWER = `Welcome!
@home /home/me
@host far
@system Linux x86_64
@cpus 8
@diskKib 1048576
@memoryKib 512000
@tar /bin/tar
@node v18.19.0 /usr/bin/node
@python {"python": "3.11.2", "ipykernel": null, "zmq": null, "casatasks": "6.7.0", "casatools": "6.7.0", "numpy": "2"} /opt/my casa/bin/python
@done 1
`

describe('the check of a host', () => {
  it('reads its answer whatever is printed around it', () => {
    const facts = readFacts(ANSWER)
    expect(facts).toMatchObject({ host: 'far', nCpu: 8, diskBytes: 2 ** 30, packages: [] })
    expect(facts.node).toEqual({ version: '18.19.0', path: '/usr/bin/node' })
    expect(facts.pythons[0].path).toBe('/opt/my casa/bin/python')
    expect(casaPython(facts)).toBe(null)
    expect(() => readFacts('csh: Ambiguous output redirect.')).toThrow('expected a POSIX shell at the host, got: csh')
  })

  it('says what to do about each thing that is missing', () => {
    const findings = checkHost(readFacts(ANSWER), { engine: 'casa', packageId: '1.0-abc' }, 'far')
    const messages = Object.fromEntries(findings.map(({ what, message }) => [what, message]))
    expect(messages.node).toMatch(/expected Node.js 20 or newer on far .*, got 18.19.0/)
    expect(messages.package).toMatch('run cleanbeam remote install far')
    expect(messages.casa).toMatch('/opt/my casa/bin/python -m pip install ipykernel')
    expect(messages.memory).toMatch('expected 1 GiB of free memory on far, got 0.5 GiB')
    expect(findings.filter(({ level }) => level === 'error').map(({ what }) => what)).toEqual([
      'node',
      'package',
      'casa',
    ])
  })

  it('is a script that a POSIX shell runs', () => {
    const { stdout, status } = spawnSync('/bin/sh', ['-s'], { input: PROBE_SCRIPT, encoding: 'utf8' })
    expect(status).toBe(0)
    expect(readFacts(stdout).node?.version.split('.').length).toBe(3)
  })
})

describe('words for shells', () => {
  it('hold nothing that a shell would read otherwise', () => {
    expect(packageCommand('1.0-a', "/opt/it's/node", ['agent'])).toBe(
      `cd && exec '/opt/it'\\''s/node' .cleanbeam/app/1.0-a/cleanbeam/bin/cleanbeam.js agent`,
    )
    expect(() => packageCommand('1.0; rm -rf', '/node', [])).toThrow('expected plain letters')
    for (const host of ['-oProxyCommand=x', 'a b', '', 'a;b', '$(x)']) {
      expect(() => checkHostName(host)).toThrow('expected a host')
    }
    for (const host of ['user@host.example', 'alias', 'host-1']) expect(checkHostName(host)).toBe(host)
  })

  it('of the ssh command may be quoted', () => {
    expect(parseSshCommand('ssh -F "/my files/config" -p 22')).toEqual(['ssh', '-F', '/my files/config', '-p', '22'])
    expect(() => parseSshCommand(`ssh "-F`)).toThrow('expected a command')
    expect(() => parseSshCommand('  ')).toThrow('expected a command')
  })
})

describe('an archive', () => {
  it('is unpacked by tar as it was packed', () => {
    const long = `${'deep/'.repeat(25)}file.txt`
    const entries = [
      { path: 'bin/run', content: Buffer.from('#!/bin/sh\n'), executable: true },
      { path: long, content: Buffer.alloc(1000, 'x'), executable: false },
      { path: 'empty', content: Buffer.alloc(0), executable: false },
    ]
    const { status } = spawnSync('tar', ['-xf', '-', '-C', folder], { input: tarArchive(entries) })
    expect(status).toBe(0)
    for (const { path, content } of entries) expect(readFileSync(join(folder, path)).equals(content)).toBe(true)
    expect(statSync(join(folder, 'bin/run')).mode & 0o111).not.toBe(0)
    const endless = { path: `${'x'.repeat(101)}`, content: Buffer.alloc(0), executable: false }
    expect(() => tarArchive([endless])).toThrow('expected a path of at most')
  })
})

describe('the sessions of a host', () => {
  it('are kept in a folder of this user, and forgotten when their process is gone', async () => {
    const registry = await openRegistry(join(folder, 'run'))
    const entry = {
      id: 'abcdef012345',
      process: { pid: process.pid, startTime: 'another process of this number' },
      host: 'far',
      engine: 'native',
      imagename: 'x',
      vis: 'y.ms',
      startedMs: 0,
      packageId: '1',
      reach: [],
    }
    await registry.create(entry, { parameters: {} })
    expect(await registry.status(entry.id)).toMatchObject({ alive: false, finished: false })
    expect(await registry.notice(entry.id, 'opening')).toBe(null)
    expect(noticeLine('result', { a: 1 })).toBe('@result {"a":1}\n')
    expect(await registry.list()).toEqual([])
    await expect(registry.status(entry.id)).rejects.toThrow('it has ended')
    expect(() => registry.folderOf('../../etc')).toThrow('expected the id of a session')
  })
})
