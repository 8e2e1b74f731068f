// CASA Region Text Format, version 0, read.
// Format: https://casadocs.readthedocs.io/en/stable/notebooks/image_analysis.html ("Region File Format").
// What that page leaves open follows the answers of casatools: keywords in any case, units are required, a region ends
// at its bracket and takes `key=value` parameters after it, with or without commas; unknown keys are errors; a negative
// radius counts as positive; an annulus needs 0 < inner < outer; positions are wholly in pixels or wholly in angles;
// range=[0chan,0chan] means all channels.
// Deviations: `+` before a region is read as the format says (casatools refuses it), and `global range` is obeyed
// (casatools ignores it). Colons in a latitude are refused: casatools takes them for hours.
import { lookUpUnit, parseAngleText } from '@cleanbeam/measures'
import type { DirectionFrame, SpectralFrame, Stokes } from '@cleanbeam/types'
import { FITS_STOKES_CODES, isTaggedError } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { splitArguments, takeBracket } from './crtf-scanner.ts'
import type { RegionShape } from './region.ts'
import { isAnnotationShape, type Region, type RegionPoint, type RegionQuantity, type RegionRange } from './region.ts'

type Parameters = Readonly<Record<string, string>>

const FRAMES: Readonly<Record<string, DirectionFrame>> = {
  J2000: 'J2000',
  ICRS: 'ICRS',
  B1950: 'B1950',
  GALACTIC: 'GALACTIC',
}
const SPECTRAL_FRAMES: readonly string[] = 'REST LSRK LSRD BARY GEO TOPO GALACTO LGROUP CMB'.split(' ')
const MEANT = new Set(['coord', 'range', 'corr', 'frame', 'veltype', 'restfreq'])
const DRAWN = new Set(
  'linewidth linestyle symsize symthick color font fontsize fontstyle usetex label labelpos labelcolor labeloff'.split(
    ' ',
  ),
)

/** How the parts of one shape are read; each takes the texts between its brackets. */
const SHAPES: Readonly<Record<string, (args: string[], line: LineReader) => RegionShape>> = {
  box: (args, line) => ({ kind: 'box', corners: [line.point(args, 0), line.point(args, 1, 2)] }),
  centerbox: (args, line) => ({ kind: 'centerbox', centre: line.point(args, 0), size: line.lengths(args, 1, 2) }),
  rotbox: (args, line) => ({
    kind: 'rotbox',
    centre: line.point(args, 0),
    size: line.lengths(args, 1, 3),
    angleRad: line.angle(args, 2),
  }),
  ellipse: (args, line) => ({
    kind: 'ellipse',
    centre: line.point(args, 0),
    semiAxes: line.lengths(args, 1, 3),
    angleRad: line.angle(args, 2),
  }),
  circle: (args, line) => ({ kind: 'circle', centre: line.point(args, 0), radius: line.length(args, 1, 2) }),
  annulus: (args, line) => ({ kind: 'annulus', centre: line.point(args, 0), radii: line.radii(args) }),
  poly: (args, line) => ({ kind: 'poly', vertices: line.vertices(args) }),
  line: (args, line) => ({ kind: 'line', ends: [line.point(args, 0), line.point(args, 1, 2)] }),
  vector: (args, line) => ({ kind: 'vector', ends: [line.point(args, 0), line.point(args, 1, 2)] }),
  text: (args, line) => ({ kind: 'text', at: line.point(args, 0), text: line.label(args) }),
  symbol: (args, line) => ({ kind: 'symbol', at: line.point(args, 0), text: line.label(args) }),
}

