// cleanbeam imstat, cleanbeam imval.

import { imstat, imval } from '@cleanbeam/image/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { withExtension } from './image-path.ts'
import { addImageSelection, type ImageSelectionOptions, imageSelection } from './image-selection-options.ts'
import { printJson } from './output.ts'
import { formatPairs, formatValue } from './table-text.ts'

interface ImstatOptions extends ImageSelectionOptions {
  readonly axes?: string
  readonly mask?: string
  readonly json?: boolean
}

export function defineImstatCommand(command: Command): void {
  addImageSelection(command.argument('<image>', 'image file or CASA image'))
    .option('--axes <list>', 'axes to collapse, 0 to 3 with commas; all by default')
    .option('--mask <expression>', 'mask image, or a comparison such as \'"x.image.fits" > 0.02\'')
    .option('--json', 'prints the record as JSON')
    .action(async (image: string, options: ImstatOptions) => {
      const record = await imstat({
        imagename: withExtension(image),
        ...imageSelection(options),
        axes: axisList(options.axes),
        mask: options.mask,
      })
      if (options.json) printJson(record)
      else process.stdout.write(`${formatPairs(Object.entries(record).map(([k, v]) => [k, formatValue(v)]))}\n`)
    })
}

function axisList(text: string | undefined): number[] {
  if (text === undefined || text.trim() === '') return []
  const axes = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(item => (item.trim() === '' ? Number.NaN : Number(item)))
  if (axes.every(Number.isInteger)) return axes
  throw new CommandError(`expected axes such as 0,1 for --axes, got '${text}'`, { axes: text })
}

interface ImvalOptions extends ImageSelectionOptions {
  readonly json?: boolean
}

export function defineImvalCommand(command: Command): void {
  addImageSelection(command.argument('<image>', 'image file or CASA image'))
    .option('--json', 'prints values, mask and coordinates as JSON')
    .action(async (image: string, options: ImvalOptions) => {
      const record = await imval({ imagename: withExtension(image), ...imageSelection(options) })
      if (options.json) {
        printJson(record)
        return
      }
      const values = Array.isArray(record.data) ? record.data.flat(4) : [record.data]
      const good = Array.isArray(record.mask) ? record.mask.flat(4) : [record.mask]
      process.stdout.write(
        `${formatPairs([
          ['blc', formatValue(record.blc)],
          ['trc', formatValue(record.trc)],
          ['unit', record.unit],
          ['values', values.map((value, i) => (good[i] === false ? 'masked' : String(value))).join(' ')],
        ])}\n`,
      )
    })
}
