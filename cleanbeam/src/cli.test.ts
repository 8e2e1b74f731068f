// The command line as users run it: the built program in a process of its own.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const LAUNCHER = join(root, 'cleanbeam/bin/cleanbeam.js')
const VIS = join(root, 'examples/m87/m87.uvfits')
const SMALL = ['--vis', VIS, '--imsize', '64', '--cell', '0.3marcsec', '--pblimit', '-0.01']

let folder = ''
beforeAll(() => {
  expect(existsSync(join(root, 'cleanbeam/dist/cli.js')), 'run "npm run build" first').toBe(true)
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function cleanbeam(...args: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd: folder })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', chunk => (stdout += String(chunk)))
    child.stderr.on('data', chunk => (stderr += String(chunk)))
    child.on('error', reject)
    child.on('close', status => resolve({ status, stdout, stderr }))
  })
}

describe('tclean', () => {
  it('prints the dictionary and nothing else on stdout with --json, and writes it with --return', async () => {
    const run = await cleanbeam(
      'tclean',
      ...SMALL,
      '--imagename',
      'out/x',
      '--niter',
      '5',
      '--json',
      '--return',
      'r.json',
    )
    expect(run.status).toBe(0)
    const printed = JSON.parse(run.stdout)
    expect(printed).toMatchObject({ iterdone: 5, stopcode: 1 })
    expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'))).toEqual(printed)
    expect(run.stderr).toContain('natural weighting')
    expect(readdirSync(join(folder, 'out'))).toContain('x.image')
  })

  it('takes parameters from a file, and options before it', async () => {
    writeFileSync(
      join(folder, 'p.json'),
      JSON.stringify({ vis: VIS, imagename: 'x', imsize: 64, cell: '0.3marcsec', niter: 9 }),
    )
    const run = await cleanbeam('tclean', '--params', 'p.json', '--niter', '3', '--json', '--quiet')
    expect(run.stderr).toBe('')
    expect(JSON.parse(run.stdout)).toMatchObject({ niter: 3, iterdone: 3 })
  })

  it.each([
    [['--vis', 'none.uvfits'], 2, /expected a readable file for vis, got 'none.uvfits', which does not exist/],
    [['--cell', '15'], 2, /got the text '15' without a unit/],
    [['--imsize', '0'], 2, /expected one or two positive integers for imsize, got 0/],
    [['--niter', 'many'], 2, /expected an integer for niter, got 'many'/],
    [['--specmode', 'contsub'], 2, /specmode.*, got 'contsub'/],
    [['--nitre', '5'], 2, /unknown option '--nitre'/],
    [['--format', 'miriad'], 2, /expected --format fits, casa or both, got 'miriad'/],
    [['--params', 'none.json'], 2, /expected a JSON file, got: ENOENT/],
    [['--return', 'none/r.json'], 2, /expected a folder that can be written to for --return, got 'none'/],
    [['--vis', LAUNCHER], 1, /FITS/],
  ])('%j ends with %i and says why', async (args, status, message) => {
    const run = await cleanbeam('tclean', ...SMALL, '--imagename', 'x', ...args)
    expect(run.stderr).toMatch(message)
    expect(run.status).toBe(status)
    expect(run.stdout).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses an unknown parameter in a file and suggests the right one', async () => {
    writeFileSync(join(folder, 'p.json'), JSON.stringify({ nitre: 9 }))
    const run = await cleanbeam('tclean', ...SMALL, '--imagename', 'x', '--params', 'p.json')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain("got 'nitre', which it does not have: did you mean 'niter'?")
  })
})

