// Operations on masks of 1 and 0, nx·ny pixels, x fastest. Pixels touch across edges, not corners.

/** Drops regions of fewer than `minPixels` pixels; a new mask. */
export function pruneRegions(mask: Uint8Array, nx: number, minPixels: number): Uint8Array {
  const kept = new Uint8Array(mask.length)
  const seen = new Uint8Array(mask.length)
  const region = new Int32Array(mask.length)
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || seen[start] === 1) continue
    const count = floodRegion(mask, nx, start, seen, region)
    if (count >= minPixels) for (let k = 0; k < count; k++) kept[region[k]] = 1
  }
  return kept
}

/** Lists the pixels connected with `start` in `region`; answers how many there are. */
function floodRegion(mask: Uint8Array, nx: number, start: number, seen: Uint8Array, region: Int32Array): number {
  let count = 1
  region[0] = start
  seen[start] = 1
  const visit = (pixel: number) => {
    if (mask[pixel] === 0 || seen[pixel] === 1) return
    seen[pixel] = 1
    region[count++] = pixel
  }
  for (let done = 0; done < count; done++) forNeighbours(region[done], nx, mask.length, visit)
  return count
}

function forNeighbours(pixel: number, nx: number, length: number, visit: (pixel: number) => void): void {
  const x = pixel % nx
  if (x > 0) visit(pixel - 1)
  if (x < nx - 1) visit(pixel + 1)
  if (pixel >= nx) visit(pixel - nx)
  if (pixel + nx < length) visit(pixel + nx)
}

/** Grows what of `seeds` lies inside `bounds` by up to `steps` pixels, staying inside; a new mask. */
export function growRegions(seeds: Uint8Array, bounds: Uint8Array, nx: number, steps: number): Uint8Array {
  const grown = new Uint8Array(seeds.length)
  let front: number[] = []
  for (let j = 0; j < seeds.length; j++) {
    if (seeds[j] === 0 || bounds[j] === 0) continue
    grown[j] = 1
    front.push(j)
  }
  for (let step = 0; step < steps && front.length > 0; step++) {
    const next: number[] = []
    for (const pixel of front) {
      forNeighbours(pixel, nx, seeds.length, neighbour => {
        if (bounds[neighbour] === 0 || grown[neighbour] === 1) return
        grown[neighbour] = 1
        next.push(neighbour)
      })
    }
    front = next
  }
  return grown
}
