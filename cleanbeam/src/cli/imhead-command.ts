// cleanbeam imhead: lists, answers or changes the header of an image.

import { imhead } from '@cleanbeam/image/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { withExtension } from './image-path.ts'
import { printJson } from './output.ts'
import { formatPairs, formatValue } from './table-text.ts'

const MODES = ['list', 'summary', 'get', 'put'] as const
type Mode = (typeof MODES)[number]

interface ImheadOptions {
  readonly mode: string
  readonly hdkey?: string
  readonly hdvalue?: string
  readonly json?: boolean
}

export function defineImheadCommand(command: Command): void {
  command
    .argument('<image>', 'image file or CASA image')
    .option('--mode <list|summary|get|put>', 'all keys, the axes, one key, or change one', 'list')
    .option('--hdkey <key>', 'key to get or put')
    .option('--hdvalue <value>', 'value to put')
    .option('--json', 'prints JSON')
    .action(async (image: string, { mode, hdkey, hdvalue, json }: ImheadOptions) => {
      if (!isMode(mode)) {
        throw new CommandError(`expected one of ${MODES.join(', ')} for --mode, got '${mode}'`, { mode })
      }
      const needs = { list: [], summary: [], get: ['hdkey'], put: ['hdkey', 'hdvalue'] }[mode]
      const missing = needs.find(name => ({ hdkey, hdvalue })[name] === undefined)
      if (missing) throw new CommandError(`expected --${missing} with --mode ${mode}, got none`, { mode })
      const answer = await imhead({ imagename: withExtension(image), mode, hdkey, hdvalue })
      if (json) printJson(answer)
      else process.stdout.write(`${describe(answer)}\n`)
    })
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text)
}

function describe(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return formatValue(answer)
  return formatPairs(Object.entries(answer).map(([key, value]) => [key, formatValue(value)]))
}
