import type { SessionHandlers } from '@cleanbeam/channel'
import type { MethodName } from '@cleanbeam/protocol'
import type { ImageTool } from '@cleanbeam/types'
import { SessionError } from './session-error.ts'

type ImageMethod = Extract<MethodName, `image.${string}`>

/** Which image a call names. */
export interface ImageReference {
  readonly suffix?: string
  readonly field: number
  readonly path?: string
}

export interface ImageAccess {
  /** @throws SessionError when there is no such image or it lies outside the session's folder */
  open(reference: ImageReference): Promise<ImageTool>
  /** The path for a file to be written, within the session's folder. @throws SessionError when it lies outside */
  target(path: string): string
  /** An image may have been changed. */
  changed(): Promise<void>
}

/** The image tool, one handler per function. */
export function imageHandlers(images: ImageAccess): Pick<SessionHandlers, ImageMethod> {
  return {
    'image.shape': async args => (await images.open(args)).shape(),
    async 'image.maskhandler'({ op, names, ...image }) {
      const answer = await (await images.open(image)).maskhandler(op, names)
      await images.changed()
      return answer
    },
    'image.coordsys': async args => (await images.open(args)).coordsys(),
    'image.toworld': async ({ pixel, ...image }) => (await images.open(image)).toworld(pixel),
    'image.topixel': async ({ world, ...image }) => (await images.open(image)).topixel(world),
    'image.getregion': async ({ region, getmask, mask, ...image }) =>
      (await images.open(image)).getregion(region, { getmask, mask }),
    'image.fitsheader': async args => (await images.open(args)).fitsheader(),
    'image.getchunk': async ({ blc, trc, inc, getmask, dropdeg, ...image }) =>
      (await images.open(image)).getchunk({ blc, trc, inc }, { getmask, dropdeg }),
    async 'image.putchunk'({ pixels, shape, blc, inc, ...image }) {
      await (await images.open(image)).putchunk(shape === undefined ? pixels : { pixels, shape }, blc, inc)
      await images.changed()
      return null
    },
    'image.statistics': async ({ axes, region, mask, robust, ...image }) =>
      (await images.open(image)).statistics({ axes, region, mask, robust }),
    'image.summary': async args => summaryOf(await images.open(args)),
    'image.restoringbeam': async ({ channel, polarisation, ...image }) =>
      (await images.open(image)).restoringbeam(channel, polarisation),
    async 'image.exportfits'({ fitsimage, overwrite, velocity, ...image }) {
      await (await images.open(image)).exportfits(images.target(fitsimage), { overwrite, velocity })
      return null
    },
  }
}

async function summaryOf(image: ImageTool) {
  const { shape, beams, masks, ...rest } = await image.summary()
  return { ...rest, shape: [...shape] as [number, number, number, number], beams: [...beams], masks: [...masks] }
}

/** @throws SessionError unless exactly one of the two is given */
export function requireOneName({ suffix, path }: ImageReference): void {
  if ((suffix === undefined) !== (path === undefined)) return
  const got = suffix === undefined ? 'neither' : 'both'
  throw new SessionError(`expected either suffix or path to name the image, got ${got}`)
}
