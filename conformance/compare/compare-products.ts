import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type FitsImage, readFitsImage } from './fits-image.ts'
import type { PixelTolerance, Tolerances } from './tolerances.ts'

/** A difference found, in words, and the figures measured on the way (fractions of the peak unless named otherwise). */
export interface Comparison {
  readonly faults: string[]
  readonly figures: Record<string, number>
}

/** Suffixes of the products recorded for a case: '.psf', '.residual', … */
export function recordedProducts(referenceFolder: string, name: string): string[] {
  return readdirSync(referenceFolder)
    .filter(file => file.startsWith(`${name}.`) && file.endsWith('.fits.gz'))
    .map(file => file.slice(name.length, -'.fits.gz'.length))
    .sort()
}

/** Compares every recorded product of a case with ours in `folder`. */
export function compareProducts(
  referenceFolder: string,
  name: string,
  folder: string,
  tolerances: Tolerances,
): Comparison {
  const faults: string[] = []
  const figures: Record<string, number> = {}
  const suffixes = recordedProducts(referenceFolder, name)
  const reference = (suffix: string) => readFitsImage(join(referenceFolder, `${name}${suffix}.fits.gz`))
  const restored = ['.image', '.image.tt0', '.residual', '.residual.tt0'].find(suffix => suffixes.includes(suffix))
  const restoredPeak = restored === undefined ? 1 : peakOf(reference(restored).pixels)
  const region = suffixes.includes('.mask') ? reference('.mask').pixels : null
  for (const suffix of suffixes) {
    const path = join(folder, `${name}${suffix}.fits`)
    if (!existsSync(path)) {
      faults.push(`${suffix} was not written`)
      continue
    }
    const [theirs, ours] = [reference(suffix), readFitsImage(path)]
    if (theirs.shape.join() !== ours.shape.join()) {
      faults.push(`${suffix} shape [${ours.shape}], CASA [${theirs.shape}]`)
      continue
    }
    const add = (label: string, found: string | null, value: number) => {
      figures[`${suffix} ${label}`] = value
      if (found) faults.push(`${suffix} ${found}`)
    }
    const stem = suffix.split('.')[1]
    const isFirst = !/\.tt[1-9]/.test(suffix)
    if (stem !== 'sumwt') faults.push(...headerFaults(suffix, theirs, ours, tolerances))
    if (stem === 'psf' && isFirst) comparePixels(theirs, ours, tolerances.psf, 1, null, add)
    if (stem === 'pb') comparePixels(theirs, ours, tolerances.pb, 1, null, add)
    if (stem === 'residual') comparePixels(theirs, ours, tolerances.residual, restoredPeak, region, add)
    if (stem === 'image') comparePixels(theirs, ours, tolerances.image, restoredPeak, region, add)
    if (stem === 'sumwt') compareTotals('sumwt', theirs, ours, tolerances.sumWeight, 0, add)
    if (stem === 'model' && isFirst) compareTotals('flux', theirs, ours, tolerances.modelFlux, 0.02 * restoredPeak, add)
    if (stem === 'mask') compareMasks(theirs, ours, tolerances.maskOverlap, add)
  }
  return { faults, figures }
}

type Add = (label: string, fault: string | null, value: number) => void

function comparePixels(
  theirs: FitsImage,
  ours: FitsImage,
  tolerance: PixelTolerance | null,
  scale: number,
  region: Float64Array | null,
  add: Add,
): void {
  const blanks = ours.pixels.reduce(
    (n, value, i) => n + (Number.isFinite(value) === Number.isFinite(theirs.pixels[i]) ? 0 : 1),
    0,
  )
  add(
    'blanks',
    blanks > 2e-3 * ours.pixels.length ? `is blanked in ${blanks} pixels more or fewer than CASA's` : null,
    blanks,
  )
  if (tolerance === null) return
  const zones: [label: string, inside: (i: number) => boolean, factor: number][] = region
    ? [
        ['inside mask', i => region[i] > 0.5, 1],
        ['outside mask', i => region[i] <= 0.5, 2],
      ]
    : [['', () => true, 1]]
  for (const [label, inside, factor] of zones) {
    const { max, rms, at, count } = difference(theirs, ours, inside)
    if (count === 0) continue
    const bound = (what: string, value: number, limit: number) =>
      value <= limit ? null : `${label} ${what} ${value.toExponential(2)} of the peak > ${limit} (worst at ${at})`
    add(`${label} max`, bound('max', max / scale, factor * tolerance.max), max / scale)
    add(`${label} rms`, bound('rms', rms / scale, factor * tolerance.rms), rms / scale)
  }
}

