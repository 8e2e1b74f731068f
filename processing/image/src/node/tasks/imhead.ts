import type { ImageCoordinates, ImageCube, JsonObject, JsonValue, RestoringBeam } from '@cleanbeam/types'
import { dateTextOfMjd } from '../../fits/calendar.ts'
import { ImageError } from '../../image-error.ts'
import { wholeCover } from '../../statistics.ts'
import { statisticsRecord } from '../../statistics-record.ts'
import { worldOfPixel } from '../../world-format.ts'
import { readImage, writeImage } from '../image-file.ts'

/** Parameters of {@link imhead}, with CASA's names. */
export interface ImheadParameters {
  readonly imagename: string
  readonly mode?: 'list' | 'summary' | 'get' | 'put'
  readonly hdkey?: string
  readonly hdvalue?: string | number
}

const ARCSECONDS = (180 * 3600) / Math.PI
const DEGREES = 180 / Math.PI

/** What `put` can change, and how. */
const EDITS: Readonly<Record<string, (cube: ImageCube, value: string | number) => ImageCube>> = {
  bunit: (cube, value) => ({ ...cube, unit: String(value) }),
  object: (cube, value) => withObservation(cube, { object: String(value) }),
  observer: (cube, value) => withObservation(cube, { observer: String(value) }),
  telescope: (cube, value) => withObservation(cube, { telescope: String(value) }),
  restfreq: (cube, value) => ({
    ...cube,
    coordinates: {
      ...cube.coordinates,
      spectral: { ...cube.coordinates.spectral, restFrequencyHz: numberOf('restfreq', value) },
    },
  }),
}

/**
 * The header of an image: all of it (`list`, `summary`), one key (`get`), or one key changed on disk (`put`: bunit,
 * object, observer, telescope, restfreq in Hz).
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.information.imhead.html
 * @throws FitsError or ImageError naming the parameter at fault
 */
export async function imhead(parameters: ImheadParameters): Promise<JsonValue> {
  const { imagename, mode = 'summary', hdkey = '' } = parameters
  const cube = await readImage(imagename)
  const key = hdkey.toLowerCase()
  if (mode === 'list') return listHeader(cube)
  if (mode === 'summary') return summariseHeader(cube)
  if (mode === 'get') return getKey(listHeader(cube), key)
  if (mode === 'put') {
    const edit = EDITS[key]
    if (!edit || parameters.hdvalue === undefined) {
      throw new ImageError(
        `expected hdkey among ${Object.keys(EDITS).join(', ')} and an hdvalue, got '${hdkey}' (imhead)`,
      )
    }
    await writeImage(imagename, edit(cube, parameters.hdvalue), { keepMasks: true })
    return true
  }
  throw new ImageError(`expected mode list, summary, get or put, got '${String(mode)}' (imhead)`, { mode })
}

function getKey(header: JsonObject, key: string): JsonValue {
  const value = header[key]
  if (value !== undefined) return value
  throw new ImageError(`expected hdkey among ${Object.keys(header).join(', ')}, got '${key}' (imhead)`, { key })
}

function axisParts({ direction, spectral }: ImageCoordinates) {
  return {
    names: direction.frame === 'GALACTIC' ? ['Longitude', 'Latitude'] : ['Right Ascension', 'Declination'],
    units: ['rad', 'rad', '', 'Hz'],
    increments: [...direction.incrementRad, 1, spectral.incrementHz],
    pixels: [...direction.referencePixel, 0, spectral.referencePixel],
  }
}

function summariseHeader(cube: ImageCube): JsonObject {
  const { names, units, increments, pixels } = axisParts(cube.coordinates)
  return {
    axisnames: [...names, 'Stokes', 'Frequency'],
    axisunits: units,
    defaultmask: cube.mask ? 'mask0' : '',
    hasmask: cube.mask !== null,
    imagetype: 'Intensity',
    incr: increments,
    masks: cube.mask ? ['mask0'] : [],
    ndim: 4,
    ...beamKeys(cube),
    refpix: pixels,
    refval: worldOfPixel(cube.coordinates, pixels),
    shape: [...cube.shape],
    unit: cube.unit,
  }
}

/** CASA's keys in CASA's units; positions are strings with blanks between their parts. */
function listHeader(cube: ImageCube): JsonObject {
  const { coordinates } = cube
  const { names, units, increments, pixels } = axisParts(coordinates)
  const values = worldOfPixel(coordinates, pixels)
  const extrema = statisticsRecord(cube, { box: wholeCover(cube), mask: null, axes: [0, 1, 2, 3], robust: false })
  const { observation, direction, spectral } = coordinates
  const header: JsonObject = { bunit: cube.unit }
  ;[...names, 'Stokes', 'Frequency'].forEach((name, i) => {
    header[`cdelt${i + 1}`] = increments[i]
    header[`crpix${i + 1}`] = pixels[i]
    header[`crval${i + 1}`] = values[i]
    header[`ctype${i + 1}`] = name
    header[`cunit${i + 1}`] = units[i]
  })
  return {
    ...header,
    ...beamKeys(cube),
    datamax: extrema.max[0],
    datamin: extrema.min[0],
    'date-obs': dateTextOfMjd(observation.dateMjd).replaceAll('-', '/').replace('T', '/'),
    equinox: direction.frame,
    imtype: 'Intensity',
    masks: cube.mask ? ['mask0'] : [],
    maxpixpos: extrema.maxpos,
    maxpos: extrema.maxposf.replaceAll(', ', ' '),
    minpixpos: extrema.minpos,
    minpos: extrema.minposf.replaceAll(', ', ' '),
    object: observation.object,
    observer: observation.observer,
    projection: direction.projection,
    reffreqtype: spectral.frame,
    restfreq: [spectral.restFrequencyHz],
    shape: [...cube.shape],
    telescope: observation.telescope,
  }
}

function beamKeys(cube: ImageCube): JsonObject {
  if (cube.beams.length === 0) return {}
  if (cube.beams.length === 1) {
    const beam = beamRecord(cube.beams[0])
    return { restoringbeam: beam, beammajor: beam.major, beamminor: beam.minor, beampa: beam.positionangle }
  }
  const [, , nStokes, nChannel] = cube.shape
  const beams: JsonObject = {}
  for (let channel = 0; channel < nChannel; channel++) {
    const perStokes: JsonObject = {}
    for (let stokes = 0; stokes < nStokes; stokes++) {
      perStokes[`*${stokes}`] = beamRecord(cube.beams[stokes + nStokes * channel])
    }
    beams[`*${channel}`] = perStokes
  }
  return { perplanebeams: { beams, nChannels: nChannel, nStokes } }
}

function beamRecord(beam: RestoringBeam): JsonObject {
  return {
    major: { unit: 'arcsec', value: beam.majorRad * ARCSECONDS },
    minor: { unit: 'arcsec', value: beam.minorRad * ARCSECONDS },
    positionangle: { unit: 'deg', value: beam.positionAngleRad * DEGREES },
  }
}

function withObservation(cube: ImageCube, change: Partial<ImageCoordinates['observation']>): ImageCube {
  const { coordinates } = cube
  return { ...cube, coordinates: { ...coordinates, observation: { ...coordinates.observation, ...change } } }
}

function numberOf(key: string, value: string | number): number {
  const number = Number(value)
  if (Number.isFinite(number) && number > 0) return number
  throw new ImageError(`expected a positive number for ${key}, got '${value}' (imhead)`, { key })
}
