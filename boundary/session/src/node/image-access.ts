import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { ImagingEngine } from '@cleanbeam/types'
import { type ImageAccess, requireOneName } from '../image-handlers.ts'
import { requireMainField } from '../plane-handlers.ts'
import { SessionError } from '../session-error.ts'

/** Images by product suffix, or by path within the folder the products are in. */
export function openImageAccess(engine: ImagingEngine, imagename: string): Omit<ImageAccess, 'changed'> {
  const folder = resolve(dirname(imagename))
  const confined = (path: string): string => {
    const full = resolve(folder, path)
    const inside = relative(folder, full)
    if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`)) return full
    throw new SessionError(`expected a path within the folder of the session, got ${path}`, { path })
  }
  return {
    target: confined,
    async open(reference) {
      requireMainField(reference.field)
      requireOneName(reference)
      const { suffix, path } = reference
      if (path !== undefined) return engine.image(confined(path))
      const file = (await engine.products(imagename))[suffix ?? '']
      if (file !== undefined) return engine.image(file)
      throw new SessionError(`expected a product of ${basename(imagename)}, got ${suffix}`, { suffix: suffix ?? '' })
    },
  }
}
