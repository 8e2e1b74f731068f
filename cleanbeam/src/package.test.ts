// What npm would publish, packed, installed in an empty folder without a network, and run.

import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const MAX_UNPACKED_BYTES = 25e6

interface PackReport {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

/** Optional: zeromq and what it is built with; npm leaves it out where it cannot be had. */
const ZEROMQ = ['zeromq', 'cmake-ts', 'node-addon-api']

describe('the packed package', () => {
  let folder = ''
  let report: PackReport
  const installed = () => join(folder, 'node_modules', 'cleanbeam')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cleanbeam-pack-'))
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
    })
    report = (JSON.parse(stdout) as PackReport[])[0]
    writeFileSync(join(folder, 'package.json'), '{"private": true}')
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${report.filename}`], { cwd: folder })
  }, 120_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds program, page, data and licence, and stays small', () => {
    const paths = report.files.map(file => file.path)
    const needed = [
      'cleanbeam/bin/cleanbeam.js',
      'cleanbeam/dist/cli.js',
      'cleanbeam/dist/index.d.ts',
      'examples/m87/m87.uvfits',
      'LICENSE',
    ]
    for (const path of [...needed, 'cleanbeam/dist/page/index.html']) expect(paths).toContain(path)
    expect(paths.filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([])
    expect(report.unpackedSize).toBeLessThan(MAX_UNPACKED_BYTES)
  })

  it('brings no other package with it but the optional one for Jupyter', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.'))
    expect(installed.filter(name => !ZEROMQ.includes(name))).toEqual(['cleanbeam'])
  })

  it('runs as npx cleanbeam', async () => {
    const { stdout } = await run('npx', ['--offline', 'cleanbeam', '--version'], { cwd: folder })
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('makes an image of the data it brings', () => {
    const vis = join(installed(), 'examples/m87/m87.uvfits')
    const args = [
      '--offline',
      'cleanbeam',
      'tclean',
      '--vis',
      vis,
      '--imagename',
      'x',
      '--imsize',
      '128',
      '--cell',
      '0.2marcsec',
      '--niter',
      '20',
      '--json',
    ]
    const { status, stdout } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', timeout: 60_000 })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ iterdone: 20 })
    expect(readdirSync(folder)).toContain('x.image')
  })

  it('can be imported, also for synchronous steps', () => {
    const script = `
      import { gclean } from 'cleanbeam'
      const vis = ${JSON.stringify(join(installed(), 'examples/m87/m87.uvfits'))}
      const session = gclean({ vis, imagename: 'y', imsize: 64, cell: '0.3marcsec', niter: 20, cycleniter: 10, mask: 'circle[[32pix,32pix],9pix]' })
      const codes = []
      for (const record of session) codes.push(record.stopcode)
      const { image } = await session.restore()
      await session.close()
      console.log(JSON.stringify({ codes, image }))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const { codes, image } = JSON.parse(stdout)
    expect(codes.at(-1)).toBe(1)
    expect(codes.slice(0, -1).every((code: number) => code === 0)).toBe(true)
    expect(image).toBe('y.image')
  })
})
