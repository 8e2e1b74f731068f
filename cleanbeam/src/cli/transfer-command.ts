// cleanbeam exportfits, importfits, importuvfits.

import { exportfits, importfits } from '@cleanbeam/image/node'
import { importuvfits } from '@cleanbeam/visibility/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { withExtension } from './image-path.ts'
import { printJson, requireOutputFolder } from './output.ts'

interface TransferOptions {
  readonly imagename?: string
  readonly fitsimage?: string
  readonly velocity?: boolean
  readonly overwrite?: boolean
  readonly json?: boolean
}

export function defineExportfitsCommand(command: Command): void {
  command
    .argument('[image]', 'image to write, as --imagename')
    .argument('[file]', 'FITS file, as --fitsimage')
    .option('--imagename <image>', 'image file or CASA image')
    .option('--fitsimage <file>', 'FITS file to write')
    .option('--velocity', 'writes the spectral axis as radio velocity')
    .option('--overwrite', 'replaces an existing file')
    .option('--json', 'prints {"fitsimage": …}')
    .action(async (image: string | undefined, file: string | undefined, options: TransferOptions) => {
      const imagename = given('imagename', image ?? options.imagename)
      const fitsimage = given('fitsimage', file ?? options.fitsimage)
      await requireOutputFolder('--fitsimage', fitsimage)
      const { velocity, overwrite } = options
      await exportfits({ imagename: withExtension(imagename), fitsimage, velocity, overwrite })
      report(options, { fitsimage })
    })
}

export function defineImportfitsCommand(command: Command): void {
  command
    .argument('[file]', 'FITS image, as --fitsimage')
    .argument('[image]', 'image to write, as --imagename')
    .option('--fitsimage <file>', 'FITS image, whatever its axes')
    .option('--imagename <image>', 'image to write')
    .option('--overwrite', 'replaces an existing image')
    .option('--json', 'prints {"imagename": …}')
    .action(async (file: string | undefined, image: string | undefined, options: TransferOptions) => {
      const fitsimage = given('fitsimage', file ?? options.fitsimage)
      const imagename = given('imagename', image ?? options.imagename)
      await requireOutputFolder('--imagename', imagename)
      await importfits({ fitsimage, imagename, overwrite: options.overwrite })
      report(options, { imagename })
    })
}

interface ImportUvfitsOptions {
  readonly fitsfile?: string
  readonly vis?: string
  readonly overwrite?: boolean
  readonly json?: boolean
}

export function defineImportuvfitsCommand(command: Command): void {
  command
    .argument('[file]', 'UVFITS file, as --fitsfile')
    .argument('[vis]', 'MeasurementSet to make, as --vis')
    .option('--fitsfile <file>', 'UVFITS file')
    .option('--vis <ms>', 'MeasurementSet to make')
    .option('--overwrite', 'replaces an existing MeasurementSet')
    .option('--json', 'prints {"vis": …}')
    .action(async (file: string | undefined, ms: string | undefined, options: ImportUvfitsOptions) => {
      const fitsfile = given('fitsfile', file ?? options.fitsfile)
      const vis = given('vis', ms ?? options.vis)
      await requireOutputFolder('--vis', vis)
      await importuvfits({ fitsfile, vis, overwrite: options.overwrite })
      report(options, { vis })
    })
}

function given(name: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new CommandError(`expected --${name}, got none`, { parameter: name })
}

function report(options: TransferOptions, written: Readonly<Record<string, string>>): void {
  if (options.json) printJson(written)
  else process.stderr.write(`${Object.values(written).join(' ')}\n`)
}
