import type { ImageSelection } from '@cleanbeam/image/node'
import type { Command } from 'commander'

/** Options that select part of an image, with CASA's names. */
export type ImageSelectionOptions = ImageSelection

/** Adds --region, --box, --chans and --stokes. */
export function addImageSelection(command: Command): Command {
  return command
    .option('--region <region>', 'CRTF or DS9 text, or a region file')
    .option('--box <x0,y0,x1,y1>', 'boxes in pixels')
    .option('--chans <channels>', 'channels, such as 3, 0~5;7 or >8')
    .option('--stokes <names>', 'Stokes, such as IV')
}

/** The selection among a command's options. */
export function imageSelection({ region, box, chans, stokes }: ImageSelectionOptions): ImageSelection {
  return { region, box, chans, stokes }
}
