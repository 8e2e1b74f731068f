import type { CallOptions, SpectralCoordinate } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import type { LoadedSamples } from './load-samples.ts'
import type { MajorCycle } from './major-cycle.ts'
import { wideImage } from './mosaic-beams.ts'
import { normaliseMosaic } from './mosaic-major-cycle.ts'
import type { MosaicOptions } from './mosaic-options.ts'
import type { MosaicPointings } from './mosaic-pointings.ts'
import { mosaicTransforms } from './mosaic-transforms.ts'
import { MosaicWeightSums } from './mosaic-weight.ts'
import type { PlaneTransforms } from './plane-transforms.ts'
import type { TransformGeometry } from './transform-geometry.ts'

/** What turns a major cycle over one pointing into one over many. */
export interface MosaicSetup {
  /** @param open - opens transforms of a wider image */
  open(
    open: (geometry: TransformGeometry) => Promise<PlaneTransforms>,
    geometry: TransformGeometry,
  ): Promise<PlaneTransforms>
  normalise(majorCycle: MajorCycle, normalisation: MosaicOptions['normalisation']): MajorCycle
}

/**
 * Sums the weights of every pointing and lays out its beams. Beams of a cube follow its channels, but their model is that of
 * the reference frequency, as for single pointings.
 */
export async function prepareMosaic(
  image: ImageDefinition,
  channelHz: Float64Array | null,
  spectral: SpectralCoordinate,
  { groups }: MosaicPointings,
  loaded: LoadedSamples,
  call: CallOptions,
): Promise<MosaicSetup> {
  const bandHz = spectral.referenceHz
  const sums = new MosaicWeightSums()
  let lowestHz = channelHz === null ? bandHz : Math.min(...channelHz)
  if (channelHz === null) lowestHz = Math.min(lowestHz, loaded.tally.range.lowHz)
  for (const portion of loaded.portions ?? []) sums.add(portion)
  if (loaded.portions === null) {
    for await (const portion of loaded.read({ signal: call.signal })) {
      sums.add(portion)
      loaded.free(portion)
    }
  }
  const used = groups.filter((_, group) => sums.has(group))
  const wide = wideImage(used, [image.nx, image.ny], image.cellRad, lowestHz)
  call.onLog?.(`mosaic of ${new Set(used.map(({ field }) => field)).size} pointings`)
  return {
    async open(open, geometry) {
      const inside = await open({ ...geometry, nx: wide.nx, ny: wide.ny })
      return mosaicTransforms(inside, wide, groups, bandHz)
    },
    normalise: (majorCycle, normalisation) =>
      normaliseMosaic(majorCycle, sums.image(groups, wide, bandHz, loaded.sums.totalWeight), normalisation),
  }
}
