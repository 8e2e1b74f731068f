// Results: a JSON file where --return names one, stdout with --json.

import { constants } from 'node:fs'
import { access, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ImageFormat } from '@cleanbeam/image/node'
import { defaultFormat } from '../api/default-format.ts'
import { CommandError } from './command-error.ts'

/** @throws CommandError when the folder of the file does not exist or cannot be written; nothing is created. */
export async function requireOutputFolder(option: string, path: string): Promise<void> {
  const folder = dirname(path)
  try {
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new CommandError(
      `expected a folder that can be written to for ${option}, got '${folder}' (${(error as Error).message})`,
      { path },
      error,
    )
  }
}

/** Writes JSON beside the path and renames it over. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const beside = `${path}.${process.pid}.part`
  await writeFile(beside, `${JSON.stringify(value, null, 1)}\n`)
  await rename(beside, path)
}

/** One JSON document, and nothing else, on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** What --help says of --format. */
export const FORMAT_HELP = 'how images are written; default casa, or fits where the image name has FITS products only'

/**
 * The format that --format asks for, else the default for this image name.
 * @throws CommandError for a format there is not
 */
export function imageFormat(text: string | undefined, imagename: unknown): ImageFormat {
  if (text === undefined) return defaultFormat(String(imagename))
  if (text === 'fits' || text === 'casa' || text === 'both') return text
  throw new CommandError(`expected --format fits, casa or both, got '${text}'`, { format: text })
}
