/** Uniform numbers in [0, 1), the same in every run; for tests. */
export function repeatableRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

/** An elliptical Gaussian of height 1 at (nx/2, ny/2); axes in pixels, angle from north (+y) through east (−x). */
export function gaussianPlane(nx: number, ny: number, major: number, minor: number, angleRad: number): Float32Array {
  const plane = new Float32Array(nx * ny)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const east = -(x - (nx >> 1))
      const north = y - (ny >> 1)
      const along = (east * Math.sin(angleRad) + north * Math.cos(angleRad)) / major
      const across = (east * Math.cos(angleRad) - north * Math.sin(angleRad)) / minor
      plane[x + nx * y] = Math.exp(-4 * Math.LN2 * (along * along + across * across))
    }
  }
  return plane
}

/** A Gaussian main lobe with rings around it, like a PSF. */
export function ringedPsf(nx: number, ny: number, width: number): Float32Array {
  const psf = gaussianPlane(nx, ny, width, width, 0)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const r = Math.hypot(x - (nx >> 1), y - (ny >> 1)) / width
      psf[x + nx * y] += r === 0 ? 0 : 0.12 * Math.sin(4 * r) * Math.exp(-r / 6) * (1 - Math.exp(-r * r))
    }
  }
  return psf
}

/** Σ components shifted copies of the PSF, over what of it lies in the plane. */
export function dirtyPlane(
  psf: Float32Array,
  nx: number,
  ny: number,
  components: readonly (readonly [x: number, y: number, flux: number])[],
): Float32Array {
  const dirty = new Float32Array(nx * ny)
  for (const [cx, cy, flux] of components) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const px = x - cx + (nx >> 1)
        const py = y - cy + (ny >> 1)
        if (px >= 0 && px < nx && py >= 0 && py < ny) dirty[x + nx * y] += flux * psf[px + nx * py]
      }
    }
  }
  return dirty
}

/** A source for {@link gaussianSky}: lengths in arcsec, angle in degrees from north through east. */
export interface SkySource {
  readonly flux: number
  readonly east: number
  readonly north: number
  readonly major: number
  readonly minor: number
  readonly angle: number
}

/** Gaussian sources at the resolution of a beam (arcsec, radians), Jy/beam. */
export function gaussianSky(
  nx: number,
  ny: number,
  cellArcsec: number,
  beam: { readonly majorRad: number; readonly minorRad: number; readonly positionAngleRad: number },
  sources: readonly SkySource[],
): Float64Array {
  const form = (major: number, minor: number, angle: number) => {
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
    const [a, b] = [major * major, minor * minor]
    return [a * sin * sin + b * cos * cos, (a - b) * sin * cos, a * cos * cos + b * sin * sin]
  }
  const beamForm = form(beam.majorRad, beam.minorRad, beam.positionAngleRad)
  const sky = new Float64Array(nx * ny)
  for (const source of sources) {
    const [a, b, c] = form(source.major, source.minor, (source.angle * Math.PI) / 180).map((v, k) => v + beamForm[k])
    const det = a * c - b * b
    const peak = source.flux * Math.sqrt((beamForm[0] * beamForm[2] - beamForm[1] ** 2) / det)
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const e = -(x - (nx >> 1)) * cellArcsec - source.east
        const n = (y - (ny >> 1)) * cellArcsec - source.north
        sky[x + nx * y] += peak * Math.exp((-4 * Math.LN2 * (c * e * e - 2 * b * e * n + a * n * n)) / det)
      }
    }
  }
  return sky
}