describe('looking at data', () => {
  const BOX = ['--box', '10,10,20,12', '--chans', '0']

  it('lists an observation, and what a selection of it finds', async () => {
    const run = await cleanbeam('listobs', VIS, '--spw', '1', '--antenna', 'MK&SC', '--json')
    expect(run.status).toBe(0)
    const listing = JSON.parse(run.stdout)
    expect(listing.selected.channels).toEqual([[1, 0, 0, 1]])
    expect(listing.selected.nrow).toBeGreaterThan(0)
    expect(listing.selected.nrow).toBeLessThan(listing.nrow)
    expect(listing).toMatchObject({ telescope: 'VLBA', fields: [{ name: '1228+126' }] })
    const text = await cleanbeam('listobs', VIS)
    expect(text.stdout).toMatch(/Antennas: 10\n/)
    const none = await cleanbeam('listobs', VIS, '--field', 'nowhere', '--json')
    expect([none.status, none.stdout]).toEqual([2, ''])
    expect(none.stderr).toContain('nowhere')
  })

  it('takes an image through CASA form and FITS, with equal statistics', async () => {
    const { status } = await cleanbeam('tclean', ...SMALL, '--imagename', 'x', '--format', 'both', '--quiet')
    expect(status).toBe(0)
    expect(existsSync(join(folder, 'x.residual/table.dat'))).toBe(true)
    // The flux depends on cell and beam, which FITS keeps in degrees: it may differ in the last digit.
    const statistics = async (image: string) => {
      const { flux, ...record } = JSON.parse((await cleanbeam('imstat', image, ...BOX, '--json')).stdout)
      expect(flux).toHaveLength(1)
      return record
    }
    const native = await statistics('x.residual')
    expect(native.npts).toEqual([33])
    expect(await statistics('x.residual.fits')).toEqual(native)
    await cleanbeam('exportfits', 'x.residual', 'y.fits')
    await cleanbeam('importfits', 'y.fits', 'y.image')
    expect(await statistics('y.image')).toEqual(native)
    const values = await cleanbeam('imval', 'y.image', ...BOX, '--json')
    expect(JSON.parse(values.stdout).data).toHaveLength(11)
    await cleanbeam('imhead', 'y.image', '--mode', 'put', '--hdkey', 'object', '--hdvalue', 'M87')
    const object = await cleanbeam('imhead', 'y.image', '--mode', 'get', '--hdkey', 'object', '--json')
    expect(object.stdout).toBe('"M87"\n')
    const mask = await cleanbeam('immask', 'y.image', '--mask', 'box[[1pix,1pix],[2pix,3pix]]', '-o', 'm', '--json')
    expect(JSON.parse(mask.stdout)).toEqual({ masksum: 6, outfile: 'm' })
  })

  it.each([
    [['imstat', 'none.image', '--json'], 1, /none\.image/],
    [['imhead', 'x', '--mode', 'put'], 2, /--hdkey with --mode put/],
    [['imstat', 'x', '--axes', 'a'], 2, /--axes/],
    [['listobs', VIS, '--field', 'NOPE'], 2, /field.*NOPE/],
    [['exportfits', 'x'], 2, /--fitsimage/],
    [['importuvfits', 'a.uvfits', 'a.ms'], 1, /a\.uvfits/],
    [['importuvfits', 'a.uvfits'], 2, /--vis/],
  ])('%j ends with %i and says why', async (args, status, message) => {
    const run = await cleanbeam(...args)
    expect([run.status, run.stdout]).toEqual([status, ''])
    expect(run.stderr).toMatch(message)
  })
})

describe('gclean', () => {
  it('answers every step, and lists the commands', async () => {
    const steps = [
      ['next'],
      ['next'],
      ['mask', 'circle[[32pix,32pix],12pix]', { mode: 'set' }],
      ['next'],
      ['update', { niter: -5 }],
      ['restore'],
    ]
    writeFileSync(join(folder, 's.json'), JSON.stringify(steps))
    const run = await cleanbeam(
      'gclean',
      ...SMALL,
      '--imagename',
      'x',
      '--niter',
      '50',
      '--cycleniter',
      '10',
      '--steps',
      's.json',
      '--return',
      'r.json',
    )
    expect(run.status).toBe(0)
    expect(run.stdout).toBe('')
    const { steps: answers, cmds } = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'))
    expect(answers.map((answer: { step: unknown }) => answer.step)).toEqual(steps)
    expect(answers.map((answer: { record?: { stopcode: number } }) => answer.record?.stopcode)).toEqual([
      0,
      7,
      undefined,
      0,
      undefined,
      undefined,
    ])
    expect(answers[4].returned).toEqual([-1, 'expected an integer, at least 0 for niter, got -5'])
    expect(answers[5].returned).toEqual({ image: 'x.image' })
    expect(cmds).toHaveLength(5)
  })

  it('refuses what is no step', async () => {
    writeFileSync(join(folder, 's.json'), '[["next"], ["jump"]]')
    const run = await cleanbeam('gclean', ...SMALL, '--imagename', 'x', '--steps', 's.json')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('got ["jump"] (s.json, step 2)')
  })
})

