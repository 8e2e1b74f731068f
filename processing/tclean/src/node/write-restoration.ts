import type { CallOptions, RestoringBeam, TcleanParameters } from '@cleanbeam/types'
import { requestedBeam } from '../imaging-plan.ts'
import { restoreCube } from '../restore-cube.ts'
import { type Products, writeRestored } from './products.ts'

/** What is restored. */
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
  const { pixels, beams } = await restoreCube(
    {
      shape: products.shape,
      cellRad: products.cellRad,
      model: source.model,
      residual: source.residual,
      fittedBeams: source.beams,
      requested: requestedBeam(parameters.restoringbeam),
    },
    call,
  )
  await writeRestored(products, '.image', pixels, source.valid, beams)
  const { primaryBeam } = source
  if (!parameters.pbcor || primaryBeam === null) return
  const corrected = pixels.map((value, i) => (primaryBeam[i] > 0 ? value / primaryBeam[i] : Number.NaN))
  await writeRestored(products, '.image.pbcor', corrected, source.valid, beams)
}
