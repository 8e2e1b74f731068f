import { LIGHT_SPEED_METRES_PER_SECOND } from './light-speed.ts'

/** What of an observation decides about the grid of an image. */
export interface ArrayFacts {
  /** Longest and shortest distance of two antennas, metres. */
  readonly longestBaselineMetres: number
  /** Of the smallest dish; 0 when the data do not say. */
  readonly dishDiameterMetres: number
  readonly lowestHz: number
  readonly highestHz: number
}

/** Proposed grid, and why. */
export interface ImageProposal {
  readonly cellArcsec: number
  readonly imsize: number
  readonly resolutionArcsec: number
  readonly primaryBeamArcsec: number
  readonly reason: string
}

const ARCSEC = Math.PI / 648_000
/** Pixels across the narrowest beam: enough for the minor cycle to find a peak within a few per cent. */
const PIXELS_PER_BEAM = 5
/** Full width at half maximum of a uniformly lit dish in units of λ/D. */
const BEAM_FACTOR = 1.02
/** Images of more pixels are slow to look at first: one begins smaller. */
const MOST_PIXELS = 8192
const FIRST_PIXELS = 512
/** How far beyond the half-power width sources still matter. */
const BEAM_WIDTHS = 1.3

/** A grid that resolves the longest baseline and covers the primary beam, as far as that is a sensible beginning. */
export function proposeImage(facts: ArrayFacts): ImageProposal {
  const shortest = LIGHT_SPEED_METRES_PER_SECOND / facts.highestHz
  const longest = LIGHT_SPEED_METRES_PER_SECOND / facts.lowestHz
  const resolutionArcsec = shortest / facts.longestBaselineMetres / ARCSEC
  const cellArcsec = rounded(resolutionArcsec / PIXELS_PER_BEAM)
  const dish = facts.dishDiameterMetres
  const primaryBeamArcsec = dish > 0 ? (BEAM_FACTOR * longest) / dish / ARCSEC : 0
  const across = (BEAM_WIDTHS * primaryBeamArcsec) / cellArcsec
  const base = { cellArcsec, resolutionArcsec, primaryBeamArcsec }
  if (!(across > 0)) {
    return {
      ...base,
      imsize: FIRST_PIXELS,
      reason: 'The data do not say how large the dishes are: a small image to begin with.',
    }
  }
  if (across > MOST_PIXELS) {
    const reason = `The primary beam is ${Math.round(primaryBeamArcsec / cellArcsec)} pixels wide: a small image of its middle to begin with.`
    return { ...base, imsize: FIRST_PIXELS, reason }
  }
  const reason = `${PIXELS_PER_BEAM} pixels across the finest beam, ${BEAM_WIDTHS} primary beams across the image.`
  return { ...base, imsize: goodSize(across), reason }
}

/** One or two digits: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, not above. */
function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const mantissa = value / power
  const digit = [8, 6, 5, 4, 3, 2.5, 2, 1.5, 1.2, 1].find(step => step <= mantissa * (1 + 1e-9)) ?? 1
  return Number((digit * power).toPrecision(3))
}

/** The next even number with no prime factor but 2, 3 and 5, at least 64. */
function goodSize(atLeast: number): number {
  for (let n = Math.max(64, 2 * Math.ceil(atLeast / 2)); ; n += 2) {
    let rest = n
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime
    if (rest === 1) return n
  }
}
