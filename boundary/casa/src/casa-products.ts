import type { ImageCube, MaskChunk, PixelChunk } from '@cleanbeam/types'
import type { CasaCalls } from './casa-calls.ts'
import { CasaError } from './casa-error.ts'
import { casaImage } from './casa-image.ts'

/** The products of an image name on another host, as sessions look at them. */
export interface CasaProducts {
  /** Products there: suffix → path. */
  list(): Promise<Record<string, string>>
  /** Changes whenever the product does; '' when it does not exist. */
  stateKey(suffix: string): Promise<string>
  read(suffix: string): Promise<ImageCube>
  /** Pixels only, into the image that is there. */
  write(suffix: string, cube: ImageCube): Promise<void>
}

/** Products through CASA's image tool, where their files are out of reach. */
export function casaProducts(calls: () => Promise<CasaCalls>, imagename: string): CasaProducts {
  const list = async () => (await calls()).call<Record<string, string>>('products', { imagename })
  const open = async (suffix: string) => {
    const path = (await list())[suffix]
    if (path !== undefined) return casaImage(await calls(), path)
    throw new CasaError(`expected the product ${imagename}${suffix}, got none`, { suffix })
  }
  return {
    list,
    stateKey: async suffix => (await calls()).call('statekey', { path: `${imagename}${suffix}` }),
    async read(suffix) {
      const tool = await open(suffix)
      const { pixels } = (await tool.getchunk()) as PixelChunk
      const { mask } = (await tool.getchunk({}, { getmask: true })) as MaskChunk
      const { shape, unit, beams, coordinates } = await tool.summary()
      return {
        shape,
        pixels: Float32Array.from(pixels),
        mask: mask.every(good => good === 1) ? null : mask,
        coordinates,
        unit,
        beams,
        miscInfo: {},
        history: [],
      }
    },
    async write(suffix, cube) {
      await (await open(suffix)).putchunk({ shape: cube.shape, pixels: Float64Array.from(cube.pixels) })
    },
  }
}
