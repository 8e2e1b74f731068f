// cleanbeam exportfits, importfits, importuvfits.

import { exportfits, importfits } from '@cleanbeam/image/node'
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

export function defineImportuvfitsCommand(command: Command): void {
  command
    .argument('[words...]', 'UVFITS file and MeasurementSet')
    .allowUnknownOption()
    .action(() => {
      throw new CommandError(
        'not yet supported: importuvfits (MeasurementSets cannot be written yet): give the UVFITS file itself as --vis, every command reads it',
        { command: 'importuvfits' },
      )
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