/** True when the text is headed as CRTF, or its first region is a CRTF shape followed by a bracket. */
export function looksLikeCrtf(text: string): boolean {
  if (/^\s*#CRTF/.test(text)) return true
  const line = text.split('\n').find(each => !/^\s*(#|global\s|$)/i.test(each)) ?? ''
  const match = /^\s*[+-]?\s*(?:ann\s+)?([a-z]+)\s*\[/i.exec(line)
  return match !== null && match[1].toLowerCase() in SHAPES
}

/**
 * Regions of a CRTF text: one line or a whole file, with or without its `#CRTFv0` header.
 * @throws ImageError naming the line and what is wrong with it, or when the text holds no region at all
 */
export function parseCrtf(text: string): Region[] {
  const lines = text.split(/\r\n|\n|\r/)
  const version = /^\s*#CRTFv?(\d+)/.exec(lines[0] ?? '')
  if (version && Number(version[1]) !== 0) {
    throw new ImageError(`expected CRTF version 0, got '${lines[0].trim()}' (line 1)`, { line: 1 })
  }
  const regions: Region[] = []
  let globals: Parameters = {}
  lines.forEach((content, i) => {
    const trimmed = content.trim()
    if (trimmed === '' || trimmed.startsWith('#')) return
    const reader = new LineReader(trimmed, i + 1)
    const global = /^global\s+(.*)$/i.exec(trimmed)
    if (global) globals = { ...globals, ...reader.parameters(global[1]) }
    else regions.push(reader.region(globals))
  })
  if (regions.length > 0) return regions
  throw new ImageError(
    `expected a region such as 'circle[[10pix,20pix],5pix]', got ${JSON.stringify(text.slice(0, 60))}`,
    { text: text.slice(0, 200) },
  )
}

/** Reads one line; every complaint names it. */
class LineReader {
  readonly #text: string
  readonly #number: number

  constructor(text: string, number: number) {
    this.#text = text
    this.#number = number
  }

  region(globals: Parameters): Region {
    const head = /^([+-]?)\s*(ann\s+)?([a-z]+)\s*(?=\[)/i.exec(this.#text)
    const read = head && SHAPES[head[3].toLowerCase()]
    if (!head || !read) throw this.#error(`one of ${Object.keys(SHAPES).join(', ')} followed by [`, this.#text)
    const bracket = takeBracket(this.#text, head[0].length)
    if (bracket === null) throw this.#error('as many ] as [', this.#text)
    const parameters = { ...globals, ...this.parameters(this.#text.slice(bracket.end)) }
    const frame = this.#frame(parameters.coord)
    const shape = read(splitArguments(bracket.content), this)
    return {
      shape,
      frame,
      operation: head[1] === '-' ? 'subtract' : 'add',
      annotation: head[2] !== undefined || isAnnotationShape(shape),
      range: this.#range(parameters),
      stokes: this.#stokes(parameters.corr),
      properties: Object.fromEntries(Object.entries(parameters).filter(([key]) => DRAWN.has(key))),
    }
  }

  parameters(text: string): Parameters {
    const parameters: Record<string, string> = {}
    let rest = text.replace(/^[\s,]+/, '')
    while (rest !== '') {
      const key = /^([A-Za-z]+)\s*=\s*/.exec(rest)
      if (!key) throw this.#error('parameters such as color=red', rest)
      const name = key[1].toLowerCase()
      if (!MEANT.has(name) && !DRAWN.has(name)) throw this.#error(`one of ${[...MEANT, ...DRAWN].join(', ')}`, key[1])
      const value = this.#value(rest.slice(key[0].length))
      parameters[name] = value.text
      rest = value.rest.replace(/^[\s,]+/, '')
    }
    return parameters
  }

  #value(text: string): { text: string; rest: string } {
    if (text[0] === '[') {
      const bracket = takeBracket(text, 0)
      if (bracket === null) throw this.#error('as many ] as [', text)
      return { text: bracket.content.trim(), rest: text.slice(bracket.end) }
    }
    const quoted = /^"([^"]*)"|^'([^']*)'/.exec(text)
    if (quoted) return { text: quoted[1] ?? quoted[2], rest: text.slice(quoted[0].length) }
    const plain = /^[^,\s]+/.exec(text)
    if (!plain) throw this.#error('a value after =', text)
    return { text: plain[0], rest: text.slice(plain[0].length) }
  }

  /** The pair at `index`; `count` is how many arguments the shape has in all. */
  point(args: string[], index: number, count?: number): RegionPoint {
    this.#expectCount(args, count)
    return this.#point(args[index])
  }

  vertices(args: string[]): RegionPoint[] {
    if (args.length < 3) throw this.#error('a polygon of at least 3 vertices', `${args.length}`)
    const vertices = args.map(arg => this.#point(arg))
    if (new Set(vertices.map(([x]) => x.unit)).size > 1) throw this.#error('all vertices in pixels or all in angles')
    return vertices
  }

  length(args: string[], index: number, count: number): RegionQuantity {
    this.#expectCount(args, count)
    return this.#length(args[index])
  }

  lengths(args: string[], index: number, count: number): readonly [RegionQuantity, RegionQuantity] {
    this.#expectCount(args, count)
    const [first, second] = this.#pair(args[index]).map(text => this.#length(text))
    return [first, second]
  }

  radii(args: string[]): readonly [RegionQuantity, RegionQuantity] {
    const [inner, outer] = this.lengths(args, 1, 2)
    const isRing = inner.value > 0 && (inner.unit !== outer.unit || inner.value < outer.value)
    if (!isRing) throw this.#error('0 < inner radius < outer radius', args[1])
    return [inner, outer]
  }

  angle(args: string[], index: number): number {
    const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\s*([a-z'"]+)$/i.exec(args[index].trim())
    const unit = match && lookUpUnit(match[2])
    if (match && unit?.dimension === 'angle') return Number(match[1]) * unit.scale
    throw this.#error('an angle such as 30deg', args[index])
  }

  label(args: string[]): string {
    if (args.length < 2) throw this.#error('a text or symbol after the position', this.#text)
    return args
      .slice(1)
      .join(',')
      .trim()
      .replace(/^"(.*)"$|^'(.*)'$/, '$1$2')
  }

  #point(text: string | undefined): RegionPoint {
    const [x, y] = this.#pair(text)
    const inPixels = [x, y].map(value => /pix$/i.test(value))
    if (inPixels[0] !== inPixels[1]) throw this.#error('both coordinates in pixels or both in angles', text)
    if (inPixels[0]) return [this.#pixels(x), this.#pixels(y)]
    if (y.includes(':')) {
      throw this.#error('a latitude such as +40.39.24, +40d39m24s or 40.65deg (colons are hours)', y)
    }
    return [this.#worldAngle(x), this.#worldAngle(y)]
  }

  #worldAngle(text: string): RegionQuantity {
    try {
      return { value: parseAngleText(text, 'position', 'hours'), unit: 'rad' }
    } catch (cause) {
      const reason = isTaggedError(cause) ? cause.message : String(cause)
      throw new ImageError(`${reason} (region, line ${this.#number})`, { line: this.#number, text }, cause)
    }
  }

  #pixels(text: string): RegionQuantity {
    const value = Number(text.replace(/\s*pix$/i, ''))
    if (text.trim() !== '' && Number.isFinite(value)) return { value, unit: 'pix' }
    throw this.#error('a number of pixels such as 10.5pix', text)
  }

  #length(text: string): RegionQuantity {
    const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z'"]+)$/i.exec(text.trim())
    const value = Math.abs(Number(match?.[1]))
    if (match?.[2].toLowerCase() === 'pix') return { value, unit: 'pix' }
    const unit = match ? lookUpUnit(match[2]) : undefined
    if (unit?.dimension === 'angle') return { value: value * unit.scale, unit: 'rad' }
    throw this.#error('a length in pixels or angles such as 5pix or 12arcsec', text)
  }

  #pair(text: string | undefined): string[] {
    const trimmed = text?.trim() ?? ''
    const bracket = trimmed[0] === '[' ? takeBracket(trimmed, 0) : null
    const parts = bracket && bracket.end === trimmed.length ? splitArguments(bracket.content) : []
    if (parts.length === 2) return parts.map(part => part.trim())
    throw this.#error('a pair such as [10pix,20pix]', text)
  }

  #frame(name: string | undefined): DirectionFrame | null {
    if (name === undefined) return null
    const frame = FRAMES[name.toUpperCase()]
    if (frame) return frame
    throw this.#error(`coord to be one of ${Object.keys(FRAMES).join(', ')}`, name)
  }

  #stokes(text: string | undefined): Stokes[] | null {
    const names = (text ?? '').split(',').map(name => name.trim().toUpperCase())
    if (names.join('') === '') return null
    for (const name of names) if (!(name in FITS_STOKES_CODES)) throw this.#error('Stokes parameters in corr', name)
    return names as Stokes[]
  }

  #range(parameters: Parameters): RegionRange | null {
    if (parameters.range === undefined) return null
    const ends = splitArguments(parameters.range).map(end => this.#spectralQuantity(end))
    if (ends.length !== 2 || ends[0].unit !== ends[1].unit) {
      throw this.#error('a range of two channels, frequencies or velocities such as [1chan,5chan]', parameters.range)
    }
    const [from, to] = ends.map(end => end.value)
    const { unit } = ends[0]
    if (unit === 'chan' && from === 0 && to === 0) return null
    return {
      unit,
      from,
      to,
      frame: this.#spectralFrame(parameters.frame),
      velocityType: this.#velocityType(parameters.veltype),
      restFrequencyHz: this.#restFrequency(parameters.restfreq),
    }
  }

  #spectralQuantity(text: string): { value: number; unit: RegionRange['unit'] } {
    const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z/]+)\s*$/i.exec(text)
    if (match && /^(chan|pix)$/i.test(match[2])) return { value: Number(match[1]), unit: 'chan' }
    const unit = match ? lookUpUnit(match[2]) : undefined
    if (match && unit?.dimension === 'frequency') return { value: Number(match[1]) * unit.scale, unit: 'Hz' }
    if (match && unit?.dimension === 'velocity') return { value: Number(match[1]) * unit.scale, unit: 'm/s' }
    throw this.#error('a channel, frequency or velocity such as 3chan, 1.42GHz or -12km/s', text)
  }

  #spectralFrame(name: string | undefined): SpectralFrame | null {
    if (name === undefined) return null
    const frame = name.toUpperCase()
    if (SPECTRAL_FRAMES.includes(frame)) return frame as SpectralFrame
    throw this.#error(`frame to be one of ${SPECTRAL_FRAMES.join(', ')}`, name)
  }

  #velocityType(name: string | undefined): RegionRange['velocityType'] {
    const type = { RADIO: 'RADIO', OPTICAL: 'OPTICAL', Z: 'OPTICAL', BETA: 'BETA', TRUE: 'BETA' } as const
    const found = type[(name ?? 'RADIO').toUpperCase() as keyof typeof type]
    if (found) return found
    throw this.#error('veltype to be RADIO, OPTICAL or BETA', name)
  }

  #restFrequency(text: string | undefined): number | null {
    if (text === undefined) return null
    const quantity = this.#spectralQuantity(text)
    if (quantity.unit === 'Hz' && quantity.value > 0) return quantity.value
    throw this.#error('restfreq to be a frequency such as 1.42GHz', text)
  }

  #expectCount(args: string[], count: number | undefined): void {
    if (count !== undefined && args.length !== count) throw this.#error(`${count} arguments`, `${args.length}`)
  }

  #error(expected: string, got: string | undefined = this.#text): ImageError {
    return new ImageError(`expected ${expected}, got '${got}' (region, line ${this.#number}: ${this.#text})`, {
      line: this.#number,
      text: this.#text,
    })
  }
}
