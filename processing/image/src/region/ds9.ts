// DS9 region files, read.
// Format: http://ds9.si.edu/doc/ref/region.html. Pixels of `image` and `physical` count from 1; angles of world systems
// are against the meridian; `-` excludes. Read: circle, ellipse, box, polygon, annulus; line, vector, text and point as
// annotations. Other shapes are refused by name, lines that begin with # are comments.
import { parseAngleText, RAD_PER_DEG } from '@cleanbeam/measures'
import type { DirectionFrame } from '@cleanbeam/types'
import { isTaggedError } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { Region, RegionPoint, RegionQuantity, RegionShape } from './region.ts'
import { isAnnotationShape } from './region.ts'

const WORLD_SYSTEMS: Readonly<Record<string, DirectionFrame | null>> = {
  fk5: 'J2000',
  j2000: 'J2000',
  icrs: 'ICRS',
  fk4: 'B1950',
  b1950: 'B1950',
  galactic: 'GALACTIC',
  wcs: null,
}
const PIXEL_SYSTEMS: ReadonlySet<string> = new Set(['image', 'physical'])
const SHAPES: ReadonlySet<string> = new Set(
  'circle ellipse box rotbox polygon annulus line vector text point'.split(' '),
)
const LENGTH_UNITS: Readonly<Record<string, number>> = {
  '"': RAD_PER_DEG / 3600,
  "'": RAD_PER_DEG / 60,
  d: RAD_PER_DEG,
  r: 1,
}

/** A coordinate system: pixels, or the frame of world positions (null is the image's own). */
type Ds9System = { readonly isPixels: true } | { readonly isPixels: false; readonly frame: DirectionFrame | null }

