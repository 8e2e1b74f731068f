// cleanbeam tclean, cleanbeam deconvolve.

import { DECONVOLVE_PARAMETERS, TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import type { CallOptions, DeconvolveInput, ImagingEngine, ReturnDictionary, TcleanInput } from '@cleanbeam/types'
import type { Command } from 'commander'
import { abortOnInterrupt } from './interrupt.ts'
import { addLimitOptions, engineLimits, type LimitOptions } from './limit-options.ts'
import { imageFormat, printJson, requireOutputFolder, writeJson } from './output.ts'
import { createReporter } from './progress-line.ts'
import { addTaskOptions, collectParameters } from './task-options.ts'

/** Adds options and action of the task to a command that has only its name. */
export function defineTaskCommand(command: Command, task: 'tclean' | 'deconvolve'): void {
  const table = task === 'tclean' ? TCLEAN_PARAMETERS : DECONVOLVE_PARAMETERS
  addLimitOptions(addTaskOptions(command, table))
    .option('--return <file>', 'writes the return dictionary as JSON')
    .option('--format <fits|casa|both>', 'how images are written', 'fits')
    .option('--json', 'prints the return dictionary on stdout')
    .option('--quiet', 'no log and no progress')
    .action(async (options: TaskOptions) => {
      const format = imageFormat(options.format)
      const parameters = await collectParameters(options, table)
      if (options.return) await requireOutputFolder('--return', options.return)
      const engine = createNativeEngine({ format, ...engineLimits(options) })
      const dictionary = await withReporter(options.quiet === true, call =>
        task === 'tclean'
          ? engine.tclean(parameters as unknown as TcleanInput, call)
          : engine.deconvolve(parameters as unknown as DeconvolveInput, call),
      )
      if (options.return) await writeJson(options.return, dictionary)
      if (options.json) printJson(dictionary)
      else if (!options.quiet) await reportEnd(engine, String(parameters.imagename), dictionary)
    })
}

interface TaskOptions extends LimitOptions {
  readonly [name: string]: unknown
  readonly format: string
  readonly return?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

async function withReporter<T>(quiet: boolean, run: (call: CallOptions) => Promise<T>): Promise<T> {
  const interrupt = abortOnInterrupt()
  const reporter = createReporter(process.stderr)
  try {
    return await run(quiet ? { signal: interrupt.signal } : { ...reporter, signal: interrupt.signal })
  } finally {
    reporter.finish()
    interrupt.release()
  }
}

async function reportEnd(engine: ImagingEngine, imagename: string, dictionary: ReturnDictionary): Promise<void> {
  const why = dictionary.stopDescription ? ` (${dictionary.stopDescription})` : ''
  process.stderr.write(`${dictionary.iterdone} components, stop code ${dictionary.stopcode}${why}\n`)
  const paths = Object.values(await engine.products(imagename))
  process.stderr.write(`${paths.join(' ')}\n`)
}
