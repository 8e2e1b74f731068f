import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'

/** Formats a mask can be written in as text. */
export type RegionFormat = 'crtf' | 'ds9'

/**
 * Outlines of a mask as a region file in world coordinates; outlines of holes take away.
 * @param outlines - closed lines of image pixels, set pixels on the left, as `maskOutlines` makes them
 */
export function regionFile(
  outlines: readonly Float32Array[],
  coordinate: DirectionCoordinate,
  format: RegionFormat,
): string {
  const transform = skyTransform(coordinate)
  const corners = (line: Float32Array) => {
    const found: [number, number][] = []
    for (let i = 0; i + 1 < line.length; i += 2) {
      const world = transform.toWorld(line[i], line[i + 1])
      if (world) found.push([degrees(world[0]), (world[1] * 180) / Math.PI])
    }
    return found
  }
  // Holes come last: what they take away has been added by then.
  const ordered = [...outlines].sort((a, b) => Number(isHole(a)) - Number(isHole(b)))
  const lines = ordered.map(line => (format === 'crtf' ? crtfLine : ds9Line)(corners(line), isHole(line)))
  const head = format === 'crtf' ? crtfHead(coordinate) : ds9Head(coordinate)
  return `${[...head, ...lines].join('\n')}\n`
}

function degrees(rad: number): number {
  return ((((rad * 180) / Math.PI) % 360) + 360) % 360
}

/** Twice the signed area: outer outlines run against the clock (y upwards), those of holes with it. */
function isHole(line: Float32Array): boolean {
  let area = 0
  for (let i = 0; i + 1 < line.length; i += 2) {
    const j = (i + 2) % line.length
    area += line[i] * line[j + 1] - line[j] * line[i + 1]
  }
  return area < 0
}

function crtfHead({ frame }: DirectionCoordinate): string[] {
  return ['#CRTFv0', `global coord=${frame}`]
}

function crtfLine(corners: readonly [number, number][], hole: boolean): string {
  const points = corners.map(([x, y]) => `[${x.toFixed(12)}deg, ${y.toFixed(12)}deg]`)
  return `${hole ? '-' : ''}poly[${points.join(', ')}]`
}

const DS9_FRAMES: Readonly<Record<string, string>> = { J2000: 'fk5', ICRS: 'icrs', B1950: 'fk4', GALACTIC: 'galactic' }

function ds9Head({ frame }: DirectionCoordinate): string[] {
  return ['# Region file format: DS9 version 4.1', DS9_FRAMES[frame] ?? 'fk5']
}

function ds9Line(corners: readonly [number, number][], hole: boolean): string {
  return `${hole ? '-' : ''}polygon(${corners.map(([x, y]) => `${x.toFixed(12)},${y.toFixed(12)}`).join(',')})`
}
