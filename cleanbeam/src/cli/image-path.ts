import { existsSync } from 'node:fs'

/** The path of an image: it may be named without the .fits of its file. */
export function withExtension(path: string): string {
  return !existsSync(path) && existsSync(`${path}.fits`) ? `${path}.fits` : path
}