describe('iclean', () => {
  it('--headless cleans and restores without a browser', async () => {
    const run = await cleanbeam(
      'iclean',
      VIS,
      ...SMALL.slice(2),
      '--imagename',
      'x',
      '--niter',
      '20',
      '--mask',
      'circle[[32pix,32pix],12pix]',
      '--headless',
      '--json',
    )
    expect(run.stderr).toContain('iteration limit')
    expect(run.status).toBe(0)
    expect(JSON.parse(run.stdout)).toMatchObject({ images: { image: 'x.image' }, returndict: { iterdone: 20 } })
  })

  it.each([
    [['none.uvfits'], /'none.uvfits', which does not exist/],
    [[VIS, '--engine', 'other'], /expected --engine native or casa, got 'other'/],
    [[VIS, '--format', 'png'], /expected --format fits, casa or both, got 'png'/],
    [[VIS, '--port', 'x'], /expected a port number 0 to 65535, got 'x'/],
  ])('refuses %j', async (args, message) => {
    const run = await cleanbeam('iclean', ...args, ...SMALL.slice(2), '--imagename', 'x', '--no-open')
    expect(run.stderr).toMatch(message)
    expect(run.status).toBe(2)
    expect(readdirSync(folder)).toEqual([])
  })

  it('prints the address first', async () => {
    const child = spawn(process.execPath, [LAUNCHER, 'demo', '--no-open', '--json'], { cwd: folder })
    try {
      const line = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', chunk => resolve(String(chunk).split('\n')[0]))
        child.once('close', status => reject(new Error(`ended with ${status}`)))
      })
      const { url } = JSON.parse(line)
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
      // The token is exchanged for a cookie and leaves the address.
      const { status } = await fetch(url, { redirect: 'manual' })
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(400)
    } finally {
      child.kill('SIGTERM')
    }
    const status = await new Promise(resolve => child.once('close', resolve))
    expect(status).toBe(143)
    expect(existsSync(join(folder, 'cleanbeam-demo/m87.cleanbeam/lock'))).toBe(false)
  })
})

describe('plot', () => {
  it('draws PNG and SVG with axes, beam and unit', async () => {
    await cleanbeam('tclean', ...SMALL, '--imagename', 'x', '--niter', '10', '--quiet', '--format', 'both')
    const svg = await cleanbeam('plot', 'x.image', '-o', 'x.svg', '--mask', 'x.mask', '--contours', '0.1,0.5', '--grid')
    expect(svg.status).toBe(0)
    const text = readFileSync(join(folder, 'x.svg'), 'utf8')
    for (const word of ['Jy/beam', 'data:image/png;base64,', '12ʰ30ᵐ', ' mas, ']) expect(text).toContain(word)
    const png = await cleanbeam('plot', 'x.image.fits', '-o', 'x.png', '--size', '400x360')
    expect(png.status).toBe(0)
    const { width, height } = decode(readFileSync(join(folder, 'x.png')))
    expect([width, height]).toEqual([800, 720])
  })

  it.each([
    [['none.fits', '-o', 'x.png'], 1, /none\.fits/],
    [['none.fits', '-o', 'x.jpg'], 2, /expected x\.png or x\.svg for --output, got 'x\.jpg'/],
    [['none.fits', '-o', 'x.png', '--colormap', 'mud'], 2, /expected one of inferno, .* for --colormap, got 'mud'/],
    [['none.fits', '-o', 'x.png', '--range', '2,1'], 2, /expected --range low,high with low below high/],
  ])('refuses %j', async (args, status, message) => {
    const run = await cleanbeam('plot', ...args)
    expect(run.stderr).toMatch(message)
    expect(run.status).toBe(status)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('the program', () => {
  it('tells its version and its commands', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect((await cleanbeam('--version')).stdout).toBe(`${version}\n`)
    const help = await cleanbeam('--help')
    for (const name of ['demo', 'iclean', 'tclean', 'deconvolve', 'gclean', 'plot'])
      expect(help.stdout).toContain(`  ${name}`)
    expect(help.status).toBe(0)
  })

  it('ends with 2 for an unknown command', async () => {
    const run = await cleanbeam('tclaen')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain("unknown command 'tclaen'")
  })
})
