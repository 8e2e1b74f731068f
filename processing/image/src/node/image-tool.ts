// CASA's image functions on an image, on disk or in memory.
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type {
  ImageCoordinates,
  ImageCube,
  ImageSummary,
  ImageTool,
  JsonObject,
  MaskChunk,
  PixelBox,
  PixelChunk,
  RestoringBeam,
  StatisticsOptions,
  StatisticsRecord,
} from '@cleanbeam/types'
import { fitsHeaderOf } from '../fits/fits-image.ts'
import { beamOf } from '../image-cube.ts'
import { ImageError } from '../image-error.ts'
import { dropDegenerate, resolveBox, takeMask, takePixels, visitBox } from '../pixel-box.ts'
import { pixelOfWorld } from '../pixel-of-world.ts'
import { coverOfMask, coverOfRegions, looksLikeRegion, parseRegions } from '../region/region-mask.ts'
import { type StatisticsBox, wholeCover } from '../statistics.ts'
import { statisticsRecord } from '../statistics-record.ts'
import { formatWorld, worldOfPixel } from '../world-format.ts'
import { FileBacking, type ImageBacking } from './image-backing.ts'
import { writeImage } from './image-file.ts'
import { evaluateMask } from './mask-expression.ts'
import { readRegionFile } from './mask-source.ts'
import { fileStateKey } from './product-store.ts'

const ALL_AXES = [0, 1, 2, 3]

/**
 * CASA's image functions on an image file; every call sees the file's present state.
 * @throws FitsError when the file is missing, truncated or not FITS; ImageError when it holds no image of the sky
 */
export async function openImage(path: string): Promise<ImageTool> {
  const tool = new CubeTool(new FileBacking(path))
  await tool.shape()
  return tool
}

/** The image functions over whatever keeps the image. */
export class CubeTool implements ImageTool {
  readonly #backing: ImageBacking

  constructor(backing: ImageBacking) {
    this.#backing = backing
  }

