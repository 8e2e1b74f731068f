/**
 * Lines of equal value by marching squares: in every square of four pixel centres the line is straight between the
 * points where it crosses the sides (linear interpolation); a saddle is resolved by the mean of its corners. Squares
 * with a blanked corner have no line.
 * @param pixels - [ny, nx], x fastest
 * @returns segments, four numbers x0 y0 x1 y1 each, in image pixels
 * @see Lorensen & Cline 1987, Computer Graphics 21, 163 (in two dimensions)
 */
export function contourSegments(pixels: Float32Array, nx: number, ny: number, level: number): number[][] {
  const segments: number[][] = []
  for (let y = 0; y + 1 < ny; y++) {
    for (let x = 0; x + 1 < nx; x++) {
      const i = x + nx * y
      addSquare(segments, x, y, [pixels[i], pixels[i + 1], pixels[i + nx + 1], pixels[i + nx]], level)
    }
  }
  return segments
}

/** Corners in the order of walking around the square: lower left, lower right, upper right, upper left. */
const CORNER_X = [0, 1, 1, 0]
const CORNER_Y = [0, 0, 1, 1]

function addSquare(segments: number[][], x: number, y: number, corners: readonly number[], level: number): void {
  const above = corners.map(value => value >= level)
  if (above.every(Boolean) || !above.some(Boolean) || corners.some(Number.isNaN)) return
  const crossings: number[][] = []
  for (let side = 0; side < 4; side++) {
    const next = (side + 1) % 4
    if (above[side] === above[next]) continue
    const t = (level - corners[side]) / (corners[next] - corners[side])
    crossings.push([
      x + CORNER_X[side] + t * (CORNER_X[next] - CORNER_X[side]),
      y + CORNER_Y[side] + t * (CORNER_Y[next] - CORNER_Y[side]),
    ])
  }
  if (crossings.length === 2) {
    segments.push([...crossings[0], ...crossings[1]])
    return
  }
  const middleAbove = corners.reduce((sum, value) => sum + value, 0) / 4 >= level
  const joinsFirst = middleAbove === above[0]
  const [a, b, c, d] = crossings
  segments.push(joinsFirst ? [...a, ...b] : [...d, ...a], joinsFirst ? [...c, ...d] : [...b, ...c])
}
