// The part of an image that the task parameters region, box, chans and stokes select.
import type { ImageCube, Stokes } from '@cleanbeam/types'
import { FITS_STOKES_CODES } from '@cleanbeam/types'
import { ImageError } from '../../image-error.ts'
import { pixelPoint, type Region, type RegionRange, regionOfShape } from '../../region/region.ts'
import { coverOfRegions, looksLikeRegion, parseRegions } from '../../region/region-mask.ts'
import { type StatisticsBox, wholeCover } from '../../statistics.ts'
import { readRegionFile } from '../mask-source.ts'

/** CASA's selection parameters; '' selects all. */
export interface ImageSelection {
  /** Region text or a region file. */
  readonly region?: string
  /** `x0,y0,x1,y1` in pixels, any number of them. */
  readonly box?: string
  /** Channels: `3`, `0~5;7`, `>8`, `<3`. */
  readonly chans?: string
  /** Stokes as one word: `IV`, `RRLL`. */
  readonly stokes?: string
}

/**
 * The pixels that a selection covers.
 * @throws ImageError naming the parameter that cannot be read or selects nothing
 */
export async function selectPixels(cube: ImageCube, selection: ImageSelection): Promise<StatisticsBox> {
  const { region = '', box = '', chans = '', stokes = '' } = selection
  if (region === '' && box === '' && chans === '' && stokes === '') return wholeCover(cube)
  if (region !== '' && box !== '') {
    throw new ImageError(`expected either region or box, got both ('${region}', '${box}')`, {
      region,
      box,
      parameter: 'region',
    })
  }
  const areas = region !== '' ? await readRegions(region) : parseBoxes(box, cube)
  const ranges = parseChannels(chans, cube.shape[3])
  const names = parseStokes(stokes, cube)
  const regions = areas.flatMap(area =>
    ranges.map(range => ({ ...area, range: range ?? area.range, stokes: names ?? area.stokes })),
  )
  return coverOfRegions(regions, cube.coordinates, cube.shape)
}

async function readRegions(region: string): Promise<Region[]> {
  const text = looksLikeRegion(region) ? region : await readRegionFile(region)
  if (text !== null) return parseRegions(text)
  throw new ImageError(`expected region text or a region file, got an image or other file (${region})`, {
    region,
    parameter: 'region',
  })
}

function parseBoxes(box: string, cube: ImageCube): Region[] {
  const [nx, ny] = cube.shape
  const numbers = box.trim() === '' ? [0, 0, nx - 1, ny - 1] : box.split(',').map(Number)
  if (numbers.length % 4 !== 0 || !numbers.every(Number.isFinite)) {
    throw new ImageError(`expected box as x0,y0,x1,y1 in pixels, got '${box}' (box)`, { box, parameter: 'box' })
  }
  const regions: Region[] = []
  for (let i = 0; i < numbers.length; i += 4) {
    const corners = [pixelPoint(numbers[i], numbers[i + 1]), pixelPoint(numbers[i + 2], numbers[i + 3])] as const
    regions.push(regionOfShape({ kind: 'box', corners }))
  }
  return regions
}

function parseChannels(chans: string, nChannel: number): (RegionRange | null)[] {
  if (chans.trim() === '') return [null]
  return chans.split(/[;,]/).map(part => {
    const match = /^\s*(?:(\d+)\s*(?:~\s*(\d+))?|([<>])\s*(=?)\s*(\d+))\s*$/.exec(part)
    if (!match) {
      throw new ImageError(`expected channels such as 3, 0~5;7, >8 or <3, got '${chans}' (chans)`, {
        chans,
        parameter: 'chans',
      })
    }
    const [, first, last, sign, orEqual, limit] = match
    let from = Number(first)
    let to = Number(last ?? first)
    if (sign === '>') [from, to] = [Number(limit) + (orEqual ? 0 : 1), nChannel - 1]
    if (sign === '<') [from, to] = [0, Number(limit) - (orEqual ? 0 : 1)]
    return { unit: 'chan', from, to, frame: null, velocityType: 'RADIO', restFrequencyHz: null }
  })
}

function parseStokes(text: string, cube: ImageCube): Stokes[] | null {
  const word = text.replace(/[\s,;]/g, '').toUpperCase()
  if (word === '') return null
  const names = word.match(/RR|RL|LR|LL|XX|XY|YX|YY|[IQUV]/g) ?? []
  if (names.join('') === word && names.every(name => name in FITS_STOKES_CODES)) {
    const present = (names as Stokes[]).filter(name => cube.coordinates.stokes.includes(name))
    if (present.length === names.length) return present
  }
  throw new ImageError(`expected Stokes among ${cube.coordinates.stokes.join(', ')}, got '${text}' (stokes)`, {
    stokes: text,
    parameter: 'stokes',
  })
}
