import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'

/**
 * The half-power ellipse of a beam around the origin, in image pixels (x, y pairs, y upwards).
 * The position angle runs from north through east; rotation and skew of the image are taken into account.
 * @param nPoint - corners of the polygon
 */
export function beamOutline(beam: RestoringBeam, coordinate: DirectionCoordinate, nPoint = 64): Float64Array {
  const outline = new Float64Array(2 * nPoint)
  const [cos, sin] = [Math.cos(beam.positionAngleRad), Math.sin(beam.positionAngleRad)]
  const toPixel = pixelsPerOffset(coordinate)
  for (let i = 0; i < nPoint; i++) {
    const angle = (2 * Math.PI * i) / nPoint
    const along = (beam.majorRad / 2) * Math.cos(angle)
    const across = (beam.minorRad / 2) * Math.sin(angle)
    const [x, y] = toPixel(along * sin + across * cos, along * cos - across * sin)
    outline[2 * i] = x
    outline[2 * i + 1] = y
  }
  return outline
}

/** Pixel offset of a small offset on the sky, east and north in radians: the inverse of increment · PC. */
export function pixelsPerOffset(
  coordinate: DirectionCoordinate,
): (eastRad: number, northRad: number) => readonly [x: number, y: number] {
  const [ix, iy] = coordinate.incrementRad
  const [a, b, c, d] = coordinate.pc
  const determinant = a * d - b * c
  return (east, north) => {
    const [u, v] = [east / ix, north / iy]
    return [(d * u - b * v) / determinant, (a * v - c * u) / determinant]
  }
}

/** Side of a pixel on the sky, radians: the geometric mean of the two increments. */
export function cellRad(coordinate: DirectionCoordinate): number {
  return Math.sqrt(Math.abs(coordinate.incrementRad[0] * coordinate.incrementRad[1]))
}
