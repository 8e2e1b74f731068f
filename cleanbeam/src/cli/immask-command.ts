// cleanbeam immask: a clean mask made, or changed, by regions and mask images.

import { immask } from '@cleanbeam/image/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { withExtension } from './image-path.ts'
import { printJson, requireOutputFolder } from './output.ts'

interface ImmaskOptions {
  readonly mask: readonly string[]
  readonly outfile: string
  readonly mode: string
  readonly overwrite?: boolean
  readonly json?: boolean
}

export function defineImmaskCommand(command: Command): void {
  command
    .argument('<image>', 'image whose grid the mask is made on')
    .requiredOption('--mask <source...>', 'region text, region files or mask images')
    .requiredOption('-o, --outfile <file>', 'mask image to write or to change')
    .option('--mode <set|add|erase>', 'how an existing mask is changed', 'set')
    .option('--overwrite', 'replaces an existing mask')
    .option('--json', 'prints {"masksum": …, "outfile": …}')
    .action(async (image: string, { mask, outfile, mode, overwrite, json }: ImmaskOptions) => {
      if (mode !== 'set' && mode !== 'add' && mode !== 'erase') {
        throw new CommandError(`expected one of set, add, erase for --mode, got '${mode}'`, { mode })
      }
      await requireOutputFolder('--outfile', outfile)
      const masksum = await immask({ imagename: withExtension(image), mask, outfile, mode, overwrite })
      if (json) printJson({ masksum, outfile })
      else process.stderr.write(`${outfile}: ${masksum} pixels\n`)
    })
}
