import type {
  ImageCoordinates,
  ImageSummary,
  ImageTool,
  JsonObject,
  MaskChunk,
  PixelChunk,
  RestoringBeam,
  StatisticsRecord,
} from '@cleanbeam/types'
import type { CasaCalls } from './casa-calls.ts'

/** An image through CASA's image tool. It is opened and closed within each call, so that no lock stays on the file. */
export function casaImage(calls: CasaCalls, path: string): ImageTool {
  const ask = <T>(op: string, args: object = {}, arrays: readonly Float64Array[] = []): Promise<T> =>
    calls.call<T>(op, { path, ...withoutUndefined(args) }, arrays)
  const coordsys = () => ask<ImageCoordinates>('coordsys')
  return {
    shape: () => ask('shape'),
    maskhandler: (op, names) => ask('maskhandler', { op, names }),
    coordsys,
    toworld: pixel => ask('toworld', { pixel: [...pixel] }),
    topixel: world => ask('topixel', { world: [...world] }),
    getregion: (region = '', options = {}) => ask<PixelChunk | MaskChunk>('getregion', { region, ...options }),
    fitsheader: () => ask<JsonObject>('fitsheader'),
    getchunk: (box = {}, options = {}) => ask<PixelChunk | MaskChunk>('getchunk', { ...box, ...options }),
    async putchunk(pixels, blc, inc) {
      const chunk = isChunk(pixels) ? pixels : { pixels: Float64Array.from(pixels), shape: undefined }
      await ask('putchunk', { shape: chunk.shape, blc, inc }, [chunk.pixels])
    },
    statistics: (options = {}) => ask<StatisticsRecord>('statistics', options),
    async summary() {
      return { ...(await ask<ImageSummary>('summary')), coordinates: await coordsys() }
    },
    async restoringbeam(channel, polarisation) {
      const beams = await ask<RestoringBeam[]>('restoringbeam', { channel, polarisation })
      return beams.length > 1 ? beams : (beams[0] ?? null)
    },
    exportfits: (target, options = {}) => ask('exportfits', { target, ...options }),
  }
}

const isChunk = (pixels: ArrayLike<number> | PixelChunk): pixels is PixelChunk => 'pixels' in pixels

function withoutUndefined(args: object): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
}
