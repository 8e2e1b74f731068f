import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SavedSession } from '../session-store.ts'
import { isProcessAlive, processStart } from './process-start.ts'
import { openSessionFolder } from './session-folder.ts'

const SAVED: SavedSession = {
  version: 1,
  given: { niter: 5 },
  parameters: { niter: 3 },
  record: null,
  commands: ['tclean( niter=0 )'],
  state: { iterations: 2 },
  step: 4,
  restored: false,
}

let folder = ''
let imagename = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-session-'))
  imagename = join(folder, 'deep', 'x')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockFile = () => `${imagename}.cleanbeam/lock`

describe('what is saved', () => {
  it('comes back, and is null before', async () => {
    const store = openSessionFolder(imagename)
    expect(await store.load()).toBeNull()
    await store.save(SAVED)
    expect(await openSessionFolder(imagename).load()).toEqual(SAVED)
    expect(readdirSync(`${imagename}.cleanbeam`)).toEqual(['session.json'])
  })

  it('is refused when a newer version wrote it', async () => {
    const store = openSessionFolder(imagename)
    await store.save({ ...SAVED, version: 2 as 1 })
    await expect(store.load()).rejects.toThrow(/expected a session of version 1, got 2 .*session\.json/)
  })
})

describe('the lock', () => {
  it('keeps a second session out until the first is done', async () => {
    const first = openSessionFolder(imagename)
    const second = openSessionFolder(imagename)
    await first.lock()
    await expect(second.lock()).rejects.toThrow(
      new RegExp(`expected to be the only session on this image name, got one of process ${process.pid}`),
    )
    await first.unlock()
    await second.lock()
    await second.unlock()
    expect(existsSync(lockFile())).toBe(false)
  })

  it('of a process that has died is taken over, also when its number was given again', async () => {
    const store = openSessionFolder(imagename)
    mkdirSync(`${imagename}.cleanbeam`, { recursive: true })
    for (const holder of [
      { pid: 2 ** 22 + 1, start: '1' },
      { pid: process.pid, start: '1' },
    ]) {
      writeFileSync(lockFile(), JSON.stringify(holder))
      await store.lock()
      expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid)
      await store.unlock()
    }
  })
})

describe('checkpoints', () => {
  const product = () => join(folder, 'deep', 'x.model.fits')

  it('put back what a step has replaced', async () => {
    const store = openSessionFolder(imagename)
    mkdirSync(join(folder, 'deep'))
    writeFileSync(product(), 'before')
    await store.checkpoint(5, [product()])
    rmSync(product())
    writeFileSync(product(), 'after')
    await store.rollback(4)
    expect(readFileSync(product(), 'utf8')).toBe('after')
    await store.rollback(5)
    expect(readFileSync(product(), 'utf8')).toBe('before')
    await store.rollback(5)
    expect(readFileSync(product(), 'utf8')).toBe('before')
  })

  it('work for products that are folders', async () => {
    const store = openSessionFolder(imagename)
    const table = join(folder, 'deep', 'x.model')
    mkdirSync(table, { recursive: true })
    writeFileSync(join(table, 'table.dat'), 'before')
    await store.checkpoint(1, [table])
    writeFileSync(join(table, 'table.dat'), 'after')
    writeFileSync(join(table, 'new'), 'after')
    await store.rollback(1)
    expect(readdirSync(table)).toEqual(['table.dat'])
    expect(readFileSync(join(table, 'table.dat'), 'utf8')).toBe('before')
  })

  it('are forgotten when a step is complete', async () => {
    const store = openSessionFolder(imagename)
    mkdirSync(join(folder, 'deep'))
    writeFileSync(product(), 'before')
    await store.checkpoint(1, [product()])
    await store.discardCheckpoints()
    expect(readdirSync(`${imagename}.cleanbeam`)).toEqual([])
  })
})

it('tells a running process from one of another start', async () => {
  const start = await processStart(process.pid)
  expect(start).not.toBe('')
  expect(await isProcessAlive(process.pid, start)).toBe(true)
  expect(await isProcessAlive(process.pid, `${start}0`)).toBe(false)
})
