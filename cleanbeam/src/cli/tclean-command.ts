// cleanbeam tclean, cleanbeam deconvolve.

import type { ImageFormat } from '@cleanbeam/image/node'
import { DECONVOLVE_PARAMETERS, TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import type { CallOptions, DeconvolveInput, ImagingEngine, ReturnDictionary, TcleanInput } from '@cleanbeam/types'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { abortOnInterrupt } from './interrupt.ts'
import { addLimitOptions, engineLimits, type LimitOptions } from './limit-options.ts'
import { FORMAT_HELP, imageFormat, printJson, requireOutputFolder, writeJson } from './output.ts'
import { createReporter } from './progress-line.ts'
import { addTaskOptions, collectParameters } from './task-options.ts'

/** Adds options and action of the task to a command that has only its name. */
export function defineTaskCommand(command: Command, task: 'tclean' | 'deconvolve'): void {
  const table = task === 'tclean' ? TCLEAN_PARAMETERS : DECONVOLVE_PARAMETERS
  addLimitOptions(addTaskOptions(command, table))
    .option('--return <file>', 'writes the return dictionary as JSON')
    .option('--format <fits|casa|both>', FORMAT_HELP)
    .option('--json', 'prints the return dictionary on stdout')
    .option('--quiet', 'no log and no progress')
    .option('--engine <native|casa>', 'what does the imaging; CASA writes CASA images', 'native')
    .option('--compare <casa>', 'tclean: runs CASA too, and shows how far its products lie from ours')
    .action(async (options: TaskOptions) => {
      if (options.compare !== undefined) return compare(options, task)
      const parameters = await collectParameters(options, table)
      const format = imageFormat(options.format, parameters.imagename)
      if (options.return) await requireOutputFolder('--return', options.return)
      const engine = await chosenEngine(options, format)
      try {
        const dictionary = await withReporter(options.quiet === true, call =>
          task === 'tclean'
            ? engine.tclean(parameters as unknown as TcleanInput, call)
            : engine.deconvolve(parameters as unknown as DeconvolveInput, call),
        )
        if (options.return) await writeJson(options.return, dictionary)
        if (options.json) printJson(dictionary)
        else if (!options.quiet) await reportEnd(engine, String(parameters.imagename), dictionary)
      } finally {
        await engine.release(String(parameters.imagename))
      }
    })
}

async function chosenEngine(options: TaskOptions, format: ImageFormat): Promise<ImagingEngine> {
  if (options.engine === 'native') return createNativeEngine({ format, ...engineLimits(options) })
  if (options.engine === 'casa') return (await import('../api/engines.ts')).casaEngine()
  throw new CommandError(`expected --engine native or casa, got '${options.engine}'`, { engine: options.engine })
}

async function compare(options: TaskOptions, task: string): Promise<void> {
  if (options.compare !== 'casa' || task !== 'tclean') {
    throw new CommandError(`expected tclean with --compare casa, got ${task} with --compare ${options.compare}`)
  }
  const parameters = await collectParameters(options, TCLEAN_PARAMETERS)
  const { compareWithCasa, comparisonText } = await import('./compare-engines.ts')
  const format = imageFormat(options.format, parameters.imagename)
  const result = await withReporter(options.quiet === true, call => compareWithCasa(parameters, format, call))
  if (options.return) await writeJson(options.return, result)
  if (options.json) printJson(result)
  else process.stdout.write(`${comparisonText(result)}\n`)
}

interface TaskOptions extends LimitOptions {
  readonly [name: string]: unknown
  readonly format?: string
  readonly engine: string
  readonly compare?: string
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
