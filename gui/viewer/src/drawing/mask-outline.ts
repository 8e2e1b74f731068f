/**
 * Outlines of the set pixels of a mask, along pixel borders. Every closed line is a list of corner positions in image
 * pixels (x, y pairs; the border between pixels 3 and 4 stands at 3.5), set pixels on its left, corners only where it turns.
 * @param mask - [ny, nx], non-zero = set
 */
export function maskOutlines(mask: Uint8Array, nx: number, ny: number): Float32Array[] {
  const edges = new OutlineEdges(mask, nx, ny)
  const lines: Float32Array[] = []
  for (let corner = edges.next(0); corner >= 0; corner = edges.next(corner)) lines.push(edges.follow(corner))
  return lines
}

// Directions a border may leave a corner in: east, north, west, south; one bit each.
const STEP_X = [1, 0, -1, 0]
const STEP_Y = [0, 1, 0, -1]

/** The borders not yet walked, per lower left corner of a pixel, on a grid of (nx + 1) × (ny + 1) corners. */
class OutlineEdges {
  private readonly leaving: Uint8Array
  private readonly width: number

  constructor(mask: Uint8Array, nx: number, ny: number) {
    this.width = nx + 1
    this.leaving = new Uint8Array((nx + 1) * (ny + 1))
    const isSet = (x: number, y: number) => x >= 0 && y >= 0 && x < nx && y < ny && mask[x + nx * y] !== 0
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        if (mask[x + nx * y] === 0) continue
        if (!isSet(x, y - 1)) this.leaving[x + this.width * y] |= 1
        if (!isSet(x + 1, y)) this.leaving[x + 1 + this.width * y] |= 2
        if (!isSet(x, y + 1)) this.leaving[x + 1 + this.width * (y + 1)] |= 4
        if (!isSet(x - 1, y)) this.leaving[x + this.width * (y + 1)] |= 8
      }
    }
  }

  /** The first corner from which a border still leaves, at or after one; −1 when all are walked. */
  next(from: number): number {
    for (let i = from; i < this.leaving.length; i++) if (this.leaving[i] !== 0) return i
    return -1
  }

  /** Walks the closed line that starts at a corner, and takes its borders away. */
  follow(start: number): Float32Array {
    const points: number[] = []
    let corner = start
    let direction = -1
    do {
      const turn = this.leavingDirection(corner, direction)
      if (turn !== direction) points.push((corner % this.width) - 0.5, Math.floor(corner / this.width) - 0.5)
      this.leaving[corner] &= ~(1 << turn)
      corner += STEP_X[turn] + this.width * STEP_Y[turn]
      direction = turn
    } while (corner !== start)
    return Float32Array.from(points)
  }

  /** Where two pixels touch at a corner only, turning left keeps them apart. */
  private leavingDirection(corner: number, arrived: number): number {
    const open = this.leaving[corner]
    if (arrived < 0) return [0, 1, 2, 3].find(d => open & (1 << d))!
    return [1, 0, 3].map(turn => (arrived + turn) % 4).find(d => open & (1 << d))!
  }
}
