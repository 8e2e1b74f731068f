import { rename, rm, stat } from 'node:fs/promises'
import { createTable, openTable } from '@cleanbeam/casatable/node'
import type { ImageCube } from '@cleanbeam/types'
import {
  describeImageTable,
  describeLogTable,
  describeMaskTable,
  MASK_COLUMN,
  MASK_NAME,
  PIXEL_COLUMN,
} from '../casa/describe-casa-image.ts'
import { readCasaImage, readStoredRegion } from '../casa/read-casa-image.ts'
import { ImageError } from '../image-error.ts'
import { casaMaskNames, takeOverMasks } from './casa-masks.ts'

const SECONDS_PER_DAY = 86_400
const MJD_OF_UNIX_EPOCH = 40587

/**
 * Reads a CASA image.
 * @throws CasatableError when the folder is no table or is damaged; ImageError when it holds no image of the sky
 */
export function readCasaImageFolder(path: string): ImageCube {
  const table = openTable(path)
  try {
    return readCasaImage(table)
  } finally {
    table.close()
  }
}

/**
 * The pixels of a region or mask that is stored with a CASA image, 1 inside, [nx, ny, nStokes, nChannel].
 * @throws ImageError when there is none of that name, or one of a kind that cannot be read
 */
export function readCasaRegion(path: string, name: string): Uint8Array {
  const table = openTable(path)
  try {
    return readStoredRegion(table, name)
  } finally {
    table.close()
  }
}

/**
 * Writes a cube as a CASA image beside the path and renames it over.
 * @param options - `keepMasks`: the masks of an image that is there already stay, under their names, instead of the cube's
 * @throws ImageError when the path is taken by something that is not a folder; CasatableError when it cannot be written
 */
export async function writeCasaImageFolder(
  path: string,
  cube: ImageCube,
  options: { readonly keepMasks?: boolean } = {},
): Promise<void> {
  const before = await stat(path).catch(() => null)
  if (before && !before.isDirectory()) {
    throw new ImageError(`expected a path for a CASA image, got a file (${path}): remove it or give another name`, {
      path,
    })
  }
  const beside = `${path}.${process.pid}.part`
  const old = `${path}.${process.pid}.old`
  await rm(beside, { recursive: true, force: true })
  try {
    const keepsMasks = options.keepMasks === true && before !== null && casaMaskNames(path).names.length > 0
    writeTables(beside, keepsMasks ? { ...cube, mask: null } : cube)
    if (keepsMasks) await takeOverMasks(path, beside)
    if (before) await rename(path, old)
    await rename(beside, path)
  } finally {
    await rm(beside, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}

function writeTables(path: string, cube: ImageCube): void {
  const image = createTable(path, describeImageTable(cube))
  image.column(PIXEL_COLUMN).putCell(0, { shape: cube.shape, data: cube.pixels })
  image.close()
  if (cube.mask) {
    const mask = createTable(`${path}/${MASK_NAME}`, describeMaskTable())
    mask.column(MASK_COLUMN).putCell(0, { shape: cube.shape, data: cube.mask })
    mask.close()
  }
  writeLog(`${path}/logtable`, cube.history)
}

function writeLog(path: string, history: readonly string[]): void {
  const log = createTable(path, describeLogTable(history.length))
  const seconds = Date.now() / 1000 + MJD_OF_UNIX_EPOCH * SECONDS_PER_DAY
  history.forEach((line, row) => {
    log.column('TIME').putCell(row, seconds)
    log.column('PRIORITY').putCell(row, 'INFO')
    log.column('MESSAGE').putCell(row, line)
    log.column('LOCATION').putCell(row, '')
    log.column('OBJECT_ID').putCell(row, '')
  })
  log.close()
}
