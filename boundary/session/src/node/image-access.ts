import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { ImagingEngine } from '@cleanbeam/types'
import { type ImageAccess, requireOneName } from '../image-handlers.ts'
import { SessionError } from '../session-error.ts'

/**
 * Full paths of what lies below the folder of an image name.
 * @returns a function that throws SessionError for paths that lead out of it
 */
export function confinedTo(imagename: string): (path: string) => string {
  const folder = resolve(dirname(imagename))
  return path => {
    const full = resolve(folder, path)
    const inside = relative(folder, full)
    if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`)) return full
    throw new SessionError(`expected a path within the folder of the session, got ${path}`, { path })
  }
}

/**
 * Images by product suffix, or by path within the folder the products are in.
 * @param imagenames - of each field, the main one first
 */
export function openImageAccess(engine: ImagingEngine, imagenames: readonly string[]): Omit<ImageAccess, 'changed'> {
  const confined = confinedTo(imagenames[0])
  return {
    target: confined,
    async open(reference) {
      requireOneName(reference)
      const { suffix, path, field } = reference
      if (path !== undefined) return engine.image(confined(path))
      const imagename = imagenames[field]
      if (imagename === undefined) {
        throw new SessionError(`expected a field of this session, 0 to ${imagenames.length - 1}, got ${field}`, {
          field,
        })
      }
      const file = (await engine.products(imagename))[suffix ?? '']
      if (file !== undefined) return engine.image(file)
      throw new SessionError(`expected a product of ${basename(imagename)}, got ${suffix}`, { suffix: suffix ?? '' })
    },
  }
}
