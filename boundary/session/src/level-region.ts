/**
 * Pixels at or above a value.
 * @returns a new plane of zeros and ones; blanked pixels are 0
 */
export function pixelsAbove(plane: Float32Array, value: number): Uint8Array {
  return Uint8Array.from(plane, pixel => (pixel >= value ? 1 : 0))
}

/**
 * Pixels at or above a value that hang together with a seed by their edges: a flood fill.
 * @param plane - [ny, nx]
 * @param seed - pixel position; outside the plane or below the value nothing is covered
 * @returns a new plane of zeros and ones
 */
export function connectedAbove(
  plane: Float32Array,
  nx: number,
  ny: number,
  value: number,
  seed: readonly [number, number],
): Uint8Array {
  const inside = new Uint8Array(nx * ny)
  const [x0, y0] = seed.map(Math.round)
  if (x0 < 0 || y0 < 0 || x0 >= nx || y0 >= ny || !(plane[x0 + nx * y0] >= value)) return inside
  const stack = [x0 + nx * y0]
  inside[stack[0]] = 1
  const visit = (at: number) => {
    if (inside[at] !== 0 || !(plane[at] >= value)) return
    inside[at] = 1
    stack.push(at)
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % nx
    if (x > 0) visit(at - 1)
    if (x < nx - 1) visit(at + 1)
    if (at >= nx) visit(at - nx)
    if (at < nx * (ny - 1)) visit(at + nx)
  }
  return inside
}