function difference(theirs: FitsImage, ours: FitsImage, inside: (i: number) => boolean) {
  let [max, sum, count, worst] = [0, 0, 0, -1]
  for (let i = 0; i < ours.pixels.length; i++) {
    const error = Math.abs(ours.pixels[i] - theirs.pixels[i])
    if (!inside(i) || Number.isNaN(error)) continue
    if (error >= max) [max, worst] = [error, i]
    sum += error * error
    count++
  }
  const [, nChannel, ny, nx] = ours.shape
  const at = `x ${worst % nx}, y ${Math.floor(worst / nx) % ny}, channel ${Math.floor(worst / (nx * ny)) % nChannel}`
  return { max, rms: Math.sqrt(sum / Math.max(1, count)), at, count }
}

function compareTotals(
  label: string,
  theirs: FitsImage,
  ours: FitsImage,
  relative: number,
  floor: number,
  add: Add,
): void {
  const [a, b] = [total(theirs.pixels), total(ours.pixels)]
  const error = Math.abs(a - b) / Math.max(Math.abs(a), floor, Number.MIN_VALUE)
  add(label, error <= relative ? null : `${label} ${b}, CASA ${a}`, error)
}

function compareMasks(theirs: FitsImage, ours: FitsImage, least: number, add: Add): void {
  let [both, either] = [0, 0]
  for (let i = 0; i < ours.pixels.length; i++) {
    const [a, b] = [theirs.pixels[i] > 0.5, ours.pixels[i] > 0.5]
    both += a && b ? 1 : 0
    either += a || b ? 1 : 0
  }
  const overlap = either === 0 ? 1 : both / either
  add('overlap', overlap >= least ? null : `overlaps CASA's mask by ${overlap.toFixed(4)} only`, overlap)
}

function headerFaults(suffix: string, theirs: FitsImage, ours: FitsImage, tolerances: Tolerances): string[] {
  const faults: string[] = []
  const text = (image: FitsImage, key: string) => image.header.get(key)
  for (const [key, value] of theirs.header) {
    if (/^CTYPE\d$/.test(key) && text(ours, key) !== value)
      faults.push(`${suffix} ${key} ${text(ours, key)}, CASA ${value}`)
    // CASA leaves the unit of a residual empty; saying Jy/beam there takes nothing away.
    if (['BUNIT', 'SPECSYS', 'RADESYS', 'TELESCOP'].includes(key) && value !== '' && text(ours, key) !== value) {
      faults.push(`${suffix} ${key} ${text(ours, key)}, CASA ${value}`)
    }
    if (/^(CRVAL|CRPIX|CDELT)\d$/.test(key) || key === 'RESTFRQ') {
      const [a, b] = [Number(value), Number(text(ours, key))]
      const allowed = Math.max(3e-9 * Math.abs(a), 1e-13)
      if (!(Math.abs(a - b) <= allowed) && key.slice(0, 5) !== 'CDELT') faults.push(`${suffix} ${key} ${b}, CASA ${a}`)
      if (key.slice(0, 5) === 'CDELT' && !(Math.abs(a - b) <= 1e-5 * Math.abs(a)))
        faults.push(`${suffix} ${key} ${b}, CASA ${a}`)
    }
  }
  return [...faults, ...beamFaults(suffix, theirs, ours, tolerances)]
}

function beamFaults(suffix: string, theirs: FitsImage, ours: FitsImage, tolerances: Tolerances): string[] {
  if (!theirs.header.has('BMAJ')) return []
  const beam = (image: FitsImage) => ['BMAJ', 'BMIN', 'BPA'].map(key => Number(image.header.get(key)))
  const [[major, minor, angle], [ourMajor, ourMinor, ourAngle]] = [beam(theirs), beam(ours)]
  const close = (a: number, b: number) => Math.abs(a - b) <= tolerances.beamAxis * a
  const turn = Math.abs(((((angle - ourAngle + 90) % 180) + 180) % 180) - 90)
  const round = major <= 1.1 * minor
  if (close(major, ourMajor) && close(minor, ourMinor) && (round || turn <= tolerances.beamAngleDeg)) return []
  return [`${suffix} beam ${[ourMajor, ourMinor, ourAngle]}, CASA ${[major, minor, angle]} (degrees)`]
}

const peakOf = (pixels: Float64Array) =>
  pixels.reduce((peak, value) => (Math.abs(value) > peak ? Math.abs(value) : peak), 0)
const total = (pixels: Float64Array) => pixels.reduce((sum, value) => (Number.isFinite(value) ? sum + value : sum), 0)