/** True when the text is headed as a DS9 file or its first statement is a DS9 system or shape. */
export function looksLikeDs9(text: string): boolean {
  if (/^\s*#\s*Region file format: DS9/i.test(text)) return true
  const line = text.split('\n').find(each => !/^\s*(#|global\s|$)/i.test(each)) ?? ''
  const word = /^\s*(?:[+-]\s*)?([a-z0-9]+)\s*(\(|;|$)/i.exec(line)
  if (!word) return false
  const name = word[1].toLowerCase()
  return word[2] === '(' ? SHAPES.has(name) : name in WORLD_SYSTEMS || PIXEL_SYSTEMS.has(name)
}

/**
 * Regions of a DS9 region text.
 * @throws ImageError naming the line and what is wrong with it
 */
export function parseDs9(text: string): Region[] {
  const regions: Region[] = []
  let system: Ds9System = { isPixels: false, frame: null }
  let isNamed = false
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    for (const statement of splitStatements(line)) {
      const name = statement.toLowerCase()
      if (name.startsWith('global')) continue
      if (PIXEL_SYSTEMS.has(name)) system = { isPixels: true }
      else if (name in WORLD_SYSTEMS) system = { isPixels: false, frame: WORLD_SYSTEMS[name] }
      else {
        // Without a system DS9 takes plain numbers for image pixels.
        regions.push(new Ds9Statement(statement, i + 1, isNamed ? system : { isPixels: true }).region())
        continue
      }
      isNamed = true
    }
  })
  if (regions.length > 0) return regions
  throw new ImageError('expected regions in the DS9 text, got none', { text: text.slice(0, 200) })
}

/** Statements of a line: parted by `;`, without comments (a shape keeps its `# text={…}` properties). */
function splitStatements(line: string): string[] {
  if (line.trim().startsWith('#')) return []
  const statements: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const match = /^((?:[^;#"'{(]|"[^"]*"|'(?=\s*[,)])|\([^)]*\)|\{[^}]*\})*)(;|#|$|.)/.exec(rest)
    if (!match || match[0] === '') break
    if (match[2] === '#') {
      statements.push(rest.trim())
      break
    }
    if (match[1].trim() !== '') statements.push(match[1].trim())
    rest = rest.slice(match[0].length).trim()
  }
  return statements
}

/** One shape of a DS9 text. */
class Ds9Statement {
  readonly #text: string
  readonly #line: number
  readonly #system: Ds9System

  constructor(text: string, line: number, system: Ds9System) {
    this.#text = text
    this.#line = line
    this.#system = system
  }

  region(): Region {
    const match = /^([+-]?)\s*([a-z]+)\s*\(([^)]*)\)\s*(?:\|\|)?\s*(?:#\s*(.*))?$/i.exec(this.#text)
    const name = match?.[2].toLowerCase() ?? ''
    if (!match || !SHAPES.has(name)) throw this.#error(`one of ${[...SHAPES].join(', ')} with ( )`, this.#text)
    const args = match[3].split(/[\s,]+/).filter(arg => arg !== '')
    const properties = readProperties(match[4] ?? '')
    const shape = this.#shape(name, args, properties.text ?? '')
    const { text: label, ...others } = properties
    return {
      shape,
      frame: this.#system.isPixels ? null : this.#system.frame,
      operation: match[1] === '-' ? 'subtract' : 'add',
      annotation: isAnnotationShape(shape),
      range: null,
      stokes: null,
      properties: label === undefined || isAnnotationShape(shape) ? others : { ...others, label },
    }
  }

  #shape(name: string, args: string[], label: string): RegionShape {
    switch (name) {
      case 'circle':
        this.#expect(args, 3)
        return { kind: 'circle', centre: this.#point(args, 0), radius: this.#length(args[2]) }
      case 'ellipse': {
        this.#expect(args, 5)
        // DS9 counts the angle to the first radius from +x; a position angle counts it from +y.
        const semiAxes = [this.#length(args[3]), this.#length(args[2])] as const
        const angleRad = this.#angle(args[4])
        return { kind: 'ellipse', centre: this.#point(args, 0), semiAxes, angleRad, fromMeridian: true }
      }
      case 'box':
      case 'rotbox': {
        if (args.length === 4) args.push('0')
        this.#expect(args, 5)
        const size = [this.#length(args[2]), this.#length(args[3])] as const
        return { kind: 'rotbox', centre: this.#point(args, 0), size, angleRad: this.#angle(args[4]) }
      }
      case 'polygon':
        return { kind: 'poly', vertices: this.#vertices(args) }
      case 'annulus':
        if (args.length < 4) throw this.#error('an annulus of a centre and two radii or more', args.join(', '))
        return {
          kind: 'annulus',
          centre: this.#point(args, 0),
          radii: [this.#length(args[2]), this.#length(args[args.length - 1])],
        }
      case 'line':
        this.#expect(args, 4)
        return { kind: 'line', ends: [this.#point(args, 0), this.#point(args, 2)] }
      case 'vector':
        return { kind: 'symbol', at: this.#point(args, 0), text: 'vector' }
      case 'text':
        return { kind: 'text', at: this.#point(args, 0), text: label }
      default:
        return { kind: 'symbol', at: this.#point(args, 0), text: '+' }
    }
  }

  #vertices(args: string[]): RegionPoint[] {
    if (args.length < 6 || args.length % 2 !== 0) throw this.#error('a polygon of at least 3 pairs', args.join(', '))
    return Array.from({ length: args.length / 2 }, (_, i) => this.#point(args, 2 * i))
  }

  #point(args: string[], index: number): RegionPoint {
    const [x, y] = [args[index], args[index + 1]]
    if (x === undefined || y === undefined) throw this.#error('a position of two numbers', this.#text)
    if (this.#system.isPixels) return [this.#pixel(x), this.#pixel(y)]
    const isHours = this.#system.frame !== 'GALACTIC'
    return [
      { value: this.#angleText(x, isHours ? 'hours' : 'degrees'), unit: 'rad' },
      { value: this.#angleText(y, 'degrees'), unit: 'rad' },
    ]
  }

  #pixel(text: string): RegionQuantity {
    const value = Number(text.replace(/[pi]$/, ''))
    if (Number.isFinite(value)) return { value: value - 1, unit: 'pix' }
    throw this.#error('a pixel number', text)
  }

  #angleText(text: string, colons: 'hours' | 'degrees'): number {
    const degrees = Number(text.replace(/d$/, ''))
    if (Number.isFinite(degrees)) return degrees * RAD_PER_DEG
    try {
      return parseAngleText(text, 'position', colons)
    } catch (cause) {
      throw this.#error('degrees or a position such as 12:30:49.4', isTaggedError(cause) ? text : String(cause))
    }
  }

  #length(text: string): RegionQuantity {
    const match = /^([\d.]+(?:e[+-]?\d+)?)(["'drpi]?)$/i.exec(text)
    const value = Number(match?.[1])
    if (!match || !Number.isFinite(value)) throw this.#error('a length such as 5, 5p or 12"', text)
    const unit = match[2]
    if (unit === 'p' || unit === 'i' || (unit === '' && this.#system.isPixels)) return { value, unit: 'pix' }
    return { value: value * (LENGTH_UNITS[unit] ?? RAD_PER_DEG), unit: 'rad' }
  }

  #angle(text: string): number {
    const degrees = Number(text.replace(/d$/, ''))
    if (Number.isFinite(degrees)) return degrees * RAD_PER_DEG
    throw this.#error('an angle in degrees', text)
  }

  #expect(args: string[], count: number): void {
    if (args.length !== count) throw this.#error(`${count} numbers`, `${args.length}: ${args.join(', ')}`)
  }

  #error(expected: string, got: string): ImageError {
    return new ImageError(`expected ${expected}, got '${got}' (DS9 region, line ${this.#line}: ${this.#text})`, {
      line: this.#line,
      text: this.#text,
    })
  }
}

/** `color=red text={a b}` and the like. */
function readProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const match of text.matchAll(/([a-z]+)\s*=\s*(?:\{([^}]*)\}|"([^"]*)"|'([^']*)'|(\S+))/gi)) {
    properties[match[1].toLowerCase()] = match[2] ?? match[3] ?? match[4] ?? match[5]
  }
  return properties
}
