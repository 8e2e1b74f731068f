// cleanbeam iclean, cleanbeam demo.

import type { GcleanInput } from '@cleanbeam/gclean'
import { TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import type { JsonObject } from '@cleanbeam/types'
import type { Command } from 'commander'
import type { EngineName } from '../api/engines.ts'
import { gclean } from '../api/gclean.ts'
import { splitHostParameters } from '../api/host-path.ts'
import { iclean } from '../api/iclean.ts'
import { CommandError } from './command-error.ts'
import { demoParameters } from './demo-parameters.ts'
import { abortOnInterrupt } from './interrupt.ts'
import { addLimitOptions, engineLimits, type LimitOptions } from './limit-options.ts'
import { FORMAT_HELP, imageFormat, printJson, requireOutputFolder, writeJson } from './output.ts'
import { createReporter } from './progress-line.ts'
import { type ServeOptions, serveIclean } from './serve-iclean.ts'
import { addTaskOptions, collectParameters } from './task-options.ts'
import { terminalAsker } from './terminal-asker.ts'

const TABLE = TCLEAN_PARAMETERS.filter(row => row.name !== 'interactive' && row.name !== 'fullsummary')

interface IcleanServeOptions extends ServeOptions, LimitOptions {
  readonly engine?: string
  readonly via?: string
  readonly route?: string
  readonly install?: boolean
}

interface IcleanCommandOptions extends IcleanServeOptions {
  readonly [name: string]: unknown
  readonly headless?: boolean
}

export function defineIcleanCommand(command: Command): void {
  command.argument('[vis...]', 'visibilities, as --vis; host:path for those on another host')
  addServeOptions(addLimitOptions(addTaskOptions(command, TABLE)))
    .option('--headless', 'runs until a stop criterion and restores, without a browser')
    .option('--engine <native|casa>', 'what does the imaging', 'native')
    .option('--via <words>', 'host:path only: what starts programs on its compute nodes, such as "srun -u"')
    .option('--route <kernel>', 'host:path only: messages go through a Jupyter kernel there')
    .option('--install', 'host:path only: puts Cleanbeam on the host if it is not there')
    .action(async (vis: string[], options: IcleanCommandOptions) => {
      const given = await collectParameters(options, TABLE)
      const parameters = vis.length === 0 ? given : { ...given, vis: vis.length === 1 ? vis[0] : vis }
      await (options.headless ? runHeadless(parameters, options) : serveSession(parameters, options))
    })
}

export function defineDemoCommand(command: Command): void {
  addServeOptions(command.argument('[folder]', 'where images are written', './cleanbeam-demo')).action(
    // FITS files: what the demo leaves is to be looked at with whatever is at hand.
    async (folder: string, options: ServeOptions) =>
      serveSession(await demoParameters(folder), { ...options, format: options.format ?? 'fits' }),
  )
}

function addServeOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port on 127.0.0.1; any free one by default')
    .option('--no-open', 'does not open a browser, only prints the address')
    .option('--json', 'prints {"url": …} first, and the result at the end, on stdout')
    .option('--return <file>', 'writes the return dictionary as JSON when the session is finished')
    .option('--format <fits|casa|both>', FORMAT_HELP)
}

function engineName(text: string): EngineName {
  if (text === 'native' || text === 'casa') return text
  throw new CommandError(`expected --engine native or casa, got '${text}'`, { engine: text })
}

async function serveSession(parameters: JsonObject, options: IcleanServeOptions): Promise<void> {
  const engine = engineName(options.engine ?? 'native')
  const remote = splitHostParameters(parameters)
  if (remote === null) {
    if (options.via) throw new CommandError('expected host:path for vis with --via, got a path on this machine')
    const input = parameters as unknown as GcleanInput
    const format = imageFormat(options.format, parameters.imagename)
    return serveIclean(
      options,
      settings => iclean(input, { ...settings, engine, format, limits: engineLimits(options) }),
      String(parameters.imagename),
    )
  }
  const { icleanRemote } = await import('../api/remote-iclean.ts')
  const via = options.via?.split(/\s+/).filter(word => word !== '')
  const onNotice = (text: string) => process.stderr.write(`${text}\n`)
  if (options.route !== undefined && options.route !== 'kernel') {
    throw new CommandError(`expected --route kernel or none, got '${options.route}'`, { route: options.route })
  }
  const route = options.route === undefined ? undefined : ('kernel' as const)
  const format = options.format === undefined ? undefined : imageFormat(options.format, parameters.imagename)
  const rest = { engine, format, via, route, install: options.install, onNotice, ask: terminalAsker() }
  await serveIclean(options, settings => icleanRemote(remote, { ...settings, ...rest }))
}

async function runHeadless(parameters: JsonObject, options: IcleanServeOptions): Promise<void> {
  if (splitHostParameters(parameters) !== null) {
    throw new CommandError('expected data on this machine with --headless, got host:path: run cleanbeam there')
  }
  if (options.return) await requireOutputFolder('--return', options.return)
  const interrupt = abortOnInterrupt()
  const reporter = createReporter(process.stderr)
  const session = gclean(parameters as unknown as GcleanInput, {
    ...reporter,
    ...engineLimits(options),
    format: imageFormat(options.format, parameters.imagename),
    signal: interrupt.signal,
  })
  try {
    for await (const record of session) {
      reporter.onLog(`${record.niterdone} components, ${record.stopDescription || 'going on'}`)
    }
    const images = await session.restore()
    const returndict = session.record?.returndict ?? null
    if (options.return) await writeJson(options.return, returndict)
    if (options.json) printJson({ images, returndict })
  } finally {
    reporter.finish()
    interrupt.release()
    await session.close()
  }
}