  async shape(): Promise<number[]> {
    return [...(await this.#cube()).shape]
  }

  async maskhandler(op: Parameters<ImageTool['maskhandler']>[0], names: string[] = []): Promise<string[]> {
    const masks = await this.#backing.masks()
    if (op === 'get') return masks.names.length > 0 ? [...masks.names] : ['T']
    if (op === 'default') return [masks.defaultName]
    await this.#backing.changeMasks(op, names)
    return ['T']
  }

  async coordsys(): Promise<ImageCoordinates> {
    return (await this.#cube()).coordinates
  }

  async toworld(pixel: readonly number[]): Promise<{ numeric: number[]; string: string[] }> {
    const { coordinates } = await this.#cube()
    const numeric = worldOfPixel(coordinates, pixel)
    return { numeric, string: formatWorld(coordinates, numeric) }
  }

  async topixel(world: readonly (number | string)[]): Promise<number[]> {
    return pixelOfWorld((await this.#cube()).coordinates, world)
  }

  async getregion(region = '', options: { getmask?: boolean; mask?: string } = {}): Promise<PixelChunk | MaskChunk> {
    const cube = await this.#cube()
    const { blc, trc, inside } = await this.#box(cube, region)
    const box = resolveBox(cube.shape, { blc, trc })
    if (!options.getmask) return { shape: box.shape, pixels: takePixels(cube, box) }
    const mask = takeMask(cube, box)
    if (inside) for (let i = 0; i < mask.length; i++) mask[i] &= inside[i]
    const extra = await evaluateMask(options.mask ?? '', cube)
    if (extra) {
      visitBox(cube.shape, box, (from, to) => {
        mask[to] &= extra[from]
      })
    }
    return { shape: box.shape, mask }
  }

  async fitsheader(): Promise<JsonObject> {
    const cube = await this.#cube()
    const [nx, ny, nStokes, nChannel] = cube.shape
    const header: JsonObject = { SIMPLE: true, BITPIX: -32, NAXIS: 4 }
    ;[nx, ny, nChannel, nStokes].forEach((n, i) => {
      header[`NAXIS${i + 1}`] = n
    })
    for (const { keyword, value } of fitsHeaderOf(cube).cards()) if (value !== null) header[keyword] = value
    return header
  }

  async getchunk(
    box: Partial<PixelBox> = {},
    options: { getmask?: boolean; dropdeg?: boolean } = {},
  ): Promise<PixelChunk | MaskChunk> {
    const cube = await this.#cube()
    const full = resolveBox(cube.shape, box)
    const shape = options.dropdeg ? dropDegenerate(full.shape) : full.shape
    return options.getmask ? { shape, mask: takeMask(cube, full) } : { shape, pixels: takePixels(cube, full) }
  }

  async putchunk(
    chunk: ArrayLike<number> | PixelChunk,
    blc: readonly number[] = [],
    inc: readonly number[] = [],
  ): Promise<void> {
    const cube = await this.#cube()
    const values = 'pixels' in chunk ? chunk.pixels : chunk
    const room = resolveBox(cube.shape, { blc, inc })
    const shape = 'pixels' in chunk ? [...chunk.shape] : shapeOfFlat(values.length, room.shape)
    const trc = room.blc.map((low, axis) => low + ((shape[axis] ?? 1) - 1) * room.inc[axis])
    const box = resolveBox(cube.shape, { blc: room.blc, trc, inc: room.inc })
    const expected = box.shape.reduce((product, n) => product * n, 1)
    if (expected !== values.length) {
      throw new ImageError(
        `expected ${expected} pixels for shape [${shape.join(', ')}], got ${values.length} (putchunk)`,
      )
    }
    const pixels = cube.pixels.slice()
    visitBox(cube.shape, box, (to, from) => {
      pixels[to] = values[from]
    })
    await this.#backing.write({ ...cube, pixels })
  }

  async statistics(options: StatisticsOptions = {}): Promise<StatisticsRecord> {
    const cube = await this.#cube()
    const axes = options.axes && options.axes.length > 0 ? options.axes.map(axis => (axis < 0 ? -1 : axis)) : ALL_AXES
    const isAll = axes.includes(-1)
    if (!isAll && axes.some(axis => !ALL_AXES.includes(axis))) {
      throw new ImageError(`expected axes among 0, 1, 2, 3, got ${axes.join(', ')} (statistics)`, { axes })
    }
    return statisticsRecord(cube, {
      box: await this.#box(cube, options.region ?? ''),
      mask: await evaluateMask(options.mask ?? '', cube),
      axes: isAll ? ALL_AXES : axes,
      robust: options.robust ?? false,
    })
  }

  async summary(): Promise<ImageSummary> {
    const cube = await this.#cube()
    const masks = await this.#backing.masks()
    return {
      name: this.#backing.name,
      shape: cube.shape,
      unit: cube.unit,
      coordinates: cube.coordinates,
      beams: cube.beams,
      masks: masks.names,
      defaultMask: masks.defaultName,
      object: cube.coordinates.observation.object,
    }
  }

  async restoringbeam(channel = -1, polarisation = -1): Promise<RestoringBeam | RestoringBeam[] | null> {
    const cube = await this.#cube()
    if (cube.beams.length <= 1) return cube.beams[0] ?? null
    if (channel < 0 && polarisation < 0) return [...cube.beams]
    return beamOf(cube, Math.max(0, polarisation), Math.max(0, channel))
  }

  async exportfits(path: string, options: { overwrite?: boolean; velocity?: boolean } = {}): Promise<void> {
    const cube = await this.#cube()
    if (!options.overwrite && (await fileStateKey(path)) !== '') {
      throw new ImageError(`expected a file that does not exist, got ${path}: give overwrite=True to replace it`, {
        path,
      })
    }
    await mkdir(dirname(path), { recursive: true })
    await writeImage(path, cube, { format: 'fits', velocity: options.velocity ?? false })
  }

  #cube(): Promise<ImageCube> {
    return this.#backing.cube()
  }

  async #box(cube: ImageCube, region: string): Promise<StatisticsBox> {
    if (region === '') return wholeCover(cube)
    const stored = await this.#backing.storedRegion(region)
    if (stored) return coverOfMask(stored, cube.shape)
    const text = looksLikeRegion(region) ? region : await readRegionFile(region)
    if (text === null) {
      throw new ImageError(`expected region text or a region file, got an image or other file (${region})`, { region })
    }
    return coverOfRegions(parseRegions(text), cube.coordinates, cube.shape)
  }
}

/** Shape of a flat array that fills whole axes from its corner on: all of x, or x and y, and so on. */
function shapeOfFlat(length: number, room: readonly number[]): number[] {
  const shape: number[] = []
  let product = 1
  for (const n of room) {
    if (product === length) break
    shape.push(n)
    product *= n
  }
  if (product === length) return shape
  throw new ImageError(
    `expected pixels that fill whole axes of [${room.join(', ')}], got ${length}: give {shape, pixels} for a smaller box (putchunk)`,
    { length },
  )
}
