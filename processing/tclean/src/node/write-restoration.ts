import type { CallOptions, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { requestedBeam } from '../imaging-plan.ts'
import { restoreCube } from '../restore-cube.ts'
import { type Products, termOf, writeCorrected, writeRestored } from './products.ts'

/** What is restored; arrays of several Taylor terms hold one cube after the other. */
export interface RestorationSource {
  readonly model: Float32Array
  readonly residual: Float32Array
  readonly beams: readonly RestoringBeam[]
  /** null where nothing is to be divided by it. */
  readonly primaryBeam: Float32Array | null
  readonly valid: Uint8Array | null
}

/** Writes `.image` and, where asked for, `.image.pbcor`. */
export async function writeRestoration(
  products: Products,
  parameters: Pick<TcleanParameters, 'restoringbeam'> & { readonly pbcor?: boolean },
  source: RestorationSource,
  call: CallOptions,
): Promise<void> {
  const { shape, cellRad, terms } = products
  const restored = new Float32Array(source.model.length)
  let beams: readonly RestoringBeam[] = []
  for (let term = 0; term < terms.nTerm; term++) {
    const one = await restoreCube(
      {
        shape,
        cellRad,
        model: termOf(source.model, shape, term),
        residual: termOf(source.residual, shape, term),
        fittedBeams: source.beams,
        requested: requestedBeam(parameters.restoringbeam),
      },
      call,
    )
    termOf(restored, shape, term).set(one.pixels)
    beams = one.beams
  }
  await writeRestored(products, restored, source.valid, beams)
  if (!parameters.pbcor || source.primaryBeam === null) return
  await writeCorrected(products, restored, source.primaryBeam, source.valid, beams)
}
