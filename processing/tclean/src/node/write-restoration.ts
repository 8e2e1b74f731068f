import { principalResiduals, spectralImages } from '@cleanbeam/deconvolution'
import type { CallOptions, ImageShape, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { requestedBeam } from '../imaging-plan.ts'
import { restoreCube } from '../restore-cube.ts'
import {
  type Products,
  splitTerms,
  writeCorrected,
  writePrimaryBeam,
  writeRestored,
  writeSpectralMaps,
} from './products.ts'

/** What is restored; model and residual hold one cube per Taylor term after the other. */
export interface RestorationSource {
  readonly model: Float32Array
  readonly residual: Float32Array
  /** 2n − 1 cubes. */
  readonly psf: readonly Float32Array[]
  readonly beams: readonly RestoringBeam[]
  /** null where nothing is to be divided by it. */
  readonly primaryBeam: Float32Array | null
  readonly valid: Uint8Array | null
}

type RestorationParameters = Pick<TcleanParameters, 'restoringbeam'> &
  Partial<Pick<TcleanParameters, 'pbcor' | 'pblimit'>>

/** Writes `.image`, of several Taylor terms the spectral maps too, and where asked for `.image.pbcor`. */
export async function writeRestoration(
  products: Products,
  parameters: RestorationParameters,
  source: RestorationSource,
  call: CallOptions,
): Promise<void> {
  const { shape, cellRad, terms } = products
  const requested = requestedBeam(parameters.restoringbeam)
  const residuals = separate(splitTerms(source.residual, shape), source.psf, shape)
  const restored = new Float32Array(source.model.length)
  const images = splitTerms(restored, shape)
  let beams: readonly RestoringBeam[] = []
  for (const [term, model] of splitTerms(source.model, shape).entries()) {
    const one = await restoreCube(
      { shape, cellRad, model, residual: residuals[term], fittedBeams: source.beams, requested },
      call,
    )
    images[term].set(one.pixels)
    beams = one.beams
  }
  await writeRestored(products, restored, source.valid, beams)
  if (terms.nTerm > 1) await writeSpectralMaps(products, spectralImages(images, residuals, source.valid), beams)
  if (parameters.pbcor && source.primaryBeam !== null) {
    await writeCorrected(products, restored, source.primaryBeam, source.valid, beams)
    if (terms.nTerm > 1) await writeTermBeams(products, source.primaryBeam, parameters.pblimit ?? 0)
  }
}

/** Residual terms freed from one another, plane by plane. */
function separate(
  residuals: readonly Float32Array[],
  psf: readonly Float32Array[],
  [nx, ny, nStokes, nChannel]: ImageShape,
): readonly Float32Array[] {
  if (residuals.length === 1) return residuals
  const separated = residuals.map(cube => new Float32Array(cube.length))
  for (let plane = 0; plane < nStokes * nChannel; plane++) {
    const [start, end] = [plane * nx * ny, (plane + 1) * nx * ny]
    const planes = (cubes: readonly Float32Array[]) => cubes.map(cube => cube.subarray(start, end))
    const solved = principalResiduals(planes(residuals), planes(psf), nx, ny)
    for (const [term, values] of solved.entries()) separated[term].set(values, start)
  }
  return separated
}

/** As CASA: a primary beam that is the same at all frequencies has zeros in its higher terms. */
async function writeTermBeams(products: Products, primaryBeam: Float32Array, pblimit: number): Promise<void> {
  const beams = new Float32Array(products.terms.nTerm * primaryBeam.length)
  beams.set(primaryBeam)
  await writePrimaryBeam(products, beams, pblimit)
}
